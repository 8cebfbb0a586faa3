import { type Credentials, NoCredentialsError, printable, Secret } from '../../system/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { StepResult } from '../get-session-token.ts';
import type { EnvironmentKeysStep, KeyStep, Plan, TokenStep } from '../plan-steps.ts';
import { readStaticKeys } from '../static-keys.ts';
import type { Surroundings } from '../surroundings.ts';
import type { SourceRun } from './source-run.ts';
import { storedKeys } from './stored-keys.ts';

/**
 * The credentials of a step that are stored elsewhere: an access key, or credentials that the
 * machine or `aws login` renews.
 */
export async function keysOf(step: KeyStep, plan: Plan, run: SourceRun, vault: Vault): Promise<Credentials> {
  switch (step.kind) {
    case 'stored-keys':
      return storedKeys(step, vault);
    case 'static-keys':
      return readStaticKeys(step, plan, run.clock.now());
    case 'environment-keys':
      return environmentKeys(step, run.surroundings);
    case 'container':
      return (await import('./machine-credentials.ts')).containerCredentials(step, run);
    case 'instance':
      return (await import('./machine-credentials.ts')).instanceCredentials(step);
    case 'login':
      return (await import('./login-credentials.ts')).loginCredentials(step, plan, run);
  }
}

/**
 * The session of a step that nothing signs. Each provider is loaded only when needed; a cached
 * session needs none.
 */
export async function sessionOf(step: TokenStep, run: SourceRun): Promise<StepResult> {
  switch (step.kind) {
    case 'process': {
      const { processCredentials } = await import('./process-credentials.ts');
      return { credentials: await processCredentials(step, run), clockSkewMs: 0 };
    }
    case 'GetRoleCredentials': {
      const { roleCredentials } = await import('./role-credentials.ts');
      return roleCredentials(step, run);
    }
    case 'AssumeRoleWithWebIdentity': {
      const { assumeRoleWithWebIdentity } = await import('./web-identity.ts');
      return assumeRoleWithWebIdentity(step, run);
    }
  }
}

/** The keys in the environment must still be those that the plan was made from. */
function environmentKeys(
  { profile, accessKeyId }: EnvironmentKeysStep,
  surroundings: Surroundings,
): Credentials {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = surroundings;
  if (id !== accessKeyId || !secret) {
    throw new NoCredentialsError(
      `the environment has no whole access key for profile ${JSON.stringify(printable(profile))}`,
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together',
    );
  }
  return {
    accessKeyId: id,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : null,
    expiration: null,
    accountId: null,
    arn: null,
  };
}
