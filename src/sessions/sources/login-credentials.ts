import {
  type AwshError,
  type Credentials,
  isPassingStatus,
  PersonNeededError,
  printable,
  unavailableHost,
  unreachableHost,
} from '../../system/index.ts';
import { boundedHandler, type RequestEnd } from '../bounded-reply.ts';
import { loginCacheFolder, loginCommand } from '../login-cache.ts';
import type { LoginStep, Plan } from '../plan-steps.ts';
import { giveSdkFiles } from '../sdk-files.ts';
import { credentialsFromReply } from '../session-reply.ts';
import { clientSettings } from '../sts-client.ts';
import type { SourceRun } from './source-run.ts';

/** In milliseconds, for the renewal; the equivalent of a connection's `timeoutMs`. */
const timeoutMs = 4000;

/**
 * The credentials that `aws login` left in its cache, renewed there by AWS's own package if they
 * are about to expire. Throws PersonNeededError (exit 6) if there are none, or if they cannot be
 * renewed.
 */
export async function loginCredentials(step: LoginStep, plan: Plan, run: SourceRun): Promise<Credentials> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  // The package finds its cache only by this variable.
  process.env.AWS_LOGIN_CACHE_DIRECTORY = step.cacheFolder ?? loginCacheFolder(run.surroundings);
  const { fromLoginCredentials } = await import('@aws-sdk/credential-provider-login');
  const { requestHandler: agents, ...settings } = await clientSettings({
    credentials: null,
    target: step.target,
    connection: run.connection,
  });
  const { credentials: _, ...clientConfig } = settings;
  const { requestHandler, end } = await boundedHandler(agents, run.connection.timeoutMs ?? timeoutMs);
  await giveSdkFiles([plan.configPath, plan.credentialsPath]);
  const provider = fromLoginCredentials({
    profile: step.profile,
    configFilepath: plan.configPath,
    filepath: plan.credentialsPath,
    ignoreCache: true,
    clientConfig: { ...clientConfig, requestHandler },
  });
  const found = await provider()
    .catch((error: unknown) => {
      throw unanswered(end, step) ?? explain(error, step);
    })
    .finally(() => requestHandler.destroy());
  return credentialsFromReply(
    {
      AccessKeyId: found.accessKeyId,
      SecretAccessKey: found.secretAccessKey,
      SessionToken: found.sessionToken,
      Expiration: found.expiration,
    },
    0,
    null,
  );
}

/** The error if a request was made and AWS did not answer it: exit 9, as for every other call. */
function unanswered(
  { fault, status, isFromAws, timedOut }: RequestEnd,
  { target }: LoginStep,
): AwshError | null {
  const host =
    target.endpoint === null ? `the sign-in service in ${target.region}` : new URL(target.endpoint).host;
  if (isFromAws && status !== null && isPassingStatus(status)) return unavailableHost(host, status);
  if (fault === null && (status === null || (isFromAws && status !== 200))) return null;
  if (fault === null && status !== null)
    return unreachableHost(host, { $metadata: { httpStatusCode: status } });
  return unreachableHost(host, fault ?? {}, timedOut);
}

/** Its messages may quote the cache's content, so they are never shown. */
function explain(error: unknown, step: LoginStep): AwshError {
  const text = error instanceof Error ? error.message : '';
  const why = /expired/i.test(text)
    ? 'the sign-in has ended'
    : /password/i.test(text)
      ? 'the password has changed since then'
      : /permission/i.test(text)
        ? 'the signed-in user may not renew it (signin:CreateOAuth2Token)'
        : 'you are not signed in, or the sign-in cannot be renewed';
  return signInWithLogin(step, why);
}

/** The user has to sign in: exit 6, with the command. */
export function signInWithLogin({ profile }: Pick<LoginStep, 'profile'>, why: string): PersonNeededError {
  return new PersonNeededError(
    `profile ${JSON.stringify(printable(profile))} needs a sign-in`,
    why,
    loginCommand(profile),
    'sign-in',
  );
}
