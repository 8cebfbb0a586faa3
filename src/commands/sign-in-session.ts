import type { CommandInput, Context } from '../cli/index.ts';
import { realRegion } from '../profiles/index.ts';
import {
  callerIdentity,
  federationDuration,
  federationToken,
  type Plan,
  type StsConnection,
  type StsTarget,
  signInPlanFor,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, type Credentials, type Environment, Secret, UsageError } from '../system/index.ts';
import { namedRequest } from './ad-hoc-role.ts';
import { canPickProfile, pickProfile } from './pick-profile.ts';
import { namingOptions, planOptions, requestedCredentials, withReason } from './requested-session.ts';

/** The credentials that open the console, and their identity as AWS reports it. */
export interface SignInSession {
  readonly credentials: Credentials;
  readonly arn: string;
  /** Null for keys from the environment. */
  readonly plan: Plan | null;
  readonly region: string | null;
  /** From the config file; null for AWS's own. */
  readonly endpoint: string | null;
  readonly connection: StsConnection;
}

/** Throws UsageError (exit 2) if no credentials are named, and none can be chosen. */
export function checkSignInSource(context: Context, input: CommandInput): void {
  const { environment } = context;
  const profile = input.argument('PROFILE') ?? unloadedEnvironment(environment).AWS_PROFILE;
  if (profile || input.value('role-arn') !== undefined || canPickProfile(context)) return;
  requireEnvironmentKeys(environment);
}

/**
 * The credentials of the named profile, also by AWS_PROFILE; otherwise those in the environment, or
 * of the profile that the user chooses now.
 */
export async function signInSession(context: Context, input: CommandInput): Promise<SignInSession> {
  const { environment } = context;
  const profile = input.argument('PROFILE') ?? unloadedEnvironment(environment).AWS_PROFILE;
  if (profile || input.value('role-arn') !== undefined) return ofProfile(context, input, profile);
  const hasKeys = Boolean(environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY);
  if (hasKeys || !canPickProfile(context)) return ofEnvironment(environment, input);
  return ofProfile(context, input, await pickProfile(context, 'login'));
}

async function ofProfile(
  context: Context,
  input: CommandInput,
  profile: string | undefined,
): Promise<SignInSession> {
  const environment = unloadedEnvironment(context.environment);
  const vault = await context.vault();
  const files = await context.awsFiles();
  const options = { ...planOptions(input), ...(await namingOptions(context)) };
  const asked = { files, keys: vault.keys(), environment, options };
  const named = namedRequest(input, asked, profile);
  if (named === null) throw new RangeError('neither a profile nor a role is named');
  const request = await withReason(context, input, named);
  const { plan, federationSeconds, endpoint } = signInPlanFor(request);
  const credentials = await requestedCredentials(context, input, plan);
  const connection = {
    surroundings: environment,
    caBundle: plan.caBundle,
    caBundlePlace: plan.caBundlePlace,
  };
  const arn = await arnOf(credentials, plan.target, connection);
  const federation = { arn, seconds: federationSeconds, target: plan.target };
  const session = needsFederation(arn, credentials)
    ? await federationToken(credentials, federation, connection)
    : credentials;
  return { credentials: session, arn, plan, region: plan.region, endpoint, connection };
}

/** Keys in the environment, from something else or loaded by awsh itself into this shell. */
function requireEnvironmentKeys(environment: Environment): { accessKeyId: string; secret: string } {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = environment;
  if (accessKeyId && secret) return { accessKeyId, secret };
  const why = 'none was named, and there are no credentials in this shell';
  throw new UsageError('awsh login needs a profile', why, 'awsh list --profiles');
}

async function ofEnvironment(environment: Environment, input: CommandInput): Promise<SignInSession> {
  const { accessKeyId, secret } = requireEnvironmentKeys(environment);
  const region =
    planOptions(input).region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || null);
  const token = environment.AWS_SESSION_TOKEN || null;
  const credentials: Credentials = {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: token === null ? null : new Secret(token),
    expiration: null,
    accountId: null,
    arn: null,
  };
  const endpoint = environment.AWS_ENDPOINT_URL_STS || environment.AWS_ENDPOINT_URL || null;
  const target = { region: realRegion(region ?? '')?.region ?? region ?? 'us-east-1', endpoint };
  const connection = { surroundings: environment };
  const seconds = federationDuration({ environment, options: planOptions(input) });
  const arn = await arnOf(credentials, target, connection);
  const session = needsFederation(arn, credentials)
    ? await federationToken(credentials, { arn, seconds, target }, connection)
    : credentials;
  // The environment's endpoint is only asked for the identity; it gets no session for the sign-in
  // (security rule 4).
  return { credentials: session, arn, plan: null, region, endpoint: null, connection };
}

async function arnOf(
  credentials: Credentials,
  target: StsTarget,
  connection: StsConnection,
): Promise<string> {
  return credentials.arn ?? (await callerIdentity(credentials, target, connection)).arn;
}

/**
 * AWS signs in only roles and federated users ("getSigninToken": IAM User Guide, custom identity
 * broker). A user becomes a federated one by GetFederationToken, which needs the key itself and not
 * one of its sessions.
 */
function needsFederation(arn: string, { sessionToken }: Credentials): boolean {
  if (/^arn:[a-z-]+:sts::[0-9]{12}:(assumed-role|federated-user)\//.test(arn)) return false;
  if (sessionToken === null) return true;
  throw new AwshError(
    'other',
    'a session of an IAM user cannot open the console',
    `AWS says these credentials are ${arn}; name a profile of a role, or of a user whose key is stored`,
    'awsh list --profiles',
  );
}
