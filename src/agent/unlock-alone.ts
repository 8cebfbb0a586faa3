// Unlocks the file backend's vault in one command at a time, because the key derivation takes half
// a second of a core.
import { setTimeout as sleep } from 'node:timers/promises';
import { AwshError, diskFault, Lease } from '../system/index.ts';
import type { VaultKey } from '../vault/index.ts';

/**
 * In milliseconds: how long a command waits for the one that unlocks the vault; that takes a tenth
 * of it on an idle machine.
 */
const waitMs = 5000;
const pauseMs = 40;

/**
 * The key that `held` finds when another command has unlocked the vault; otherwise the key from
 * `unlock`, while the lease file makes the others wait. Only for a passphrase that is already
 * known: this never asks the user.
 */
export async function unlockAlone(
  file: string,
  held: () => Promise<VaultKey | null>,
  unlock: () => Promise<VaultKey | null>,
): Promise<VaultKey | null> {
  const lease = new Lease(file, 2 * waitMs);
  const begun = performance.now();
  let waited = false;
  while (!(await isTaken(lease)) && performance.now() - begun < waitMs) {
    waited = true;
    await sleep(pauseMs);
  }
  try {
    return (waited ? await held() : null) ?? (await unlock());
  } finally {
    lease.release();
  }
}

/** True if this command has the lease, or if it cannot be written. */
async function isTaken(lease: Lease): Promise<boolean> {
  if (lease.holder() !== null) return false;
  try {
    return (await lease.take(null)) === null;
  } catch (error) {
    if (diskFault(error) === null && !(error instanceof AwshError)) throw error;
    return true;
  }
}
