import { type Credentials, Secret } from '../../src/system/index.ts';
import type { AccessKey, SessionRecord, Vault } from '../../src/vault/index.ts';

/** A vault in memory that counts its reads. */
export interface MemoryVault extends Vault {
  /** How often an access key was read. */
  readonly keyReads: () => number;
}

export function memoryVault(
  keys: Record<string, { accessKeyId: string; secretAccessKey: string }>,
): MemoryVault {
  const stored = new Map<string, AccessKey>();
  const sessions = new Map<string, { record: SessionRecord; credentials: Credentials }>();
  const pending = new Map<string, AccessKey>();
  let keyReads = 0;
  for (const [profile, { accessKeyId, secretAccessKey }] of Object.entries(keys)) {
    stored.set(profile, { accessKeyId, secretAccessKey: new Secret(secretAccessKey), added: new Date(0) });
  }
  return {
    keyReads: () => keyReads,
    keys: () => [...stored].map(([profile, { accessKeyId, added }]) => ({ profile, accessKeyId, added })),
    sessions: () => [...sessions.values()].map(({ record }) => record),
    backend: async () => ({ name: 'file', why: 'a test' }),
    choose: async () => {},
    accessKey: async (profile) => {
      keyReads += 1;
      return stored.get(profile) ?? null;
    },
    accessKeyNow: async (profile) => stored.get(profile) ?? null,
    storeAccessKey: async (profile, key) => {
      stored.set(profile, key);
    },
    whileKeysStay: (work) => work(),
    holdsAccessKey: async ({ profile, key }) => {
      const there = stored.get(profile);
      return (
        there?.accessKeyId === key.accessKeyId && there.secretAccessKey.equals(key.secretAccessKey) === true
      );
    },
    storeAccessKeys: async (keys, onStored) => {
      for (const named of keys) {
        stored.set(named.profile, named.key);
        onStored?.(named);
      }
    },
    finishRemovals: async () => [],
    prepareRemovals: async () => {},
    removeAccessKey: async (profile) => stored.delete(profile),
    pendingKey: async (replaced) => pending.get(replaced) ?? null,
    storePendingKey: async (replaced, key) => {
      pending.set(replaced, key);
    },
    removePendingKey: async (replaced) => pending.delete(replaced),
    sealingKey: async () => new Secret('A'.repeat(43)),
    hasSealingKey: () => false,
    removeSealingKey: async () => false,
    session: async (id) => sessions.get(id)?.credentials ?? null,
    storeSession: async (record, credentials) => {
      sessions.set(record.id, { record, credentials });
    },
    removeSessions: async (pick) => {
      const picked = [...sessions.values()].filter(({ record }) => pick(record));
      for (const { record } of picked) sessions.delete(record.id);
      return picked.length;
    },
    needsRebuild: () => false,
    rebuild: async () => 0,
    findUnknownKeys: async () => 0,
  };
}
