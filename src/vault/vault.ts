import { refuseWhileLocked } from '../system/index.ts';
import type { ChoiceOptions } from './backend-choice.ts';
import { IndexFile } from './index-file.ts';
import { KeyRemoval } from './key-removal.ts';
import { KeysLock } from './keys-lock.ts';
import { OpenBackend } from './open-backend.ts';
import { PendingKeys } from './pending-keys.ts';
import type { Vault } from './records.ts';
import { SealingKeyItem } from './sealing-key.ts';
import { StoredKeys } from './stored-keys.ts';
import { StoredSessions } from './stored-sessions.ts';

/**
 * The options for opening a vault. `environment` is the process's own, by which libsecret and gpg
 * find their services; `notify` prints one line for the user.
 */
export type VaultOptions = ChoiceOptions;

/**
 * Opens the vault: reads only the index, and that only when needed. The backend is chosen and
 * opened at the first secret.
 */
export function openVault(options: VaultOptions): Vault {
  const index = new IndexFile(options.paths);
  const open = new OpenBackend(options, index);
  const lock = new KeysLock(options.paths);
  const keys = new StoredKeys(open, lock, options.notify);
  const removal = new KeyRemoval(open, lock, keys);
  const pending = new PendingKeys(open);
  const sessions = new StoredSessions(open, options.clock);
  const sealing = new SealingKeyItem(open, lock);
  return {
    keys: () => keys.records(),
    sessions: () => sessions.records(),
    backend: async () => {
      const { backend, why } = await open.chosen();
      return { name: backend.name, why };
    },
    choose: async (why) => {
      const { name: backend } = await open.backend();
      await index.update((content) => {
        content.choice = { backend, why, decided: new Date(options.clock.now()) };
      });
    },
    accessKey: unlocked((profile) => keys.get(profile)),
    accessKeyNow: unlocked((profile) => keys.getNow(profile)),
    storeAccessKey: unlocked((profile, key, mayReplace) => keys.store(profile, key, mayReplace)),
    whileKeysStay: (work) => lock.hold(work),
    holdsAccessKey: unlocked((named) => keys.holds(named)),
    storeAccessKeys: unlocked((added, onStored, onFailed) => keys.storeAll(added, onStored, onFailed)),
    removeAccessKey: (profile, mayRemove) => removal.remove(profile, mayRemove),
    prepareRemovals: async (profiles, all) => {
      await removal.prepare(profiles);
      if (!all) return;
      await sessions.prepareRemovals();
      await sealing.prepareRemoval();
    },
    finishRemovals: () => removal.finish(),
    pendingKey: unlocked((replaced) => pending.get(replaced)),
    storePendingKey: unlocked((replaced, key) => pending.store(replaced, key)),
    removePendingKey: (replaced) => pending.remove(replaced),
    sealingKey: unlocked(() => sealing.get()),
    hasSealingKey: () => sealing.isThere(),
    removeSealingKey: () => sealing.remove(),
    session: unlocked((id) => sessions.get(id)),
    storeSession: unlocked((record, credentials) => sessions.store(record, credentials)),
    removeSessions: (pick) => sessions.remove(pick),
    needsRebuild: () => index.isLost(),
    rebuild: unlocked((profiles) => keys.rebuild(profiles)),
    findUnknownKeys: unlocked((profiles) => keys.findUnknown(profiles)),
  };

  /**
   * Refuses while awsh is locked (security rule 18). Removing is still allowed, because `lock` does
   * it.
   */
  function unlocked<Args extends unknown[], Result>(
    open: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      refuseWhileLocked(options.paths);
      return open(...args);
    };
  }
}
