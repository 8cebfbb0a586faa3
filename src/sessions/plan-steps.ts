import type { Place } from '../profiles/index.ts';
import type { SessionKind } from '../vault/index.ts';
import type { Narrowing } from './narrowing.ts';

/** How long a session is asked for, and what bent that. */
export interface StepDuration {
  readonly seconds: number;
  /** Where the number comes from: `default`, `duration_seconds`, `--duration`, or a variable's name. */
  readonly from: string;
  /** `FILE:LINE` of a duration_seconds; missing for any other. */
  readonly where?: string;
  /** The longer time that was asked for, and the rule that cut it. */
  readonly capped: { readonly askedSeconds: number; readonly why: string } | null;
}

/** Where a call goes. `endpoint` is null for the service's own, and only then do the variants count. */
export interface StsTarget {
  readonly region: string;
  readonly endpoint: string | null;
  /** use_fips_endpoint. */
  readonly fips?: boolean;
  /** use_dualstack_endpoint. */
  readonly dualstack?: boolean;
  /** `sts_regional_endpoints = legacy`: the older regions share sts.amazonaws.com. */
  readonly global?: boolean;
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
  /** When that session ends; null if the file does not say so. */
  readonly expires: Date | null;
  /** The command that renews it; null if nothing says who wrote it. */
  readonly renew: string | null;
}

/** `credential_source = Environment`: the keys of the caller's environment; makes no call. */
export interface EnvironmentKeysStep {
  readonly kind: 'environment-keys';
  readonly profile: string;
  readonly accessKeyId: string;
  readonly temporary: boolean;
}

/** `credential_source = EcsContainer`: what the container's own agent gives at this address. */
export interface ContainerStep {
  readonly kind: 'container';
  readonly profile: string;
  readonly url: string;
}

/** `credential_source = Ec2InstanceMetadata`: the role of the machine that this runs on. */
export interface InstanceStep {
  readonly kind: 'instance';
  readonly profile: string;
  /** AWS's own address, or the one by `ec2_metadata_service_endpoint` or its variable. */
  readonly endpoint: string;
}

/** `login_session`: what `aws login` left in its cache, renewed there. */
export interface LoginStep {
  readonly kind: 'login';
  readonly profile: string;
  readonly loginSession: string;
  readonly target: StsTarget;
  /** The cache's folder; null for `~/.aws/login/cache`. */
  readonly cacheFolder: string | null;
}

/** A program of the person's own gives the credentials. */
export interface ProcessStep {
  readonly kind: 'process';
  readonly profile: string;
  readonly command: string;
  readonly place: Place;
}

/** A role by AssumeRoleWithWebIdentity: the token proves who asks, no key signs. */
export interface WebIdentityStep {
  readonly kind: 'AssumeRoleWithWebIdentity';
  readonly profile: string;
  readonly roleArn: string;
  readonly roleArnPlace: Place | null;
  /** The variables of the environment that gave the role or the token; missing if none did. */
  readonly variables?: readonly string[];
  readonly roleSessionName: string | null;
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  /** A file that somebody keeps fresh, or a command that prints the token. */
  readonly token: { readonly file: string } | { readonly command: string };
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** A role of IAM Identity Center, by the token of a sign-in. */
export interface RoleCredentialsStep {
  readonly kind: 'GetRoleCredentials';
  readonly profile: string;
  /** The profile that has the sso keys, if another one by include_profile. */
  readonly signInProfile?: string;
  /** The sso-session's name, or null where the profile has sso_start_url itself. */
  readonly session: string | null;
  readonly startUrl: string;
  readonly account: string;
  readonly roleName: string;
  /** The access portal; its region is sso_region. */
  readonly target: StsTarget;
  /** Where the sign-in is renewed (IAM Identity Center OIDC). */
  readonly tokenTarget: StsTarget;
}

export interface GetSessionTokenStep {
  readonly kind: 'GetSessionToken';
  readonly profile: string;
  readonly mfaSerial: string | null;
  /** The command that prints the code, in place of a person. */
  readonly mfaProcess: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** What a key's session is narrowed by; the profile's own MFA device has no part in it. */
export interface FederationTokenStep {
  readonly kind: 'GetFederationToken';
  readonly profile: string;
  /** AWS shows it in the session's ARN: 2 to 32 characters. */
  readonly name: string;
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  readonly mfaSerial: null;
  readonly mfaProcess: null;
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
  /** The variables of the environment that gave the role or the token; missing if none did. */
  readonly variables?: readonly string[];
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
  readonly mfaProcess: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** A step that begins a chain with what somebody else keeps and renews: never cached as a session. */
export type KeyStep =
  | StoredKeysStep
  | StaticKeysStep
  | EnvironmentKeysStep
  | ContainerStep
  | InstanceStep
  | LoginStep;
/** A step that begins a chain and gives a session, signed by nothing before it. */
export type TokenStep = ProcessStep | WebIdentityStep | RoleCredentialsStep;
/** A step that calls STS, signed by what the step before it gave. */
export type CallStep = GetSessionTokenStep | AssumeRoleStep | FederationTokenStep;
/** A step whose result is a session, kept until it ends. */
export type SessionStep = TokenStep | CallStep;
export type SourceStep = KeyStep | TokenStep;
export type Step = KeyStep | SessionStep;

/**
 * What turns a profile into credentials: known, and shown by `explain`, before any call. Each step is signed by what
 * the step before it gave.
 */
export interface Plan {
  readonly profile: string;
  /** What its session is narrowed by; absent for all that the profile may do. */
  readonly narrowing?: Narrowing;
  /** Absent unless its sessions are kept short by a time box. */
  readonly atMostSeconds?: number;
  /** What its roles' sessions are called by the setting role_session_name; absent if that is not set. */
  readonly sessionNaming?: string;
  /** The profile that was asked for, if another one (`read_only_profile`) is used in its place. */
  readonly inPlaceOf?: string;
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
  /** The profile's `ca_bundle`: a file of certificate authorities. AWS_CA_BUNDLE beats it. */
  readonly caBundle: string | null;
  readonly caBundlePlace?: Place | null;
  /** What else the profile says of the programs' calls, by the variables that SDKs read; see programVariables. */
  readonly programVariables: Readonly<Record<string, string>>;
  /** AWS's own endpoints for programs, as such variables, for what [default] would send elsewhere; see defaultServices. */
  readonly awsEndpoints: Readonly<Record<string, string>>;
  /** What programs do that the profile does not say. Every way in which credentials are given prints it. */
  readonly programWarnings: readonly string[];
  /** A cached session with less time left is replaced (AWS_MIN_TTL; 300 by default). */
  readonly minTtlSeconds: number;
  /** The two files that the plan was made from. */
  readonly configPath: string;
  readonly credentialsPath: string;
  /** Said once to a person, never a reason to stop. */
  readonly notes: readonly string[];
  /** Why the profile gives another identity than its lines suggest: `exec` and `export` print it each time. */
  readonly warnings: readonly string[];
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
  /** Commands the plan would run (credential_process, mfa_process, web_identity_token_process). */
  readonly commands: readonly string[];
  /** Endpoints from the config file that the plan or the programs with its credentials would call. */
  readonly endpoints: readonly string[];
}

export function isCallStep(step: Step): step is CallStep {
  return step.kind === 'GetSessionToken' || step.kind === 'AssumeRole' || step.kind === 'GetFederationToken';
}

const keyKinds: readonly Step['kind'][] = [
  'stored-keys',
  'static-keys',
  'environment-keys',
  'container',
  'instance',
  'login',
] satisfies KeyStep['kind'][];

export function isSessionStep(step: Step): step is SessionStep {
  return !keyKinds.includes(step.kind);
}

/** False for a long-term access key; all else ends by itself, and AWS gives a role assumed with it one hour. */
export function isTemporary(step: Step): boolean {
  if (step.kind === 'static-keys' || step.kind === 'environment-keys') return step.temporary;
  return step.kind !== 'stored-keys';
}

/** The kind under which a step's session is stored. */
export function sessionKind(step: SessionStep): SessionKind {
  return step.kind;
}
