import type { Place } from '../profiles/index.ts';
import type { SessionKind } from '../vault/index.ts';

/** How long a session is asked for, and what bent that. */
export interface StepDuration {
  readonly seconds: number;
  /** Where the number comes from: `default`, `duration_seconds`, `--duration`, or a variable's name. */
  readonly from: string;
  /** The longer time that was asked for, and the rule that cut it. */
  readonly capped: { readonly askedSeconds: number; readonly why: string } | null;
}

/** Where a call to STS goes. `endpoint` is null for the service's own. */
export interface StsTarget {
  readonly region: string;
  readonly endpoint: string | null;
}

/** The profile's access key, read from the vault; makes no call. */
export interface StoredKeysStep {
  readonly kind: 'stored-keys';
  readonly profile: string;
  readonly accessKeyId: string;
}

/** An access key that lies in plain text in an AWS file, read from it when the plan runs; makes no call. */
export interface StaticKeysStep {
  readonly kind: 'static-keys';
  readonly profile: string;
  readonly accessKeyId: string;
  readonly place: Place;
  /** True where the file holds a session (`aws_session_token`), which somebody else renews. */
  readonly temporary: boolean;
}

export interface GetSessionTokenStep {
  readonly kind: 'GetSessionToken';
  readonly profile: string;
  readonly mfaSerial: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

export interface SessionTag {
  readonly key: string;
  readonly value: string;
}

export interface AssumeRoleStep {
  readonly kind: 'AssumeRole';
  readonly profile: string;
  readonly roleArn: string;
  /** Null where the ARN comes from the environment. */
  readonly roleArnPlace: Place | null;
  /** Null: made from the time at the call, as aws-vault does. */
  readonly roleSessionName: string | null;
  readonly externalId: string | null;
  readonly sourceIdentity: string | null;
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
  /** A session policy (JSON) and managed policies' ARNs, which narrow what the role may do. */
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  readonly mfaSerial: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** A step that begins a chain: an access key, which is never cached as a session. */
export type KeyStep = StoredKeysStep | StaticKeysStep;
/** A step that calls STS and gives a session. */
export type CallStep = GetSessionTokenStep | AssumeRoleStep;
export type Step = KeyStep | CallStep;

/**
 * What turns a profile into credentials: known, and shown by `explain`, before any call. Each step is signed by what
 * the step before it gave.
 */
export interface Plan {
  readonly profile: string;
  /** The profiles of the chain, from the one asked for down to the one whose keys begin it. */
  readonly chain: readonly string[];
  readonly steps: readonly Step[];
  /** Cache ids, one a step: the hash of all that the step's session depends on; null where nothing is cached. */
  readonly sessionIds: readonly (string | null)[];
  readonly region: string | null;
  /** The profile's own endpoint_url, for the environment that is set. */
  readonly endpointUrl: string | null;
  /** Where STS is asked about the credentials themselves (GetCallerIdentity). */
  readonly target: StsTarget;
  /** A cached session with less time left is replaced (AWS_MIN_TTL; 300 by default). */
  readonly minTtlSeconds: number;
  /** The two files that the plan was made from. */
  readonly configPath: string;
  readonly credentialsPath: string;
  /** Said once to a person, never a reason to stop. */
  readonly notes: readonly string[];
}

/** What trust records of a plan (SECURITY 2): a digest of every resolved key of the chain except region and output. */
export interface PlanIdentity {
  readonly digest: string;
  readonly profile: string;
  /** From the role's ARN; null for plain keys, whose identity is the name of their source. */
  readonly account: string | null;
  readonly role: string | null;
  /** The profile whose keys begin the chain. */
  readonly source: string;
  /** Commands the plan would run (credential_process, mfa_process). */
  readonly commands: readonly string[];
  /** Endpoints from the config file that the plan would call. */
  readonly endpoints: readonly string[];
}

export function isCallStep(step: Step): step is CallStep {
  return step.kind === 'GetSessionToken' || step.kind === 'AssumeRole';
}

/** The kind under which a step's session is stored. */
export function sessionKind(step: CallStep): SessionKind {
  return step.kind;
}
