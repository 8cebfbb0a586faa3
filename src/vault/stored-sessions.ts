import { type Clock, type Credentials, UsageError } from '../system/index.ts';
import { isSessionId } from './index-format.ts';
import { decodeSession, encodeSession, isStorableName, sessionItem } from './items.ts';
import type { OpenBackend } from './open-backend.ts';
import type { Backend, SessionRecord } from './records.ts';
import { CorruptItemError, lockedKeychain } from './vault-errors.ts';

/**
 * Sessions. The index is written first, then the item, so that no item remains that is not listed
 * and never removed.
 */
export class StoredSessions {
  readonly #open: OpenBackend;
  readonly #clock: Clock;

  constructor(open: OpenBackend, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  records(): SessionRecord[] {
    return [...this.#open.records().sessions];
  }

  async get(id: string): Promise<Credentials | null> {
    const record = this.records().find((known) => known.id === id);
    if (record === undefined || this.#hasExpired(record.expires)) return null;
    const backend = await this.#open.backend();
    const credentials = await readSession(backend, id);
    return credentials === null || this.#hasExpired(credentials.expiration) ? null : credentials;
  }

  async store(record: SessionRecord, credentials: Credentials): Promise<void> {
    if (!isSessionId(record.id) || !isStorableName(record.profile))
      throw new UsageError('not a session that can be stored');
    const backend = await this.#open.backend();
    const expired = this.records().filter(
      (known) => known.id !== record.id && this.#hasExpired(known.expires),
    );
    const swept = await deleteAll(backend, expired);
    await this.#open.update((records) => {
      records.sessions = [...records.sessions.filter(({ id }) => id !== record.id && !swept.has(id)), record];
    });
    try {
      await backend.set(sessionItem(record.id), encodeSession(record, credentials));
    } catch (error) {
      await this.#forget(new Set([record.id])).catch(() => {});
      throw error;
    }
  }

  /** Opens a locked keychain, which removing would do too. Other backends remove without a question. */
  async prepareRemovals(): Promise<void> {
    const [first] = this.records();
    if (first === undefined) return;
    const backend = await this.#open.backend();
    if ((await backend.isLocked?.()) === true) await readSession(backend, first.id);
  }

  async remove(pick: (record: SessionRecord) => boolean): Promise<number> {
    const picked = this.records().filter(pick);
    if (picked.length === 0) return 0;
    const backend = await this.#open.backend();
    for (const record of picked) await backend.delete(sessionItem(record.id));
    await this.#forget(new Set(picked.map((record) => record.id)));
    return picked.length;
  }

  async #forget(ids: ReadonlySet<string>): Promise<void> {
    await this.#open.update((records) => {
      records.sessions = records.sessions.filter(({ id }) => !ids.has(id));
    });
  }

  #hasExpired(date: Date): boolean {
    return date.getTime() <= this.#clock.now();
  }
}

async function readSession(
  backend: Backend,
  id: string,
): Promise<(Credentials & { expiration: Date }) | null> {
  try {
    const value = await backend.get(sessionItem(id));
    if (value !== null) return decodeSession(sessionItem(id), value);
  } catch (error) {
    if (error instanceof CorruptItemError) return null;
    throw error;
  }
  // A missing session is fetched again. If the keychain is locked, that is an error: otherwise the
  // user would be asked for an MFA code instead of the password.
  if ((await backend.isLocked?.()) === true) throw lockedKeychain();
  return null;
}

/** The ids of those that were removed. The next sweep removes those that failed. */
async function deleteAll(backend: Backend, records: readonly SessionRecord[]): Promise<Set<string>> {
  const gone = new Set<string>();
  for (const { id } of records) {
    const done = await backend.delete(sessionItem(id)).then(
      () => true,
      () => false,
    );
    if (done) gone.add(id);
  }
  return gone;
}
