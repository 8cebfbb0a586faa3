import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Clock,
  checkPrivateDirectory,
  ensurePrivateDirectory,
  hasCode,
  rfc3339,
  systemClock,
  writeFileAtomic,
} from '../system/index.ts';
import { type DirectoryFile, standingPlace } from './directory-file.ts';
import { readRecord, recordFile, type TrustedIdentity, type TrustRecord } from './trust-record.ts';

export type { AllowRecord, DenyRecord, TrustedIdentity, TrustRecord } from './trust-record.ts';

/** What the user has decided about a file. `changed`: it was allowed, but not with this content, or not for this plan. */
export type TrustDecision =
  | { readonly state: 'allowed' | 'denied' | 'unknown' }
  | { readonly state: 'changed'; readonly what: 'content' | 'plan' };

/**
 * The user's decisions about directory files, one record a path, in `$XDG_DATA_HOME/awsh/trust/` (SECURITY 2). Every
 * method throws AwshError where that folder is not mine alone: nothing is trusted then.
 */
export class TrustStore {
  constructor(
    private readonly folder: string,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * What holds for this file and for what its profile stands for now. A null identity is a profile for which no plan can be
   * made: then `allowed` says that the content was allowed, and the profile is what failed.
   */
  decision(file: DirectoryFile, identity: TrustedIdentity | null): TrustDecision {
    const record = this.record(file.realpath);
    if (record === null) return { state: 'unknown' };
    if (record.decision === 'deny') return { state: 'denied' };
    if (record.content !== file.sha256) return { state: 'changed', what: 'content' };
    const isSame = identity === null || isSameIdentity(record.identity, identity);
    return isSame ? { state: 'allowed' } : { state: 'changed', what: 'plan' };
  }

  /** True where the file at this path was denied, readable or not. */
  isDenied(path: string): boolean {
    return this.record(standingPlace(path))?.decision === 'deny';
  }

  /** True where some content of the file at this path was allowed, whatever stands there now. */
  wasAllowed(path: string): boolean {
    return this.record(standingPlace(path))?.decision === 'allow';
  }

  /** Trusts this content, here, for this identity: exactly what was shown. Replaces what was decided before, a `deny` too. */
  allow(file: DirectoryFile, { digest, profile, account, role }: TrustedIdentity): void {
    const identity = { digest, profile, account, role };
    this.write({ ...this.base(file.realpath), decision: 'allow', content: file.sha256, identity });
  }

  /** Refuses whatever stands at this path, now and later; it beats `trusted_dirs`. The file need not be there. */
  deny(path: string): void {
    this.write({ ...this.base(standingPlace(path)), decision: 'deny' });
  }

  /** Every whole record, by path. */
  list(): TrustRecord[] {
    if (!this.isThere()) return [];
    return fs
      .readdirSync(this.folder)
      .map((name) => readRecord(this.folder, join(this.folder, name)))
      .filter((record) => record !== null)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Forgets the files that are gone, and returns their records. A refusal is kept as long as the folder is there: a
   * checkout can bring the file back.
   */
  prune(): TrustRecord[] {
    const gone = this.list().filter(({ path, decision }) =>
      isGone(decision === 'deny' ? dirname(path) : path),
    );
    for (const { path } of gone) fs.rmSync(recordFile(this.folder, path), { force: true });
    return gone;
  }

  /** What changes where a decision about the file at this real path does. */
  filesBehind(realpath: string): string[] {
    return [this.folder, recordFile(this.folder, realpath)];
  }

  private record(realpath: string): TrustRecord | null {
    return this.isThere() ? readRecord(this.folder, recordFile(this.folder, realpath)) : null;
  }

  private base(path: string): { version: 1; path: string; decided: string } {
    return { version: 1, path, decided: rfc3339(new Date(this.clock.now())) };
  }

  private write(record: TrustRecord): void {
    ensurePrivateDirectory(this.folder);
    writeFileAtomic(recordFile(this.folder, record.path), `${JSON.stringify(record, null, 2)}\n`);
  }

  private isThere(): boolean {
    if (isGone(this.folder)) return false;
    checkPrivateDirectory(this.folder);
    return true;
  }
}

function isSameIdentity(a: TrustedIdentity, b: TrustedIdentity): boolean {
  return a.digest === b.digest && a.profile === b.profile && a.account === b.account && a.role === b.role;
}

function isGone(path: string): boolean {
  try {
    fs.lstatSync(path);
    return false;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return true;
    throw error;
  }
}
