import { AgentFlights } from '../agent/index.ts';
import type { CommandInput, Context } from '../cli/index.ts';
import { regionOfShortName } from '../profiles/index.ts';
import { terminalName } from '../prompt/index.ts';
import { grantOf } from '../record/index.ts';
import {
  credentialsFor,
  isKnownProfile,
  notesForProgram,
  type Plan,
  type PlanOptions,
  type PlanRequest,
  pinOfChoice,
  pinOfRole,
  planFor,
  programIdentity,
  type SessionFlights,
  type TimeBox,
  targetOf,
} from '../sessions/index.ts';
import { hasLimits, sessionNaming } from '../settings/index.ts';
import { type Identity, unloadedEnvironment } from '../shell/index.ts';
import {
  type Credentials,
  findProgram,
  PersonNeededError,
  printable,
  refuseWhileLocked,
  requireDuration,
  shellWord,
  UsageError,
} from '../system/index.ts';
import { namedRequest, namedRole } from './ad-hoc-role.ts';
import { refuseInsideOnly, refuseNesting } from './nested-request.ts';
import { pickProfile } from './pick-profile.ts';
import { recordHere, recordingRefusals } from './record-here.ts';

/** The credentials that `exec` or `export` was asked for. */
export interface RequestedSession {
  readonly credentials: Credentials;
  readonly identity: Identity;
}

/** The plan that makes them. */
export interface RequestedPlan {
  readonly plan: Plan;
  readonly identity: Identity;
  /** The time that limits it; null if there is no limit. */
  readonly box: TimeBox | null;
}

/**
 * The credentials that the command line names. The environment counts as for aws-vault, but
 * credentials that awsh itself loaded into the calling shell are ignored. `check` may refuse the
 * plan before any call.
 */
export async function requestedSession(
  context: Context,
  input: CommandInput,
  { command, check }: { command: 'exec' | 'export'; check?: (plan: Plan) => void },
): Promise<RequestedSession> {
  const { plan, identity, box } = await requestedPlan(context, input, { command });
  check?.(plan);
  const credentials = await requestedCredentials(context, input, plan, { refresh: input.flag('refresh') });
  await recordHere(context, grantOf(command, plan, credentials), input.command);
  if (box !== null) {
    const { noteOnEnd } = await import('./plan-limits.ts');
    const asked = { now: context.clock.now(), isAsked: input.value('for') !== undefined };
    const note = noteOnEnd(credentials, box, asked);
    if (note !== null) context.output.tell(`awsh: ${note}`);
  }
  return { credentials, identity };
}

/** The plan that the command line names. Calls nothing and asks nothing yet. */
export async function requestedPlan(
  context: Context,
  input: CommandInput,
  asked: PlanQuestion,
): Promise<RequestedPlan> {
  const plan = () => askedPlan(context, input, asked);
  return recordingRefusals(context, asked.verb ?? asked.command, plan, input);
}

interface PlanQuestion {
  readonly command: 'exec' | 'export';
  readonly verb?: 'serve';
  readonly options?: PlanOptions;
}

async function askedPlan(
  context: Context,
  input: CommandInput,
  { command, options }: PlanQuestion,
): Promise<RequestedPlan> {
  refuseInsideOnly(context.environment);
  refuseNesting(context.environment, command);
  refuseWhileLocked(context.paths);
  const environment = unloadedEnvironment(context.environment);
  const given = input.argument('PROFILE') ?? (command === 'exec' ? environment.AWS_PROFILE : undefined);
  const vault = await context.vault();
  const files = await context.awsFiles();
  const asked = {
    ...planOptions(input),
    ...(await narrowingOptions(input, context)),
    ...(await namingOptions(context)),
    ...options,
  };
  const supervised = await supervisedHere(context, asked);
  const request = { files, keys: vault.keys(), environment, options: supervised.options };
  if (command === 'exec') refuseSecondProfile(context, input, request);
  const wanted = namedRequest(input, request, given) ?? {
    ...request,
    profile: await pickProfile(context, command),
  };
  const usual = await limited(context, input, wanted, planFor(wanted));
  await supervised.confirm(usual.plan, input.value('reason'));
  const reasoned = await withReason(context, input, wanted, usual.plan);
  // A time begins after the questions.
  const { plan, box } =
    reasoned === wanted ? usual : await limited(context, input, reasoned, planFor(reasoned));
  for (const warning of plan.warnings) context.output.tell(`awsh: ${warning}`);
  const role = command === 'exec' ? namedRole(input, request) : null;
  const found = programIdentity(plan, environment);
  const { narrowing, inPlaceOf, reason } = plan;
  // AWS_VAULT names the source, the removed permissions and the time, because `awsh refresh` in the
  // new shell has no other information but AWSH_REASON.
  const named = role === null ? (inPlaceOf ?? found.profile) : pinOfRole(role);
  const pin = pinOfChoice({ profile: named, ...(narrowing && { narrowing }), ...(box && { box }) });
  const forCommand = { ...found, profile: pin, ...(reason && { reason: reason.text }) };
  const identity = command === 'exec' ? forCommand : found;
  return { plan: { ...plan, notes: notesForProgram(plan) }, identity, box };
}

/**
 * The permissions of a coding agent, if the settings limit them. Detecting one is not in the small
 * bundles.
 */
async function supervisedHere(
  context: Context,
  options: PlanOptions,
): Promise<{ options: PlanOptions; confirm: (plan: Plan, reason?: string) => Promise<void> }> {
  const asIs = { options, confirm: async () => {} };
  if ((await context.settings()).codingAgents === 'same') return asIs;
  const { supervision, supervisedOptions, confirmForAgent } = await import('./coding-agent.ts');
  const found = await supervision(context);
  if (found === null) return asIs;
  return {
    options: supervisedOptions(options, found),
    confirm: (plan, reason) => confirmForAgent(context, plan, found, reason),
  };
}

/** Most command lines and settings limit nothing, so the limits are not in the small bundles. */
async function limited(
  context: Context,
  input: CommandInput,
  request: PlanRequest,
  plan: Plan,
): Promise<{ plan: Plan; box: TimeBox | null }> {
  if (input.value('for') === undefined && !(await isLimited(context, plan))) return { plan, box: null };
  const { givenBox, limitedPlan } = await import('./plan-limits.ts');
  return limitedPlan(context, givenBox(input, context), request, plan);
}

async function isLimited(context: Pick<Context, 'settings'>, plan: Plan): Promise<boolean> {
  const settings = await context.settings();
  const names = [plan.profile, plan.inPlaceOf ?? plan.profile];
  return names.some((profile) => hasLimits(settings, { ...targetOf(plan), profile }));
}

/** The request with the user's reason, if there is one. */
export async function withReason(
  context: Context,
  input: CommandInput,
  request: PlanRequest,
  plan = planFor(request),
): Promise<PlanRequest> {
  if (input.value('reason') === undefined && !(await isLimited(context, plan))) return request;
  const { requestWithReason } = await import('./session-reason.ts');
  return requestWithReason(context, input, request, plan);
}

/**
 * In `awsh --profile k exec s3p`, the next word is the command. Throws UsageError if it is a
 * profile and not a program, because the user then meant two profiles.
 */
function refuseSecondProfile(
  { environment }: Context,
  input: CommandInput,
  { files, keys }: Pick<PlanRequest, 'files' | 'keys'>,
): void {
  const profile = input.value('profile');
  const [word, ...rest] = input.command ?? [];
  if (profile === undefined || word === undefined || word.includes('/')) return;
  if (!isKnownProfile(word, files, () => keys) || findProgram(word, environment.PATH) !== null) return;
  const command = rest[0] === '--' ? rest.slice(1) : rest;
  const words = [word, ...(command.length > 0 ? ['--', ...command] : [])];
  throw new UsageError(
    `--profile is ${JSON.stringify(printable(profile))}, and ${JSON.stringify(printable(word))} is a profile, too`,
    `with --profile the next word is the command, and there is no program ${printable(word)}; exec uses one profile`,
    ['awsh exec', ...words.map(shellWord)].join(' '),
  );
}

/** The plan's credentials; the user may be asked. */
export async function requestedCredentials(
  context: Context,
  input: CommandInput,
  plan: Plan,
  { refresh = false }: { refresh?: boolean } = {},
): Promise<Credentials> {
  const run = {
    vault: await context.vault(),
    prompter: await context.prompter(),
    clock: context.clock,
    locks: context.paths.locks,
    mfaToken: input.value('mfa-token'),
    refresh,
    flights: await sharedFlights(context),
    surroundings: unloadedEnvironment(context.environment),
    say: (line: string) => context.output.tell(`awsh: ${line}`),
    trace: debugTrace(context),
  };
  return credentialsFor(plan, run).catch(async (error: unknown) => {
    if (!(error instanceof PersonNeededError)) throw error;
    const { offerSignIn } = await import('./offer-sign-in.ts');
    if (!(await offerSignIn(context, plan, error))) throw error;
    return credentialsFor(plan, run);
  });
}

/** The lines of `--debug`, on stderr. */
export function debugTrace({ globals, output }: Context): ((line: string) => void) | undefined {
  return globals.debug ? (line) => output.tell(`awsh: debug: ${line}`) : undefined;
}

/**
 * Makes sure that the user is not asked for something that another terminal is already asking for,
 * with an agent or without.
 */
export async function sharedFlights(context: Context): Promise<SessionFlights> {
  const agent = await context.agent();
  const onWait = (terminal: string | null) => {
    const who =
      terminal === null
        ? 'another awsh is fetching this session'
        : `the question for this session is open on ${terminal}`;
    context.output.tell(`awsh: ${who}, waiting for it`);
  };
  const { leases } = context.paths;
  return new AgentFlights(agent, {
    // Computed only before a question: loading Node's terminal module takes as long as finding a
    // session.
    get terminal() {
      return terminalName();
    },
    leases,
    patience: 'command',
    onWait,
  });
}

/** The plan options of `exec`, `export`, `explain` and `login`. */
export function planOptions(input: CommandInput): PlanOptions {
  const duration = input.value('duration');
  const region = input.value('region');
  return {
    noSession: input.flag('no-session'),
    ...(duration !== undefined && { durationSeconds: requireDuration('--duration', duration) }),
    ...(region !== undefined && { region: regionOfShortName(region) }),
  };
}

/** The permissions to remove from the profile. Reading them is not in the small bundles. */
export async function narrowingOptions(
  input: CommandInput,
  context: Pick<Context, 'cwd'>,
): Promise<Pick<PlanOptions, 'narrowing'>> {
  const isAsked =
    input.flag('read-only') || input.value('policy') !== undefined || input.value('policy-arn') !== undefined;
  if (!isAsked) return {};
  const { givenNarrowing } = await import('./narrowing-options.ts');
  return givenNarrowing(input, context);
}

/** The names of role sessions, if the settings give them. */
export async function namingOptions(
  context: Pick<Context, 'cwd' | 'settings'>,
): Promise<Pick<PlanOptions, 'sessionNaming'>> {
  const naming = sessionNaming(await context.settings(), context.cwd);
  return naming === undefined ? {} : { sessionNaming: naming };
}
