import { type Environment, printable } from '../system/index.ts';
import { readKeyring } from '../vault/index.ts';
import { addAwsVaultItem, isAwsVaultKeyName } from './aws-vault-items.ts';
import { type Found, FoundKeys } from './found-keys.ts';

/** The name of aws-vault's own keyring in the Secret Service. */
export function awsVaultKeyringName(environment: Environment): string {
  return environment.AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME || 'awsvault';
}

/**
 * The access keys in aws-vault's own keyring in the Secret Service. An item that cannot be read is
 * skipped. Throws VaultError (exit 5) if there is no such keyring, or if it is locked. If the service
 * ends in the middle, the items that were read are returned, and the rest is named.
 */
export async function readAwsVaultKeyring(environment: Environment, added: Date): Promise<Found> {
  const name = awsVaultKeyringName(environment);
  const place = `keyring ${printable(name)}`;
  const found = new FoundKeys(added);
  const command = 'awsh import --aws-vault-keyring';
  const { items, isCutOff } = await readKeyring(environment, name, isAwsVaultKeyName);
  for (const { label, secret } of items) {
    if (secret !== null) addAwsVaultItem(found, secret, label, { place, command, namedInside: true });
    else {
      found.passOver(label, `the Secret Service did not return it (${place})`, {
        advice: 'unlock the keyring, then import again',
        next: command,
      });
    }
  }
  if (isCutOff) {
    const why = 'the Secret Service ended before all items were read';
    found.passOver(`the rest of ${place}`, why, { advice: 'import again', next: command, isPart: true });
  }
  return found;
}
