import type { Environment, Secret } from '../system/index.ts';

/** An item of somebody else's keyring. */
export interface KeyringItem {
  readonly label: string;
  /** Null if the service does not give it out. */
  readonly secret: Secret | null;
}

/**
 * The items of one keyring (collection) of the Secret Service whose labels are wanted, read over the session bus. Opens no
 * prompt: VaultError where the keyring is locked, or not there.
 */
export async function readKeyring(
  environment: Environment,
  name: string,
  wants: (label: string) => boolean,
): Promise<KeyringItem[]> {
  const { readKeyringItems } = await import('./keyring-items.ts');
  return readKeyringItems(environment, name, wants);
}

/** The labels of a keyring's items, or why they cannot be told: no such keyring, no Secret Service, or a locked one. */
export type KeyringLabels = { readonly labels: readonly string[] } | { readonly is: 'absent' | 'locked' };

/** Asks within two seconds; opens no prompt and no secret. */
export async function keyringLabels(environment: Environment, name: string): Promise<KeyringLabels> {
  const { readKeyringLabels } = await import('./keyring-items.ts');
  return readKeyringLabels(environment, name);
}
