import type { AwshError, Credentials, Secret } from '../system/index.ts';

export const backendNames = ['keychain', 'file', 'pass'] as const;
export type BackendName = (typeof backendNames)[number];

/**
 * A store of secrets. An item is a text under a name; the caller chooses both. The name has at most
 * 1000 characters. The text must not be empty or contain a NUL (the keychains store C strings).
 */
export interface Backend {
  readonly name: BackendName;
  /**
   * The item, or null if there is none. Throws VaultError if the backend is locked, unavailable or
   * corrupt.
   */
  get(item: string): Promise<Secret | null>;
  set(item: string, value: Secret): Promise<void>;
  /** False if there was none. */
  delete(item: string): Promise<boolean>;
  /** Asks the user for whatever `set` needs, so that `set` itself asks nothing. */
  prepare?(): Promise<void>;
  /**
   * Only for a backend that answers as if items did not exist when it is locked: whether it is
   * locked now, null if unknown.
   */
  isLocked?(): Promise<boolean | null>;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** When it was stored here. */
  readonly added: Date;
}

/** An access key and the profile that it is stored under. */
export interface NamedKey {
  readonly profile: string;
  readonly key: AccessKey;
}

/** A key to be stored, and the keys that it may replace. */
export interface KeyToStore extends NamedKey {
  /** The ids of those keys, null for an item that cannot be read. Undefined: any key. */
  readonly mayReplace?: readonly (string | null)[];
}

/** The index's record of a stored access key, without a secret. */
export interface KeyRecord {
  readonly profile: string;
  readonly accessKeyId: string;
  readonly added: Date;
}

export const sessionKinds = [
  'GetSessionToken',
  'AssumeRole',
  'AssumeRoleWithWebIdentity',
  'GetRoleCredentials',
  'process',
  'GetFederationToken',
] as const;
export type SessionKind = (typeof sessionKinds)[number];

/**
 * The index's record of a stored session, without a secret. `id` is the hash of everything the
 * session depends on: `[A-Za-z0-9_-]{1,128}`.
 */
export interface SessionRecord {
  readonly id: string;
  readonly profile: string;
  readonly kind: SessionKind;
  readonly expires: Date;
  readonly accountId: string | null;
  readonly roleArn: string | null;
}

/**
 * Access keys and sessions by name. `keys` and `sessions` read only the index. The others open the
 * backend, at most once in a process, and read only the requested items.
 */
export interface Vault {
  readonly keys: () => KeyRecord[];
  readonly sessions: () => SessionRecord[];
  /**
   * The backend and the reason for its choice. The first call decides, and may probe for at most 2
   * s.
   */
  readonly backend: () => Promise<{ name: BackendName; why: string }>;
  /** From now on this backend is used if none is configured: the user has moved the keys here. */
  readonly choose: (why: string) => Promise<void>;
  /**
   * The profile's own access key, or null. Throws VaultError if the index has it and the backend
   * does not: the keychain is locked, or another program removed the item. Nothing is removed from
   * the index.
   */
  readonly accessKey: (profile: string) => Promise<AccessKey | null>;
  /** Like {@link accessKey}, but always read again. */
  readonly accessKeyNow: (profile: string) => Promise<AccessKey | null>;
  /**
   * Stores it, reads it back and compares. Throws UsageError if the key id does not have AWS's
   * form, the secret is empty, or the name contains control characters, and KeyChangedError if
   * another key is stored than those in `mayReplace`: see {@link KeyToStore}.
   */
  readonly storeAccessKey: (
    profile: string,
    key: AccessKey,
    mayReplace?: readonly (string | null)[],
  ) => Promise<void>;
  /**
   * While `work` runs no other awsh process stores or removes an access key. Throws LockError if
   * another one is busy for too long.
   */
  readonly whileKeysStay: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * Whether the backend now holds exactly this pair for this profile; always read again. False if
   * the item cannot be decoded.
   */
  readonly holdsAccessKey: (named: NamedKey) => Promise<boolean>;
  /**
   * Stores many, each read back and compared; the index is written a few times instead of once for
   * each key. `onStored` is called for each key that is verified in the backend. Throws as {@link
   * storeAccessKey} does, at the first that cannot be stored; those before it are stored and
   * indexed. If `onFailed` is given, it is called for a key that cannot be stored, and the others
   * follow; after three failures in a row the error is thrown.
   */
  readonly storeAccessKeys: (
    keys: readonly KeyToStore[],
    onStored?: (key: NamedKey) => void,
    onFailed?: (key: NamedKey, error: AwshError) => void,
  ) => Promise<void>;
  /**
   * Removes what a killed `remove` has left, and returns the ids of the sessions among it. Usually
   * there is nothing to do, and nothing is opened.
   */
  readonly finishRemovals: () => Promise<readonly string[]>;
  /**
   * Also removes the sessions made with it. Throws KeyChangedError if another key is stored than
   * those in `mayRemove`.
   */
  readonly removeAccessKey: (profile: string, mayRemove?: readonly (string | null)[]) => Promise<boolean>;
  /**
   * Asks the user now for whatever removing these keys, and all sessions if `sessions` is true, would
   * ask for. `sessions` includes the sealing key. Changes nothing. Throws VaultError if the backend cannot be opened.
   */
  readonly prepareRemovals: (profiles: readonly string[], sessions: boolean) => Promise<void>;
  /**
   * The key that will replace the one with this id (a rotation), or null. It is not in the index.
   */
  readonly pendingKey: (replaced: string) => Promise<AccessKey | null>;
  /** Stores it, reads it back and compares. */
  readonly storePendingKey: (replaced: string, key: AccessKey) => Promise<void>;
  readonly removePendingKey: (replaced: string) => Promise<boolean>;
  /** The key that encrypts tokens of IAM Identity Center, in base64url; made at its first use. */
  readonly sealingKey: () => Promise<Secret>;
  /** According to the index; opens nothing. */
  readonly hasSealingKey: () => boolean;
  /** For a caller that has removed what it encrypts. */
  readonly removeSealingKey: () => Promise<boolean>;
  /** Null if there is none, if it has expired, or if the item cannot be read. */
  readonly session: (id: string) => Promise<Credentials | null>;
  /** Stores it, and removes sessions that have expired. */
  readonly storeSession: (record: SessionRecord, credentials: Credentials) => Promise<void>;
  /** Removes those that the predicate selects, from backend and index; returns how many. */
  readonly removeSessions: (pick: (record: SessionRecord) => boolean) => Promise<number>;
  /**
   * True if the index is missing or unreadable: `keys` is then empty although keys may be stored. A
   * new machine looks the same.
   */
  readonly needsRebuild: () => boolean;
  /**
   * Rebuilds the index by asking the backend for the access key of each named profile. Returns how
   * many it found. Sessions have no predictable names; they are fetched again.
   */
  readonly rebuild: (profiles: readonly string[]) => Promise<number>;
  /**
   * Adds keys that the backend holds to the index if they are missing there. The keychain cannot
   * list its items, so it is asked for each of these profiles. Returns how many it found; opens
   * nothing if the index is complete.
   */
  readonly findUnknownKeys: (profiles: readonly string[]) => Promise<number>;
}
