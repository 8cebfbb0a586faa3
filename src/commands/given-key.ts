import { text as readAll } from 'node:stream/consumers';
import type { Prompter } from '../prompt/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { type Environment, printable, Secret, UsageError } from '../system/index.ts';
import { type AccessKey, accessKeyIdFault, secretKeyFault } from '../vault/index.ts';

/** Asks for a key; the secret is not shown. UsageError as {@link checkedKey}. */
export async function keyFromTerminal(prompter: Prompter, profile: string, added: Date): Promise<AccessKey> {
  const accessKeyId = (await prompter.text(`access key id for ${printable(profile)}`)).trim();
  requireKeyId(accessKeyId);
  const secret = await prompter.secret('secret access key');
  return checkedKey(accessKeyId, secret.reveal(), added);
}

/** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, where they are the caller's own and not what awsh loaded. */
export function keyFromEnvironment(environment: Environment, added: Date): AccessKey {
  const own = unloadedEnvironment(environment);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = own;
  if (!accessKeyId || !secret) {
    throw new UsageError(
      'there is no access key in the environment',
      '--env takes it from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  return checkedKey(accessKeyId, secret, added);
}

/** The first line of stdin is the key id, the second the secret. */
export async function keyFromStdin(added: Date): Promise<AccessKey> {
  const lines = (await readAll(process.stdin)).split(/\r?\n/);
  const [accessKeyId = '', secret = '', ...rest] = lines;
  if (secret === '' || rest.some((line) => line !== '')) {
    throw new UsageError('--stdin wants two lines', 'the key id on the first, the secret on the second');
  }
  return checkedKey(accessKeyId, secret, added);
}

/** UsageError where AWS cannot have issued this as a long-term key. */
function checkedKey(accessKeyId: string, secret: string, added: Date): AccessKey {
  requireKeyId(accessKeyId.trim());
  const trimmed = secret.trim();
  const fault = secretKeyFault(trimmed);
  if (fault !== null) throw new UsageError('that is not a secret access key', fault);
  return { accessKeyId: accessKeyId.trim(), secretAccessKey: new Secret(trimmed), added };
}

function requireKeyId(accessKeyId: string): void {
  const fault = accessKeyIdFault(accessKeyId);
  if (fault !== null) throw new UsageError('that is not an access key id', fault);
  // IAM's reference of unique identifiers: ASIA is the prefix of temporary keys.
  if (accessKeyId.startsWith('ASIA')) {
    throw new UsageError(
      'that key is temporary',
      'a key id that begins with ASIA is part of a session, and ends with it',
      'store the access key of an IAM user, which begins with AKIA',
    );
  }
}
