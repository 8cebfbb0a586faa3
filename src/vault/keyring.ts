import type { Environment, Secret } from '../system/index.ts';

/** An item in another program's keyring. */
export interface KeyringItem {
  readonly label: string;
  /** Null if the service refuses it. */
  readonly secret: Secret | null;
}

export interface KeyringContent {
  readonly items: readonly KeyringItem[];
  /** The service ended while they were read: there may be more. */
  readonly isCutOff: boolean;
}

/**
 * The items with the given labels in one keyring (collection) of the Secret Service, read over the
 * session bus. Opens no prompt: throws VaultError if the keyring is locked or missing, or if the
 * service ends before it has given an item.
 */
export async function readKeyring(
  environment: Environment,
  name: string,
  wants: (label: string) => boolean,
): Promise<KeyringContent> {
  const { readKeyringItems } = await import('./keyring-items.ts');
  return readKeyringItems(environment, name, wants);
}

/**
 * The labels of a keyring's items, or why they are unknown: no such keyring, no Secret Service, or
 * a locked one.
 */
export type KeyringLabels = { readonly labels: readonly string[] } | { readonly is: 'absent' | 'locked' };

/** Takes at most two seconds; opens no prompt and no secret. */
export async function keyringLabels(environment: Environment, name: string): Promise<KeyringLabels> {
  const { readKeyringLabels } = await import('./keyring-items.ts');
  return readKeyringLabels(environment, name);
}
