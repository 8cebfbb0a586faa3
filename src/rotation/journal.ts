import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  AwshError,
  checkPrivateDirectory,
  ensurePrivateDirectory,
  printable,
  readFileIfThere,
  shellCommand,
  writeFileAtomic,
} from '../system/index.ts';
import { isAccessKeyId } from '../vault/index.ts';

/** What a rotation is about to do, written before it does so. No secret. */
export interface Journal {
  readonly oldKeyId: string;
  /** The IAM user's ARN. */
  readonly arn: string;
  /**
   * The user's keys as IAM listed them before a new one was requested: the rotation made none of
   * these.
   */
  readonly knownKeyIds: readonly string[];
  /** Null until AWS has answered. */
  readonly newKeyId: string | null;
  readonly begun: Date;
}

/** The unfinished rotations, with their journals' files; a null journal is damaged. */
export function unfinishedRotations(data: string): { path: string; journal: Journal | null }[] {
  return new Journals(data).all();
}

const version = 1;

/**
 * The journals of unfinished rotations, one file each:
 * `$XDG_DATA_HOME/awsh/rotations/OLD-KEY-ID.json`.
 */
export class Journals {
  readonly #folder: string;

  constructor(data: string) {
    this.#folder = join(data, 'rotations');
  }

  /**
   * The journal in which this key is the old one or the new one. Throws AwshError if a journal is
   * damaged.
   */
  find(accessKeyId: string): Journal | null {
    const all = this.#files().map((file) => this.#read(file));
    return all.find(({ oldKeyId, newKeyId }) => [oldKeyId, newKeyId].includes(accessKeyId)) ?? null;
  }

  write(journal: Journal): void {
    ensurePrivateDirectory(this.#folder);
    writeFileAtomic(this.#path(journal.oldKeyId), `${JSON.stringify({ version, ...journal }, null, 2)}\n`);
  }

  remove(journal: Journal): void {
    fs.rmSync(this.#path(journal.oldKeyId), { force: true });
  }

  #path(oldKeyId: string): string {
    return join(this.#folder, `${oldKeyId}.json`);
  }

  #files(): string[] {
    if (!fs.existsSync(this.#folder)) return [];
    checkPrivateDirectory(this.#folder);
    const names = fs.readdirSync(this.#folder).filter((name) => /^\w{16,128}\.json$/.test(name));
    return names.map((name) => join(this.#folder, name));
  }

  /** Every journal with its file; null for a damaged one. */
  all(): { path: string; journal: Journal | null }[] {
    return this.#files().map((path) => ({ path, journal: this.#parse(path) }));
  }

  #parse(path: string): Journal | null {
    const journal = parse(readFileIfThere(path) ?? '');
    return journal !== null && this.#path(journal.oldKeyId) === path ? journal : null;
  }

  #read(path: string): Journal {
    const journal = this.#parse(path);
    if (journal !== null) return journal;
    const shown = printable(path);
    throw new AwshError(
      'other',
      'the journal of a rotation cannot be read',
      `${shown} is damaged, so nothing was changed; look at the keys of the user in IAM before you remove it`,
      shellCommand`rm ${path}`,
    );
  }
}

function parse(text: string): Journal | null {
  let fields: Record<string, unknown>;
  try {
    fields = Object(JSON.parse(text));
  } catch {
    return null;
  }
  const { oldKeyId, arn, knownKeyIds, newKeyId } = fields;
  const begun = new Date(typeof fields.begun === 'string' ? fields.begun : Number.NaN);
  if (fields.version !== version || Number.isNaN(begun.getTime())) return null;
  if (!isKeyId(oldKeyId) || typeof arn !== 'string') return null;
  if (!Array.isArray(knownKeyIds) || !knownKeyIds.every(isKeyId)) return null;
  return newKeyId === null || isKeyId(newKeyId) ? { oldKeyId, arn, knownKeyIds, newKeyId, begun } : null;
}

function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && isAccessKeyId(value);
}
