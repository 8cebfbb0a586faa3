import { type AwshError, diskFault, UsageError, VaultError } from '../system/index.ts';
import { accessKeyItem, checkAccessKey, decodeAccessKey, encodeAccessKey, isStorableName } from './items.ts';
import { unmark } from './key-removal.ts';
import type { KeysLock } from './keys-lock.ts';
import type { OpenBackend } from './open-backend.ts';
import { setAndCompare } from './pending-keys.ts';
import { isAmong, keyChanged, presentKey } from './present-key.ts';
import type { AccessKey, Backend, KeyRecord, KeyToStore, NamedKey } from './records.ts';
import { accessKeyFile, profileOfFile } from './stored-items.ts';
import { CorruptItemError, KeyChangedError, lockedKeychain, missingItem } from './vault-errors.ts';

/** How many keys may be in the backend and not yet in the index while many are stored. */
const recordedAtOnce = 500;
/** How many keys in a row a backend may refuse before it is considered broken. */
const mostFailures = 3;

/**
 * Access keys. The item in the backend is written first, then the index, so that the index never
 * lists a key that does not exist.
 */
export class StoredKeys {
  readonly #open: OpenBackend;
  readonly #lock: KeysLock;
  readonly #notify: (line: string) => void;
  /** Each key is read once in a process, because on macOS each read may ask the user. */
  readonly #read = new Map<string, Promise<AccessKey | null>>();

  constructor(open: OpenBackend, lock: KeysLock, notify: (line: string) => void) {
    this.#open = open;
    this.#lock = lock;
    this.#notify = notify;
  }

  records(): KeyRecord[] {
    return [...this.#open.records().keys];
  }

  get(profile: string): Promise<AccessKey | null> {
    const known = this.#read.get(profile);
    if (known !== undefined) return known;
    const reading = this.#fetch(profile);
    this.#read.set(profile, reading);
    return reading;
  }

  /** Like {@link get}, but always reads again. */
  getNow(profile: string): Promise<AccessKey | null> {
    this.forget(profile);
    return this.get(profile);
  }

  /** The next {@link get} reads again. */
  forget(profile: string): void {
    this.#read.delete(profile);
  }

  async store(profile: string, key: AccessKey, mayReplace?: KeyToStore['mayReplace']): Promise<void> {
    checkAccessKey(profile, key);
    const backend = await this.#open.backend();
    await this.#requireWritableIndex();
    await backend.prepare?.();
    await this.#lock.hold(async () => {
      await this.#set(backend, { profile, key, ...(mayReplace && { mayReplace }) });
      await this.record([{ profile, key }]);
    });
  }

  /** Checks what is stored and replaces it, in one step. */
  #set(backend: Backend, { profile, key, mayReplace }: KeyToStore): Promise<void> {
    this.forget(profile);
    return this.#lock.hold(async () => {
      if (mayReplace !== undefined) {
        const there = await presentKey(backend, profile);
        if (there !== null && there !== 'unreadable' && isSameKey(there, key)) return;
        if (!isAmong(mayReplace, there)) throw keyChanged(profile, there);
      }
      // The clean-up after a killed `remove` must not remove the new key.
      if (this.#open.allRecords().removing?.includes(profile))
        await this.#open.update((records) => unmark(records, profile));
      await setAndCompare(backend, accessKeyItem(profile), encodeAccessKey(key));
    });
  }

  /** Both writes or neither: a key that is not in the index would never be found. */
  #requireWritableIndex(): Promise<void> {
    return this.#open.update(() => {});
  }

  async holds({ profile, key }: NamedKey): Promise<boolean> {
    const there = await presentKey(await this.#open.backend(), profile);
    return there !== null && there !== 'unreadable' && isSameKey(there, key);
  }

  async storeAll(
    keys: readonly KeyToStore[],
    onStored?: (key: NamedKey) => void,
    onFailed?: (key: NamedKey, error: AwshError) => void,
  ): Promise<void> {
    if (onFailed === undefined) for (const { profile, key } of keys) checkAccessKey(profile, key);
    const backend = await this.#open.backend();
    if (keys.length > 0) await backend.prepare?.();
    let unrecorded: NamedKey[] = [];
    let failedInARow = 0;
    try {
      for (const named of keys) {
        try {
          checkAccessKey(named.profile, named.key);
          await this.#set(backend, named);
        } catch (error) {
          if (error instanceof KeyChangedError && onFailed !== undefined) {
            onFailed(named, error);
            continue;
          }
          failedInARow += 1;
          const isOneItem = error instanceof UsageError || error instanceof VaultError;
          if (!isOneItem || onFailed === undefined || failedInARow >= mostFailures) throw error;
          onFailed(named, error);
          continue;
        }
        failedInARow = 0;
        unrecorded.push(named);
        onStored?.(named);
        if (unrecorded.length < recordedAtOnce) continue;
        await this.record(unrecorded);
        unrecorded = [];
      }
    } finally {
      if (unrecorded.length > 0) await this.record(unrecorded);
    }
  }

  /**
   * Asks the backend for each of these names; returns how many it has. Items that cannot be read
   * are reported and left.
   */
  async rebuild(profiles: readonly string[]): Promise<number> {
    const backend = await this.#open.backend();
    const found: KeyRecord[] = [];
    for (const profile of new Set(profiles.filter(isStorableName))) {
      const key = await this.#readable(profile);
      if (key !== null) found.push(recordOf(profile, key));
    }
    if (found.length === 0 && (await backend.isLocked?.()) === true) throw lockedKeychain();
    const names = new Set(found.map((record) => record.profile));
    await this.#open.update((records) => {
      records.keys = [...records.keys.filter((record) => !names.has(record.profile)), ...found];
    });
    return found.length;
  }

  /**
   * Adds keys that the backend holds to the index if they are missing there. A backend that cannot
   * list its items is asked for each of these profiles. Returns how many it found; reads nothing if
   * the index is complete.
   */
  async findUnknown(profiles: readonly string[]): Promise<number> {
    const files = await this.#open.accessKeyFiles();
    const known = new Set(this.#open.allRecords().keys.map(({ profile }) => accessKeyFile(profile)));
    const isUnknown = (file: string) => !known.has(file) && files?.has(file) !== false;
    const listed = [...(files ?? [])].filter(isUnknown).map(profileOfFile);
    const names = [...profiles.filter((profile) => isUnknown(accessKeyFile(profile))), ...listed];
    const wanted = names.filter((name) => name !== null);
    return wanted.length === 0 ? 0 : this.rebuild(wanted);
  }

  async #fetch(profile: string): Promise<AccessKey | null> {
    if (!isStorableName(profile)) return null;
    const backend = await this.#open.backend();
    const value = await backend.get(accessKeyItem(profile));
    if (value !== null) {
      const key = decodeAccessKey(accessKeyItem(profile), value);
      // An index that was lost, or is incomplete after a crash, is restored one key at a time.
      if (this.recorded(profile)?.accessKeyId !== key.accessKeyId)
        await this.record([{ profile, key }]).catch(ignoreDiskFault);
      return key;
    }
    if (this.recorded(profile)) throw await missingItem(backend, profile);
    return null;
  }

  async #readable(profile: string): Promise<AccessKey | null> {
    const backend = await this.#open.backend();
    const item = accessKeyItem(profile);
    try {
      const value = await backend.get(item);
      return value === null ? null : decodeAccessKey(item, value);
    } catch (error) {
      if (!(error instanceof CorruptItemError)) throw error;
      this.#notify(`${error.what}: ${error.why}`);
      return null;
    }
  }

  /** The index's record of the profile's key, unless it is being removed. */
  recorded(profile: string): KeyRecord | undefined {
    return this.#open.records().keys.find((record) => record.profile === profile);
  }

  /** Adds these keys to the index, which the backend has. */
  async record(keys: readonly NamedKey[]): Promise<void> {
    const added = new Map(keys.map(({ profile, key }) => [profile, recordOf(profile, key)]));
    await this.#open.update((records) => {
      records.keys = [...records.keys.filter(({ profile }) => !added.has(profile)), ...added.values()];
      for (const profile of added.keys()) unmark(records, profile);
    });
  }
}

function isSameKey(one: AccessKey, other: AccessKey): boolean {
  return one.accessKeyId === other.accessKeyId && one.secretAccessKey.equals(other.secretAccessKey);
}

/** The index only lists what exists; the key itself has been read (security rule 33). */
function ignoreDiskFault(error: unknown): void {
  if (diskFault(error) === null) throw error;
}

function recordOf(profile: string, { accessKeyId, added }: AccessKey): KeyRecord {
  return { profile, accessKeyId, added };
}
