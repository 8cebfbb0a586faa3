import { type AgentLink, allAgentPaths, askAgent, keyHolderOf } from '../agent/index.ts';
import type { AppPaths } from '../system/index.ts';
import type { KeyHolder, Vault, VaultKey } from '../vault/index.ts';

/** Lets the agent hold the vault's key. The agent is looked for only when a key is needed. */
export function lazyKeyHolder(
  agent: () => Promise<AgentLink | undefined>,
  { leases }: Pick<AppPaths, 'leases'>,
): KeyHolder {
  const holder = async () => {
    const link = await agent();
    if (link === undefined) return undefined;
    return keyHolderOf(link, leases);
  };
  return {
    held: async (folder) => (await (await holder())?.held(folder)) ?? null,
    hold: async (folder, key) => (await holder())?.hold(folder, key),
    unlockOnce: async (folder, unlock) => {
      const once = (await holder())?.unlockOnce;
      return once === undefined ? unlock() : once(folder, unlock);
    },
  };
}

/** Like `holder`, but also stores each key in `keys`, by its folder. */
export function rememberingHolder(
  holder: KeyHolder,
  keys: Map<string, VaultKey>,
  opened: Set<string>,
): KeyHolder {
  const remember = (folder: string, key: VaultKey | null) => {
    if (key !== null) keys.set(folder, key);
    return key;
  };
  return {
    held: async (folder) => remember(folder, await holder.held(folder)),
    hold: async (folder, key) => {
      remember(folder, key);
      opened.add(folder);
      await holder.hold(folder, key);
    },
    unlockOnce: async (folder, unlock) =>
      remember(folder, await (holder.unlockOnce?.(folder, unlock) ?? unlock())),
  };
}

/** The vault, whose removed sessions each agent forgets, too: it would go on giving them out. */
export function forgetSessions(vault: Vault, paths: Pick<AppPaths, 'runtime' | 'state'>): Vault {
  const idsOf = (pick: Parameters<Vault['removeSessions']>[0]) =>
    vault
      .sessions()
      .filter(pick)
      .map(({ id }) => id);
  return {
    ...vault,
    async removeSessions(pick) {
      const removed = idsOf(pick);
      const count = await vault.removeSessions(pick);
      await forgetEverywhere(paths, removed);
      return count;
    },
    async removeAccessKey(profile, mayRemove) {
      const sessions = idsOf((record) => record.profile === profile);
      const removed = await vault.removeAccessKey(profile, mayRemove);
      await forgetEverywhere(paths, sessions);
      return removed;
    },
    async finishRemovals() {
      const removed = await vault.finishRemovals();
      await forgetEverywhere(paths, removed);
      return removed;
    },
  };
}

async function forgetEverywhere(
  paths: Pick<AppPaths, 'runtime' | 'state'>,
  sessions: readonly string[],
): Promise<void> {
  if (sessions.length === 0) return;
  for (const each of allAgentPaths(paths)) {
    for (const id of sessions) await askAgent(each, 'forget', [['session', id]]);
  }
}
