// The credentials of a tool that calls awsh by itself (docker, kubectl). Never asks the user.
import { quietPinentry } from '../agent/index.ts';
import { type Context, openContext } from '../cli/index.ts';
import { TrustStore } from '../directory/index.ts';
import { directoryPlan } from '../loading/index.ts';
import { realRegion } from '../profiles/index.ts';
import { type GrantVerb, grantOfKeys } from '../record/index.ts';
import {
  credentialsFor,
  type Plan,
  type PlanOptions,
  planFor,
  type StsConnection,
  type StsTarget,
  targetOf,
  verifyAccount,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import {
  AwshError,
  asRefusal,
  type Credentials,
  type Environment,
  NoCredentialsError,
  printable,
  type RefusalCause,
  RefusedError,
  refuseWhileLocked,
  Secret,
  shellCommand,
} from '../system/index.ts';
import { refuseProtected, supervision, unaskedOptions } from './coding-agent.ts';
import { limitedPlan } from './plan-limits.ts';
import { recordHere, recordingRefusals } from './record-here.ts';
import { namingOptions, sharedFlights } from './requested-session.ts';
import { needsReason } from './session-reason.ts';

export interface ToolRequest {
  readonly verb: GrantVerb;
  /** From the command line or a setting. */
  readonly profile: string | null;
  readonly options?: PlanOptions;
}

export interface ToolCredentials {
  readonly credentials: Credentials;
  /** The STS endpoint for these credentials. */
  readonly target: StsTarget;
  readonly connection: StsConnection;
  /** Null for Amazon ECR's own. */
  readonly ecrEndpoint: string | null;
}

/**
 * The credentials of the named profile; else the keys in the environment (a shell that awsh has
 * loaded, `awsh exec`); else of AWS_PROFILE; else of this directory's profile, if its file is
 * allowed. The grant is recorded.
 */
export async function toolCredentials(context: Context, request: ToolRequest): Promise<ToolCredentials> {
  const named = request.profile ?? unloadedEnvironment(context.environment).AWS_PROFILE;
  const asked = { argument: () => named || undefined, command: null };
  return recordingRefusals(context, request.verb, () => credentialsOf(context, request), asked);
}

async function credentialsOf(context: Context, request: ToolRequest): Promise<ToolCredentials> {
  refuseWhileLocked(context.paths);
  const given = askingNobody(context);
  const found = await findSource(given, request);
  const surroundings = unloadedEnvironment(given.environment);
  if (found.kind === 'keys') {
    await recordHere(given, grantOfKeys(request.verb, null, found.credentials));
    const ecrEndpoint = given.environment.AWS_ENDPOINT_URL_ECR || given.environment.AWS_ENDPOINT_URL || null;
    return {
      credentials: found.credentials,
      target: found.target,
      connection: { surroundings },
      ecrEndpoint,
    };
  }
  const { plan, account } = found;
  const { caBundle, caBundlePlace, target } = plan;
  const connection = { surroundings, caBundle, caBundlePlace };
  const made = await sessionOf(given, plan, surroundings);
  const credentials = account === null ? made : await verifyAccount(made, account, target, connection);
  await recordHere(given, grantOfKeys(request.verb, plan, credentials));
  const ecrEndpoint = plan.programVariables.AWS_ENDPOINT_URL_ECR ?? plan.endpointUrl;
  return { credentials, target, connection, ecrEndpoint };
}

type Source =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly account: string | null }
  | { readonly kind: 'keys'; readonly credentials: Credentials; readonly target: StsTarget };

async function findSource(context: Context, { profile, options = {} }: ToolRequest): Promise<Source> {
  const { environment, clock } = context;
  const keys = profile === null ? keysOf(environment, clock.now()) : null;
  if (keys !== null) {
    const region = options.region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || '');
    const endpoint = environment.AWS_ENDPOINT_URL_STS || environment.AWS_ENDPOINT_URL || null;
    const target = { region: realRegion(region)?.region ?? (region || 'us-east-1'), endpoint };
    return { kind: 'keys', credentials: keys, target };
  }
  if (environment.AWS_PROFILE === 'awsh-blocked' && profile === null)
    throw new NoCredentialsError('this shell has no credentials', 'awsh could not load them', 'awsh status');
  const plain = unloadedEnvironment(environment);
  const named = profile ?? plain.AWS_PROFILE;
  if (!named) return ofDirectory(context);
  const request = {
    files: await context.awsFiles(),
    keys: (await context.vault()).keys(),
    environment: plain,
  };
  const asked = { ...options, ...(await namingOptions(context)) };
  const agent = await supervision(context);
  const permitted = {
    ...request,
    profile: named,
    options: agent === null ? asked : unaskedOptions(asked, agent),
  };
  const plan = planFor(permitted);
  if (agent !== null) await refuseProtected(context, plan, agent);
  if (await needsReason(context, plan))
    throw unaskable(plan, 'no reason', 'it is protected and needs a reason (reason=required)');
  // A protected profile with `max` gives no longer session here either.
  const { plan: within } = await limitedPlan(context, null, permitted, plan);
  return { kind: 'plan', plan: within, account: null };
}

async function ofDirectory(context: Context): Promise<Source> {
  const { paths, clock, cwd } = context;
  const [settings, files, vault] = [
    await context.settings(),
    await context.awsFiles(),
    await context.vault(),
  ];
  const trust = new TrustStore(paths.trust, clock);
  const agent = await supervision(context);
  if (agent !== null) unaskedOptions({}, agent);
  const codingAgent = agent === null ? undefined : { name: agent.agent.name, rule: agent.rule };
  const services = { paths, settings, trust, awsFiles: () => files, keys: () => vault.keys(), codingAgent };
  const found = directoryPlan(cwd, services);
  if (found.kind === 'none')
    throw new NoCredentialsError(
      'no profile says whose credentials to use',
      `there is no .awsprofile in ${printable(cwd)} or above it, and AWS_PROFILE is not set`,
      'awsh list --profiles',
    );
  if (found.kind === 'refused') {
    const { state, reason, next } = found.record;
    throw new AwshError(
      'notTrusted',
      `this directory's profile is not used: ${state}`,
      reason,
      next ?? undefined,
    );
  }
  if (agent !== null) await refuseProtected(context, found.plan, agent);
  if (!found.isProtected) return found;
  throw unaskable(found.plan, 'not confirmed', 'it is protected and needs your confirmation');
}

function unaskable(plan: Plan, cause: RefusalCause, why: string): RefusedError {
  const error = new RefusedError(
    `profile ${JSON.stringify(printable(plan.profile))} cannot be used here`,
    `${why}, and this command cannot ask; run it in a shell that has loaded the profile`,
    shellCommand`awsh use ${plan.profile}`,
  );
  return asRefusal(error, cause, targetOf(plan));
}

/** Null if there are none, or if they were awsh's and have expired. */
function keysOf(environment: Environment, now: number): Credentials | null {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: token,
  } = environment;
  if (!accessKeyId || !secret) return null;
  const ends = Number(environment.AWSH_EXPIRES || Number.NaN);
  if (ends * 1000 <= now) return null;
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : null,
    expiration: Number.isNaN(ends) ? null : new Date(ends * 1000),
    accountId: null,
    arn: null,
  };
}

async function sessionOf(context: Context, plan: Plan, surroundings: Environment): Promise<Credentials> {
  return credentialsFor(plan, {
    vault: await context.vault(),
    prompter: await context.prompter(),
    clock: context.clock,
    locks: context.paths.locks,
    flights: await sharedFlights(context),
    surroundings,
  });
}

function askingNobody(context: Context): Context {
  const environment = { ...context.environment, ...quietPinentry(context.environment) };
  return openContext({ ...context, environment, asksNobody: true });
}
