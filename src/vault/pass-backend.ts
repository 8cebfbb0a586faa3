import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printable, type Secret, statIfThere, UsageError, VaultError } from '../system/index.ts';
import { fileNameOf } from './item-name.ts';
import { isAbsent, PassProgram, type PassProgramOptions } from './pass-program.ts';
import type { Backend } from './records.ts';

export interface PassOptions extends PassProgramOptions {
  /** The folder of awsh's items within the store. */
  readonly prefix?: string | undefined;
}

/** Items as entries of a password store, by the `pass` program. */
export class PassBackend implements Backend {
  readonly name = 'pass';
  readonly #pass: PassProgram;
  readonly #prefix: string;

  constructor(options: PassOptions) {
    this.#pass = new PassProgram(options);
    this.#prefix = cleanPrefix(options.prefix ?? 'awsh');
  }

  async get(item: string): Promise<Secret | null> {
    return this.#pass.show(this.#path(item));
  }

  /**
   * gpg writes directly over an entry, and if this process dies in between it encrypts the part it
   * has read. An existing entry is therefore replaced by another one, which is first read back.
   */
  async set(item: string, value: Secret): Promise<void> {
    const path = this.#path(item);
    if (!this.#isThere(path)) return this.#insert(path, value);
    const fresh = `${path}.new`;
    await this.#insert(fresh, value);
    const there = await this.#pass.show(fresh);
    if (!there?.equals(value)) {
      throw new VaultError('pass did not keep what was stored', 'nothing was replaced', 'awsh status');
    }
    const { ok, stderr } = await this.#pass.run(['mv', '-f', fresh, path]);
    if (!ok) throw this.#pass.fault('write', item, stderr);
  }

  async delete(item: string): Promise<boolean> {
    const fresh = `${this.#path(item)}.new`;
    if (this.#isThere(fresh)) await this.#pass.run(['rm', '-f', fresh]);
    const { ok, stderr } = await this.#pass.run(['rm', '-f', this.#path(item)]);
    if (!ok && !isAbsent(stderr)) throw this.#pass.fault('remove', item, stderr);
    return ok;
  }

  async #insert(path: string, value: Secret): Promise<void> {
    const { ok, stderr } = await this.#pass.run(['insert', '-m', '-f', path], value);
    if (ok) return;
    // On a full disk gpg leaves an empty entry.
    const file = join(this.#pass.folder, `${path}.gpg`);
    if (statIfThere(file)?.size === 0) rmSync(file, { force: true });
    throw this.#pass.fault('write', path, stderr);
  }

  #isThere(path: string): boolean {
    return existsSync(join(this.#pass.folder, `${path}.gpg`));
  }

  #path(item: string): string {
    return `${this.#prefix}/${fileNameOf(item)}`;
  }
}

function cleanPrefix(prefix: string): string {
  const folders = prefix.split('/').filter((folder) => folder !== '');
  const odd = folders.some(
    (folder) => folder.startsWith('.') || folder.startsWith('-') || printable(folder) !== folder,
  );
  if (odd)
    throw new UsageError(
      'the prefix for pass is not a plain folder name',
      'no folder in it begins with a dot or a dash, or has a character that cannot be printed',
      'export AWSH_PASS_PREFIX=awsh',
    );
  return folders.length === 0 ? 'awsh' : folders.join('/');
}
