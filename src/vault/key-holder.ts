import type { VaultKeySource } from './file-backend.ts';
import type { VaultKey } from './vault-key.ts';

/** Who keeps the file backend's key for a while, so that the passphrase is asked once: the agent. Neither method throws. */
export interface KeyHolder {
  /** The key of the vault in this folder, or null. */
  held(folder: string): Promise<VaultKey | null>;
  hold(folder: string, key: VaultKey): Promise<void>;
}

/** The key that is held; else the one from `source`, which is then held. */
export function heldKeySource(source: VaultKeySource, folder: string, holder: KeyHolder): VaultKeySource {
  let held: Promise<VaultKey | null> | undefined;
  const first = () => {
    held ??= holder.held(folder);
    return held;
  };
  const kept = async (key: VaultKey) => {
    await holder.hold(folder, key);
    return key;
  };
  return {
    async existing() {
      const key = (await first()) ?? (await source.existing());
      return key === null || (await first()) !== null ? key : kept(key);
    },
    async orNew() {
      return (await first()) ?? kept(await source.orNew());
    },
  };
}
