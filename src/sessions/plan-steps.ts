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

/** The profile's access key, read from the vault; the one step that makes no call. */
export interface StoredKeysStep {
  readonly kind: 'stored-keys';
  readonly profile: string;
  readonly accessKeyId: string;
}

export interface GetSessionTokenStep {
  readonly kind: 'GetSessionToken';
  readonly profile: string;
  readonly mfaSerial: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

export interface AssumeRoleStep {
  readonly kind: 'AssumeRole';
  readonly profile: string;
  readonly roleArn: string;
  readonly roleArnPlace: Place | null;
  /** Null: made from the time at the call, as aws-vault does. */
  readonly roleSessionName: string | null;
  readonly externalId: string | null;
  readonly mfaSerial: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

export type Step = StoredKeysStep | GetSessionTokenStep | AssumeRoleStep;

/**
 * What turns a profile into credentials: known, and shown by `explain`, before any call. Each step is signed by what
 * the step before it gave.
 */
export interface Plan {
  readonly profile: string;
  readonly steps: readonly Step[];
  /** Cache ids, one a step: the hash of all that the step's session depends on; null where nothing is cached. */
  readonly sessionIds: readonly (string | null)[];
  readonly region: string | null;
  /** The profile's own endpoint_url, for the environment that is set. */
  readonly endpointUrl: string | null;
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
  /** The profile whose stored keys begin the chain. */
  readonly source: string;
  /** Commands the plan would run (credential_process, mfa_process). */
  readonly commands: readonly string[];
  /** Endpoints from the config file that the plan would call. */
  readonly endpoints: readonly string[];
}

/** The kind under which a step's session is stored. */
export function sessionKind(step: GetSessionTokenStep | AssumeRoleStep): SessionKind {
  return step.kind;
}
