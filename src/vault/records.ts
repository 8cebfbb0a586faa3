import type { AwshError, Credentials, Secret } from '../system/index.ts';

export const backendNames = ['keychain', 'file', 'pass'] as const;
export type BackendName = (typeof backendNames)[number];

/**
 * Where secrets lie. An item is a text under a name, both its caller's business: the name up to 1000 characters, the
 * text neither empty nor with a NUL in it (the keychains hold C strings).
 */
export interface Backend {
  readonly name: BackendName;
  /** The item, or null where there is none. VaultError where the backend is locked, unavailable or corrupt. */
  get(item: string): Promise<Secret | null>;
  set(item: string, value: Secret): Promise<void>;
  /** False where there was none. */
  delete(item: string): Promise<boolean>;
  /** Asks the user for whatever `set` needs, so that `set` itself asks nothing. */
  prepare?(): Promise<void>;
  /** Only where a locked backend answers "there is none": whether it is locked now, null where nobody can tell. */
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

/** A key to be stored, and which keys it may take the place of. */
export interface KeyToStore extends NamedKey {
  /** The ids of those keys, null for an item that cannot be read. Any key if this is absent. */
  readonly mayReplace?: readonly (string | null)[];
}

/** What the index says of a stored access key: no secret. */
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

/** What the index says of a stored session: no secret. `id` is the hash of all the session depends on: `[A-Za-z0-9_-]{1,128}`. */
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
 * once a process, and read the items asked for and no more.
 */
export interface Vault {
  readonly keys: () => KeyRecord[];
  readonly sessions: () => SessionRecord[];
  /** Which backend serves, and why that one; decides (and may probe, at most 2 s) at the first call. */
  readonly backend: () => Promise<{ name: BackendName; why: string }>;
  /** From now on this backend serves where nothing is set: the person moved the keys here. */
  readonly choose: (why: string) => Promise<void>;
  /**
   * The profile's own access key, or null. VaultError where the index has it and the backend does not: the keychain is
   * locked, or somebody else removed the item; nothing is pruned.
   */
  readonly accessKey: (profile: string) => Promise<AccessKey | null>;
  /** As {@link accessKey}, but read at this moment, whatever was read before. */
  readonly accessKeyNow: (profile: string) => Promise<AccessKey | null>;
  /**
   * Stores it, reads it back and compares. UsageError where the key id has not AWS's form, the secret is empty, or the name
   * holds control characters. KeyChangedError if another key is stored than those that `mayReplace` names: see
   * {@link KeyToStore}.
   */
  readonly storeAccessKey: (
    profile: string,
    key: AccessKey,
    mayReplace?: readonly (string | null)[],
  ) => Promise<void>;
  /** While `work` runs no other awsh stores or removes an access key. LockError if another one is busy for too long. */
  readonly whileKeysStay: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * Whether the backend holds exactly this pair for this profile now: read at this moment, whatever was read before. False if
   * the item cannot be decoded.
   */
  readonly holdsAccessKey: (named: NamedKey) => Promise<boolean>;
  /**
   * Stores many, each read back and compared, the index written a few times and not once a key. `onStored` is told of each
   * that lies in the backend for certain. Throws as {@link storeAccessKey} does, at the first that cannot be stored; those
   * before it are stored and known. If `onFailed` is given, it is told of a key that cannot be stored and the others follow; a
   * backend that refuses three in a row is not asked again, and its error is thrown.
   */
  readonly storeAccessKeys: (
    keys: readonly KeyToStore[],
    onStored?: (key: NamedKey) => void,
    onFailed?: (key: NamedKey, error: AwshError) => void,
  ) => Promise<void>;
  /** Removes what a killed `remove` has left; the ids of the sessions among it. As a rule it does nothing, and opens nothing. */
  readonly finishRemovals: () => Promise<readonly string[]>;
  /** With the sessions made with it. KeyChangedError if another key is stored than those that `mayRemove` names. */
  readonly removeAccessKey: (profile: string, mayRemove?: readonly (string | null)[]) => Promise<boolean>;
  /** The key that is on its way to replace the one of this id (a rotation), or null. The index does not know of it. */
  readonly pendingKey: (replaced: string) => Promise<AccessKey | null>;
  /** Stores it, reads it back and compares. */
  readonly storePendingKey: (replaced: string, key: AccessKey) => Promise<void>;
  readonly removePendingKey: (replaced: string) => Promise<boolean>;
  /** Null where there is none, where it has expired, or where the item cannot be read. */
  readonly session: (id: string) => Promise<Credentials | null>;
  /** Stores it, and removes sessions that have expired. */
  readonly storeSession: (record: SessionRecord, credentials: Credentials) => Promise<void>;
  /** Removes those the predicate picks, from backend and index; returns how many. */
  readonly removeSessions: (pick: (record: SessionRecord) => boolean) => Promise<number>;
  /** True where the index is missing or unreadable: then `keys` is empty though keys may be stored. A new machine looks the same. */
  readonly needsRebuild: () => boolean;
  /**
   * Makes the index anew by asking the backend for the access key of each profile named. Returns how many it found.
   * Sessions have no guessable names: they are fetched again.
   */
  readonly rebuild: (profiles: readonly string[]) => Promise<number>;
  /**
   * Records the keys that the backend holds and the index does not know. The keychain cannot list its items: it is asked for
   * each of these profiles. Returns how many it found; opens nothing if the index knows every key.
   */
  readonly findUnknownKeys: (profiles: readonly string[]) => Promise<number>;
}
