import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hasCode, readOwnFile, UsageError } from '../system/index.ts';

/**
 * The identity that a plan gives, as it was shown when the file was allowed. Its digest covers
 * everything that the plan depends on.
 */
export interface TrustedIdentity {
  readonly digest: string;
  readonly profile: string;
  /** Null for an access key. */
  readonly account: string | null;
  readonly role: string | null;
}

interface RecordBase {
  readonly version: 1;
  /** The path of the file; the record's own file name is a hash of it. */
  readonly path: string;
  /** RFC 3339. */
  readonly decided: string;
}

export interface AllowRecord extends RecordBase {
  readonly decision: 'allow';
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly content: string;
  readonly identity: TrustedIdentity;
}

export interface DenyRecord extends RecordBase {
  readonly decision: 'deny';
}

export type TrustRecord = AllowRecord | DenyRecord;

const maximumSize = 16_384;

/** One record for each path: a new decision replaces the old one. */
export function recordFile(folder: string, path: string): string {
  return join(folder, `${createHash('sha256').update(path).digest('hex')}.json`);
}

/**
 * The record in this file, or null if there is none that is complete, this user's, and under its
 * own name.
 */
export function readRecord(folder: string, file: string): TrustRecord | null {
  const text = readMine(file);
  if (text === null) return null;
  try {
    const record: unknown = JSON.parse(text);
    return isRecord(record) && recordFile(folder, record.path) === file ? record : null;
  } catch {
    return null;
  }
}

function readMine(file: string): string | null {
  try {
    return readOwnFile(file, maximumSize).toString('utf8');
  } catch (error) {
    if (error instanceof UsageError || hasCode(error, 'ENOENT', 'ELOOP', 'EACCES')) return null;
    throw error;
  }
}

function isRecord(value: unknown): value is TrustRecord {
  const record = value as Partial<AllowRecord | DenyRecord> | null;
  if (record?.version !== 1 || !isText(record.path) || !isText(record.decided)) return false;
  return (
    record.decision === 'deny' ||
    (record.decision === 'allow' && isText(record.content) && isIdentity(record.identity))
  );
}

function isIdentity(value: unknown): value is TrustedIdentity {
  const identity = value as Partial<TrustedIdentity> | null | undefined;
  return (
    isText(identity?.digest) &&
    isText(identity.profile) &&
    (identity.account === null || isText(identity.account)) &&
    (identity.role === null || isText(identity.role))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
