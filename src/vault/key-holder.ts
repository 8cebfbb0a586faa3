import type { VaultKeySource } from './file-backend.ts';
import type { VaultKey } from './vault-key.ts';

/**
 * Keeps the file backend's key for a while, so that the passphrase is asked for once: the agent. No
 * method throws.
 */
export interface KeyHolder {
  /** The key of the vault in this folder, or null. */
  held(folder: string): Promise<VaultKey | null>;
  hold(folder: string, key: VaultKey): Promise<void>;
  /**
   * The key from another command that is unlocking the vault now; otherwise the result of `unlock`,
   * which may throw.
   */
  unlockOnce?(folder: string, unlock: () => Promise<VaultKey | null>): Promise<VaultKey | null>;
}

/**
 * A holder of given keys, which accepts no others. `keyOf` returns the key of a folder's vault in
 * base64url.
 */
export function holderOfKeys(keyOf: (folder: string) => string | undefined): KeyHolder {
  return {
    held: async (folder) => {
      const key = keyOf(folder);
      return key === undefined ? null : Buffer.from(key, 'base64url');
    },
    hold: async () => {},
  };
}

/**
 * The key that is held, or else the one from `source`, which is then held. `asks`: the source asks
 * the user for it.
 */
export function heldKeySource(
  source: VaultKeySource,
  folder: string,
  holder: KeyHolder,
  asks: boolean,
): VaultKeySource {
  let held: Promise<VaultKey | null> | undefined;
  const first = () => {
    held ??= holder.held(folder);
    return held;
  };
  const kept = async (key: VaultKey) => {
    await holder.hold(folder, key);
    return key;
  };
  const unlock = async () => {
    const key = await source.existing();
    return key === null ? null : kept(key);
  };
  return {
    async existing() {
      const key = await first();
      if (key !== null) return key;
      return asks || holder.unlockOnce === undefined ? unlock() : holder.unlockOnce(folder, unlock);
    },
    async orNew() {
      return (await first()) ?? kept(await source.orNew());
    },
  };
}
