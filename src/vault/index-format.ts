import { printable } from '../system/index.ts';
import { isAccessKeyId, isLocalKeyId, isStorableName } from './items.ts';
import {
  type BackendName,
  backendNames,
  type KeyRecord,
  type SessionKind,
  type SessionRecord,
  sessionKinds,
} from './records.ts';

/** The remembered automatic choice of a backend. */
export interface Choice {
  readonly backend: BackendName;
  readonly why: string;
  readonly decided: Date;
}

export interface BackendRecords {
  keys: KeyRecord[];
  sessions: SessionRecord[];
  /**
   * Profiles whose key and sessions are being removed. If a command is killed, the next one
   * completes it.
   */
  removing?: string[];
  /** The backend holds the key that encrypts tokens of IAM Identity Center. */
  hasSealingKey?: true;
}

/**
 * The content of the index: names and dates, by backend, so that one backend's items are never
 * taken for locked items of another.
 */
export interface IndexContent {
  choice: Choice | null;
  backends: Record<BackendName, BackendRecords>;
}

const indexVersion = 1;

export function emptyIndex(): IndexContent {
  const none = (): BackendRecords => ({ keys: [], sessions: [] });
  return { choice: null, backends: { keychain: none(), file: none(), pass: none() } };
}

export function formatIndex(content: IndexContent): string {
  return `${JSON.stringify({ version: indexVersion, ...content }, null, 2)}\n`;
}

/**
 * Parses an index, which the user may have edited. Unknown fields are ignored, and invalid records
 * are left out. Null if it is not an index of this version: the caller then rebuilds it.
 */
export function parseIndex(source: string): IndexContent | null {
  let root: unknown;
  try {
    root = JSON.parse(source);
  } catch {
    return null;
  }
  const fields = fieldsOf(root);
  if (fields.version !== indexVersion) return null;
  const content = emptyIndex();
  content.choice = readChoice(fields.choice);
  for (const name of backendNames) {
    const records = fieldsOf(fieldsOf(fields.backends)[name]);
    content.backends[name].keys = readAll(records.keys, readKey, (key) => key.profile);
    const removing = readNames(records.removing);
    if (removing.length > 0) content.backends[name].removing = removing;
    if (records.hasSealingKey === true) content.backends[name].hasSealingKey = true;
    content.backends[name].sessions = readAll(records.sessions, readSession, (session) => session.id);
  }
  return content;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** One record for each name; of two, the later one counts. */
function readAll<T>(list: unknown, read: (fields: Fields) => T | null, nameOf: (record: T) => string): T[] {
  const byName = new Map<string, T>();
  for (const value of Array.isArray(list) ? list : []) {
    const record = read(fieldsOf(value));
    if (record !== null) byName.set(nameOf(record), record);
  }
  return [...byName.values()];
}

function readNames(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).filter(
    (name): name is string => typeof name === 'string' && isStorableName(name),
  );
}

function readChoice(value: unknown): Choice | null {
  const fields = fieldsOf(value);
  const backend = backendNames.find((name) => name === fields.backend);
  const decided = readDate(fields.decided);
  if (backend === undefined || decided === null || typeof fields.why !== 'string') return null;
  return { backend, why: printable(fields.why).slice(0, 300), decided };
}

function readKey({ profile, accessKeyId, added }: Fields): KeyRecord | null {
  const date = readDate(added);
  if (typeof profile !== 'string' || typeof accessKeyId !== 'string' || date === null) return null;
  const isKeyId = isAccessKeyId(accessKeyId) || isLocalKeyId(accessKeyId);
  return isStorableName(profile) && isKeyId ? { profile, accessKeyId, added: date } : null;
}

function readSession(fields: Fields): SessionRecord | null {
  const { id, profile } = fields;
  const kind: SessionKind | undefined = sessionKinds.find((known) => known === fields.kind);
  const expires = readDate(fields.expires);
  if (typeof id !== 'string' || typeof profile !== 'string' || kind === undefined || expires === null)
    return null;
  if (!isSessionId(id) || !isStorableName(profile)) return null;
  const accountId = matching(fields.accountId, /^\d{12}$/);
  const roleArn = matching(fields.roleArn, /^arn:[\x21-\x7e]{1,2044}$/);
  return { id, profile, kind, expires, accountId, roleArn };
}

/** A session's id is a hash in hexadecimal or base64url. */
export function isSessionId(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(id);
}

function matching(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null;
}

function readDate(value: unknown): Date | null {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
