import { type Credentials, NoCredentialsError, operandWord, printable } from '../../system/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { StoredKeysStep } from '../plan-steps.ts';

/** The profile's access key from the vault. */
export async function storedKeys({ profile }: StoredKeysStep, vault: Vault): Promise<Credentials> {
  const key = await vault.accessKey(profile);
  if (key === null) {
    throw new NoCredentialsError(
      `no access key is stored for profile ${JSON.stringify(printable(profile))}`,
      undefined,
      `awsh add ${operandWord(profile)}`,
      profile,
    );
  }
  const { accessKeyId, secretAccessKey } = key;
  return { accessKeyId, secretAccessKey, sessionToken: null, expiration: null, accountId: null, arn: null };
}
