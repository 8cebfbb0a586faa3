import { setTimeout as sleep } from 'node:timers/promises';
import { callerIdentity, credentialsFor, userPlanFor } from '../sessions/index.ts';
import { AwshError, AwsRefusedError, type Credentials, NoCredentialsError } from '../system/index.ts';
import type { AccessKey } from '../vault/index.ts';
import { IamUser } from './iam-user.ts';
import type { RotationRun } from './rotation-run.ts';

/** The IAM user whose key is rotated, and how it signs. */
export interface KeyOwner {
  /** The profile that the key is stored under. */
  readonly profile: string;
  /** The key as it is in the vault now. */
  readonly key: AccessKey;
  readonly arn: string;
  /** Signed with the MFA session if there is one, else with the key. */
  readonly iam: IamUser;
  /**
   * True if `iam` is signed with a session, which stays valid whatever happens to the key that it
   * was made from.
   */
  readonly hasSession: boolean;
  /** The owner of a key, as AWS reports it. */
  readonly identify: (key: AccessKey) => Promise<string>;
}

/**
 * Finds the owner of the key, by asking AWS, and asks the user for an MFA code if IAM will need
 * one.
 */
export async function signIn(profile: string, run: RotationRun): Promise<KeyOwner> {
  const { files, vault, environment = {}, connection } = run;
  await vault.findUnknownKeys([...files.profiles.keys(), profile]);
  const options = { noSession: run.noSession ?? false };
  const plan = userPlanFor({ files, profile, keys: vault.keys(), environment, options });
  const key = await vault.accessKey(plan.profile);
  if (key === null) throw new NoCredentialsError('the key was removed just now', undefined, 'awsh list');
  const identify = async (whose: AccessKey) =>
    (await callerIdentity(credentialsOf(whose), plan.target, connection, plan.profile)).arn;

  const arn = await identify(key);
  const partition = /^arn:([a-z-]+):iam::[0-9]{12}:user\//.exec(arn)?.[1];
  if (partition === undefined) throw notOfUser(arn);
  const { clock, prompter, mfaToken } = run;
  const session =
    plan.session &&
    (await credentialsFor(plan.session, {
      vault,
      prompter,
      clock,
      mfaToken,
      connection,
      ...(connection?.surroundings && { surroundings: connection.surroundings }),
      locks: run.paths.locks,
      refresh: true,
    }));
  const caller = { target: plan.iamTarget(partition), connection, profile: plan.profile };
  return {
    profile: plan.profile,
    key,
    arn,
    iam: new IamUser({ ...caller, credentials: session ?? credentialsOf(key) }),
    hasSession: session !== null,
    identify,
  };
}

function notOfUser(arn: string): AwshError {
  return new AwshError(
    'other',
    `the key is not one of an IAM user: AWS says it is ${arn}`,
    'awsh rotates only keys of IAM users; it is better to delete the keys of the root user',
  );
}

export function credentialsOf({ accessKeyId, secretAccessKey }: AccessKey): Credentials {
  return { accessKeyId, secretAccessKey, sessionToken: null, expiration: null, accountId: null, arn: null };
}

/**
 * Repeats a call signed with a key that AWS does not know everywhere yet. Throws the refusal after
 * the time limit.
 */
export async function untilKnown<T>(
  { patienceMs = 60_000, waits }: Pick<RotationRun, 'patienceMs' | 'waits'>,
  work: () => Promise<T>,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 4000)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnknownKey(error) || performance.now() + pause > end) throw error;
      waits?.('waiting until AWS knows the new key everywhere, a minute at most');
      await sleep(pause);
    }
  }
}

/**
 * AWS gives the same error for a key that it does not know yet, and for deleted and inactive ones.
 */
export function isUnknownKey(error: unknown): boolean {
  return error instanceof AwsRefusedError && error.code === 'InvalidClientTokenId';
}
