import type { ChoiceOptions } from './backend-choice.ts';
import { IndexFile } from './index-file.ts';
import { OpenBackend } from './open-backend.ts';
import type { Vault } from './records.ts';
import { StoredKeys } from './stored-keys.ts';
import { StoredSessions } from './stored-sessions.ts';

/**
 * What a vault is opened with. `environment` is the process's own, in which libsecret and gpg find their servants;
 * `notify` takes one line for the person.
 */
export type VaultOptions = ChoiceOptions;

/** Opens the vault: reads nothing but, when asked, the index. The backend is chosen and opened at the first secret. */
export function openVault(options: VaultOptions): Vault {
  const index = new IndexFile(options.paths);
  const open = new OpenBackend(options, index);
  const keys = new StoredKeys(open, options.notify);
  const sessions = new StoredSessions(open, options.clock);
  return {
    keys: () => keys.records(),
    sessions: () => sessions.records(),
    backend: async () => {
      const { backend, why } = await open.chosen();
      return { name: backend.name, why };
    },
    accessKey: (profile) => keys.get(profile),
    storeAccessKey: (profile, key) => keys.store(profile, key),
    removeAccessKey: (profile) => keys.remove(profile),
    session: (id) => sessions.get(id),
    storeSession: (record, credentials) => sessions.store(record, credentials),
    removeSessions: (pick) => sessions.remove(pick),
    needsRebuild: () => index.isLost(),
    rebuild: (profiles) => keys.rebuild(profiles),
  };
}
