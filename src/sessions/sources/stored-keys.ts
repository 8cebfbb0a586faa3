import {
  type Credentials,
  NoCredentialsError,
  operandWord,
  printable,
  VaultError,
} from '../../system/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { StoredKeysStep } from '../plan-steps.ts';

/**
 * The profile's access key from the vault. Throws VaultError if it is not the one that the plan was
 * made for (security rule 24). The vault corrects its index when it reads a key, so the next plan
 * is for the present key.
 */
export async function storedKeys(
  { profile, accessKeyId: planned }: StoredKeysStep,
  vault: Vault,
): Promise<Credentials> {
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
  if (accessKeyId !== planned) {
    throw new VaultError(
      `the stored key of profile ${JSON.stringify(printable(profile))} is not the one that was expected`,
      `the vault has ****${accessKeyId.slice(-4)}, and awsh expected ****${planned.slice(-4)}; nothing was signed`,
      'awsh list',
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: null, expiration: null, accountId: null, arn: null };
}
