import type { Environment } from '../system/index.ts';
import { readKeyring } from '../vault/index.ts';
import { addAwsVaultItem, isAwsVaultKeyName } from './aws-vault-items.ts';
import { type Found, FoundKeys } from './found-keys.ts';

/**
 * The access keys in aws-vault's own keyring in the Secret Service: `awsvault`, or AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME.
 * VaultError (exit 5) where there is no such keyring, or where it is locked.
 */
export async function readAwsVaultKeyring(environment: Environment, added: Date): Promise<Found> {
  const name = environment.AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME || 'awsvault';
  const found = new FoundKeys(added);
  for (const { label, secret } of await readKeyring(environment, name, isAwsVaultKeyName)) {
    addAwsVaultItem(found, secret, label, `keyring ${name}`);
  }
  return found;
}
