import type { Credentials, Secret } from '../system/index.ts';

export type BackendName = 'keychain' | 'file' | 'pass';

/** Where secrets lie. Items are short text under a name; both are the backend's caller's business. */
export interface Backend {
  readonly name: BackendName;
  /** The item, or null where there is none. VaultError where the backend is locked, unavailable or corrupt. */
  get(item: string): Promise<Secret | null>;
  set(item: string, value: Secret): Promise<void>;
  /** False where there was none. */
  delete(item: string): Promise<boolean>;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** When it was stored here. */
  readonly added: Date;
}

/** What the index says of a stored access key: no secret. */
export interface KeyRecord {
  readonly profile: string;
  readonly accessKeyId: string;
  readonly added: Date;
}

export type SessionKind = 'GetSessionToken' | 'AssumeRole' | 'AssumeRoleWithWebIdentity' | 'GetRoleCredentials' | 'process';

/** What the index says of a stored session: no secret. `id` is the hash of all the session depends on. */
export interface SessionRecord {
  readonly id: string;
  readonly profile: string;
  readonly kind: SessionKind;
  readonly expires: Date;
  readonly accountId: string | null;
  readonly roleArn: string | null;
}

/**
 * Access keys and sessions by name. `keys` and `sessions` read the index alone; the others open the backend, at most
 * once a process.
 */
export interface Vault {
  readonly keys: () => KeyRecord[];
  readonly sessions: () => SessionRecord[];
  /** Which backend serves, and why that one; decides (and may probe) at the first call. */
  readonly backend: () => Promise<{ name: BackendName; why: string }>;
  readonly accessKey: (profile: string) => Promise<AccessKey | null>;
  readonly storeAccessKey: (profile: string, key: AccessKey) => Promise<void>;
  readonly removeAccessKey: (profile: string) => Promise<boolean>;
  readonly session: (id: string) => Promise<Credentials | null>;
  readonly storeSession: (record: SessionRecord, credentials: Credentials) => Promise<void>;
  /** Removes those the predicate picks, from backend and index; returns how many. */
  readonly removeSessions: (pick: (record: SessionRecord) => boolean) => Promise<number>;
}
