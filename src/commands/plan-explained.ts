import { knownKeys } from '../diagnosis/index.ts';
import type { AwsFiles } from '../profiles/index.ts';
import {
  bundleFault,
  commandsOf,
  isCallStep,
  isSessionStep,
  type KeySource,
  missingSignIn,
  narrowingWord,
  type Plan,
  renewableCommand,
  type SignInState,
  type Step,
  type StsTarget,
  type Surroundings,
} from '../sessions/index.ts';
import { type AwshError, rfc3339 } from '../system/index.ts';
import type { SessionRecord } from '../vault/index.ts';
import { signInOfStep } from './sign-in-words.ts';

/** A step as `awsh explain --json` prints it; null means "none". */
export interface ExplainedStep {
  readonly step: number;
  readonly does: Step['kind'];
  readonly profile: string;
  /** The last four characters of the access key id. */
  readonly key: string | null;
  readonly role: string | null;
  /** The number of the step whose result signs this one. */
  readonly signedBy: number | null;
  readonly mfa: { readonly serial: string; readonly by: 'person' | 'mfa_process' } | null;
  readonly seconds: number | null;
  readonly secondsFrom: string | null;
  readonly capped: { readonly askedSeconds: number; readonly why: string } | null;
  readonly runs: string | null;
  /** An endpoint from the configuration, or the service's region. */
  readonly at: string | null;
  readonly reads: string | null;
  readonly cachedUntil: string | null;
  /** Session policies: ARNs, and the text of an inline policy. Absent if there are none. */
  readonly onlyWhat?: readonly string[];
  /** The name of the role's session; absent if each session gets a new one. */
  readonly sessionName?: string;
  /**
   * The expiry of session keys in plain text; absent if there are none, or if the file does not
   * give it.
   */
  readonly ends?: string;
  /** The sign-in that the step uses; absent if it uses none. */
  readonly signIn?: SignInState;
}

/** An error that `exec` would end with, known without a call. */
export interface ExplainedStop {
  readonly step: number;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly exitStatus: number;
}

export interface ExplainedPlan {
  readonly profile: string;
  /** `read-only`, `narrowed`, or null for all of the profile's permissions. */
  readonly access: string | null;
  readonly chain: readonly string[];
  readonly region: string | null;
  readonly endpointUrl: string | null;
  /** Other properties of the profile for programs, by the variables that SDKs read. */
  readonly variables: Readonly<Record<string, string>>;
  readonly steps: readonly ExplainedStep[];
  /** True if the settings ask for a reason: each reason has sessions of its own. */
  readonly needsReason: boolean;
  /** The numbers of the steps that would run now: those after the last cached one. */
  readonly now: readonly number[];
  /** What `exec` would stop at: a missing sign-in or token. */
  readonly missing: readonly ExplainedStop[];
  readonly notes: readonly string[];
  /** The source of each key of the profiles in the chain. */
  readonly keys: readonly KeySource[];
}

/** What a plan is explained with. `now` is in epoch milliseconds. */
interface PlanFacts {
  readonly files: AwsFiles;
  readonly keys: readonly KeySource[];
  readonly sessions: readonly SessionRecord[];
  readonly surroundings: Surroundings;
  /** The folder of awsh's own state files. */
  readonly state: string;
  readonly now: number;
  readonly needsReason: boolean;
}

/**
 * A plan, with the sessions that the index lists as cached and the errors that would stop it. Makes
 * no call.
 */
export function explainPlan(plan: Plan, facts: PlanFacts): ExplainedPlan {
  const { files, keys, sessions, surroundings, now } = facts;
  const steps = plan.steps.map((step, index) => {
    const signIn = signInOfStep(step, facts);
    const explained = explainStep(step, index, cachedUntil(plan, index, sessions, now));
    return { ...explained, ...(signIn !== null && { signIn }) };
  });
  const lastCached = steps.findLastIndex((step) => step.cachedUntil !== null);
  const missing = plan.steps.flatMap((step, index) => {
    const failure = index > lastCached ? missingSignIn(step, surroundings, now) : null;
    return failure === null ? [] : [stopOf(failure, index + 1)];
  });
  const bundle = bundleFault(plan, surroundings);
  if (bundle !== null) missing.push(stopOf(bundle, 1));
  return {
    profile: plan.profile,
    access: plan.narrowing === undefined ? null : narrowingWord(plan.narrowing),
    chain: plan.chain,
    region: plan.region,
    endpointUrl: plan.endpointUrl,
    variables: {
      ...plan.programVariables,
      ...plan.awsEndpoints,
      ...(plan.caBundle !== null && { AWS_CA_BUNDLE: plan.caBundle }),
    },
    steps,
    needsReason: facts.needsReason,
    now: steps.slice(lastCached + 1).map(({ step }) => step),
    missing,
    notes: [...plan.warnings, ...plan.notes, ...legacyNote(plan.steps[0], files)],
    keys: keys.filter(({ key }) => knownKeys.has(key)),
  };
}

/** How to replace a sign-in that cannot be renewed with one that can. */
function legacyNote(step: Step | undefined, files: AwsFiles): string[] {
  if (step?.kind !== 'GetRoleCredentials' || step.session !== null) return [];
  const { startUrl, tokenTarget } = step;
  const profile = step.signInProfile ?? step.profile;
  const command = renewableCommand({ profile, startUrl, region: tokenTarget.region }, files);
  return [`a sign-in by sso_start_url without sso_session cannot be renewed; for one that can: ${command}`];
}

const stopOf = ({ what, why = '', next = '', exitStatus }: AwshError, step: number): ExplainedStop => ({
  step,
  what,
  why,
  next,
  exitStatus,
});

function cachedUntil(
  plan: Plan,
  index: number,
  sessions: readonly SessionRecord[],
  now: number,
): Date | null {
  const step = plan.steps[index];
  const fresh = sessions.filter(
    ({ profile, kind, expires }) =>
      profile === step?.profile &&
      kind === step.kind &&
      (expires.getTime() - now) / 1000 >= plan.minTtlSeconds,
  );
  return fresh.find(({ id }) => id === plan.sessionIds[index])?.expires ?? null;
}

function explainStep(step: Step, index: number, cached: Date | null): ExplainedStep {
  const call = isCallStep(step) ? step : null;
  const mfa = call?.mfaSerial
    ? {
        serial: call.mfaSerial,
        by: call.mfaProcess === null ? ('person' as const) : ('mfa_process' as const),
      }
    : null;
  const duration = 'duration' in step ? step.duration : null;
  return {
    step: index + 1,
    does: step.kind,
    profile: step.profile,
    key: 'accessKeyId' in step ? step.accessKeyId.slice(-4) : null,
    role: roleOf(step),
    signedBy: call === null ? null : index,
    mfa,
    seconds: duration?.seconds ?? null,
    secondsFrom: duration?.from ?? null,
    capped: duration?.capped ?? null,
    runs: commandsOf(step)[0] ?? null,
    at: addressOf(step),
    reads: readBy(step),
    ...policiesOf(step),
    ...('roleSessionName' in step && step.roleSessionName !== null && { sessionName: step.roleSessionName }),
    ...(step.kind === 'static-keys' && step.expires !== null && { ends: rfc3339(step.expires) }),
    cachedUntil: cached === null || !isSessionStep(step) ? null : rfc3339(cached),
  };
}

function policiesOf(step: Step): { onlyWhat?: string[] } {
  if (!('policyArns' in step)) return {};
  const policies = [...step.policyArns, ...(step.policy === null ? [] : [step.policy])];
  return policies.length === 0 ? {} : { onlyWhat: policies };
}

function roleOf(step: Step): string | null {
  if ('roleArn' in step) return step.roleArn;
  return step.kind === 'GetRoleCredentials' ? `${step.roleName} in account ${step.account}` : null;
}

function addressOf(step: Step): string | null {
  if (step.kind === 'container') return step.url;
  if (step.kind === 'instance') return step.endpoint;
  if (step.kind === 'login') return null;
  return 'target' in step ? targetText(step.target) : null;
}

function targetText({ region, endpoint, fips, dualstack, global }: StsTarget): string {
  if (endpoint !== null) return endpoint;
  if (global) return 'sts.amazonaws.com';
  return [region, fips && '(FIPS)', dualstack && '(dual-stack)'].filter(Boolean).join(' ');
}

function readBy(step: Step): string | null {
  if (step.kind === 'static-keys') return `${step.place.file}:${step.place.line}`;
  if (step.kind === 'AssumeRoleWithWebIdentity' && 'file' in step.token) return step.token.file;
  if (step.kind === 'GetRoleCredentials')
    return step.session === null ? step.startUrl : `sso-session ${step.session}`;
  return step.kind === 'login' ? step.loginSession : null;
}
