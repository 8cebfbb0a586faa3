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

/**
 * The user's decision about a file. `changed`: it was allowed, but with another content or for
 * another plan.
 */
export type TrustDecision =
  | { readonly state: 'allowed' | 'denied' | 'unknown' }
  | { readonly state: 'changed'; readonly what: 'content' | 'plan' };

/**
 * The user's decisions about directory files, one record for each path, in
 * `$XDG_DATA_HOME/awsh/trust/` (security rule 2). Every method throws AwshError if others have
 * access to that folder: nothing is trusted then.
 */
export class TrustStore {
  constructor(
    private readonly folder: string,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * The decision for this file and for the present meaning of its profile. A null identity is a
   * profile without a plan: `allowed` then means that the content was allowed, and the profile
   * failed.
   */
  decision(file: DirectoryFile, identity: TrustedIdentity | null): TrustDecision {
    const record = this.record(file.realpath);
    if (record === null) return { state: 'unknown' };
    if (record.decision === 'deny') return { state: 'denied' };
    if (record.content !== file.sha256) return { state: 'changed', what: 'content' };
    const isSame = identity === null || isSameIdentity(record.identity, identity);
    return isSame ? { state: 'allowed' } : { state: 'changed', what: 'plan' };
  }

  /** True if the file at this path was denied, readable or not. */
  isDenied(path: string): boolean {
    return this.record(standingPlace(path))?.decision === 'deny';
  }

  /** True if any content of the file at this path was allowed, whatever it is now. */
  wasAllowed(path: string): boolean {
    return this.record(standingPlace(path))?.decision === 'allow';
  }

  /**
   * Trusts this content, in this place, for this identity: exactly what was shown. Replaces an
   * earlier decision, including `deny`.
   */
  allow(file: DirectoryFile, { digest, profile, account, role }: TrustedIdentity): void {
    const identity = { digest, profile, account, role };
    this.write({ ...this.base(file.realpath), decision: 'allow', content: file.sha256, identity });
  }

  /**
   * Refuses the file at this path, whatever its content is or becomes; overrides `trusted_dirs`.
   * The file need not exist.
   */
  deny(path: string): void {
    this.write({ ...this.base(standingPlace(path)), decision: 'deny' });
  }

  /** Every complete record, by path. */
  list(): TrustRecord[] {
    if (!this.isThere()) return [];
    return fs
      .readdirSync(this.folder)
      .map((name) => readRecord(this.folder, join(this.folder, name)))
      .filter((record) => record !== null)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Removes the records of files that no longer exist, and returns them. A refusal is kept as long
   * as the folder exists, because a checkout can restore the file.
   */
  prune(): TrustRecord[] {
    const gone = this.list().filter(({ path, decision }) =>
      isGone(decision === 'deny' ? dirname(path) : path),
    );
    for (const { path } of gone) fs.rmSync(recordFile(this.folder, path), { force: true });
    return gone;
  }

  /** The files that change if a decision about the file at this real path changes. */
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
