import type { Place } from '../profiles/index.ts';
import type { SessionKind } from '../vault/index.ts';
import type { Narrowing } from './narrowing.ts';
import type { SessionReason } from './reason.ts';

/** The requested duration of a session, and what changed it. */
export interface StepDuration {
  readonly seconds: number;
  /**
   * The source of the number: `default`, `duration_seconds`, `--duration`, or a variable's name.
   */
  readonly from: string;
  /** `FILE:LINE` of a duration_seconds; undefined for any other source. */
  readonly where?: string;
  /** The longer duration that was asked for, and the rule that shortened it. */
  readonly capped: { readonly askedSeconds: number; readonly why: string } | null;
}

/** Where a call goes. `endpoint` is null for the service's own; only then do the variants apply. */
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

/** An access key in plain text in an AWS file, read from it when the plan runs; makes no call. */
export interface StaticKeysStep {
  readonly kind: 'static-keys';
  readonly profile: string;
  readonly accessKeyId: string;
  readonly place: Place;
  /** True if the file contains a session (`aws_session_token`), which another program renews. */
  readonly temporary: boolean;
  /** The expiry of that session; null if the file does not give it. */
  readonly expires: Date | null;
  /** The command that renews it; null if the program that wrote it is unknown. */
  readonly renew: string | null;
}

/** `credential_source = Environment`: the keys in the caller's environment; makes no call. */
export interface EnvironmentKeysStep {
  readonly kind: 'environment-keys';
  readonly profile: string;
  readonly accessKeyId: string;
  readonly temporary: boolean;
}

/**
 * `credential_source = EcsContainer`: the credentials from the container's own agent at this
 * address.
 */
export interface ContainerStep {
  readonly kind: 'container';
  readonly profile: string;
  readonly url: string;
}

/** `credential_source = Ec2InstanceMetadata`: the role of this machine. */
export interface InstanceStep {
  readonly kind: 'instance';
  readonly profile: string;
  /** AWS's own address, or that of `ec2_metadata_service_endpoint` or its variable. */
  readonly endpoint: string;
}

/** `login_session`: the credentials that `aws login` left in its cache, renewed there. */
export interface LoginStep {
  readonly kind: 'login';
  readonly profile: string;
  readonly loginSession: string;
  readonly target: StsTarget;
  /** The cache's folder; null for `~/.aws/login/cache`. */
  readonly cacheFolder: string | null;
}

/** A program of the user's gives the credentials. */
export interface ProcessStep {
  readonly kind: 'process';
  readonly profile: string;
  readonly command: string;
  readonly place: Place;
}

/** A role by AssumeRoleWithWebIdentity: a token proves the identity, and no key signs. */
export interface WebIdentityStep {
  readonly kind: 'AssumeRoleWithWebIdentity';
  readonly profile: string;
  readonly roleArn: string;
  readonly roleArnPlace: Place | null;
  /** The variables that gave the role or the token; undefined if none did. */
  readonly variables?: readonly string[];
  readonly roleSessionName: string | null;
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  /** A file that another program keeps up to date, or a command that prints the token. */
  readonly token: { readonly file: string } | { readonly command: string };
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** A role of IAM Identity Center, by the token of a sign-in. */
export interface RoleCredentialsStep {
  readonly kind: 'GetRoleCredentials';
  readonly profile: string;
  /** The profile with the sso properties, if it is another one (include_profile). */
  readonly signInProfile?: string;
  /** The sso-session's name, or null if the profile itself has sso_start_url. */
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
  /** The command that prints the code, so that the user is not asked. */
  readonly mfaProcess: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** Narrows the session of an access key. The profile's own MFA device is not used. */
export interface FederationTokenStep {
  readonly kind: 'GetFederationToken';
  readonly profile: string;
  /** AWS shows it in the session's ARN: 2 to 32 characters. */
  readonly name: string;
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  /** Only the user's reason; absent if there is none. */
  readonly tags?: readonly SessionTag[];
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
  /** Null if the ARN comes from the environment. */
  readonly roleArnPlace: Place | null;
  /** The variables that gave the role or the token; undefined if none did. */
  readonly variables?: readonly string[];
  /** Null: made from the time of the call, as in aws-vault. */
  readonly roleSessionName: string | null;
  readonly externalId: string | null;
  readonly sourceIdentity: string | null;
  readonly tags: readonly SessionTag[];
  /** How the user's reason is in it; absent if there is none. */
  readonly reasonAs?: SessionReason['as'];
  readonly transitiveTagKeys: readonly string[];
  /**
   * A session policy (JSON) and the ARNs of managed policies, which narrow the role's permissions.
   */
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  readonly mfaSerial: string | null;
  readonly mfaProcess: string | null;
  readonly duration: StepDuration;
  readonly target: StsTarget;
}

/** A first step whose credentials are stored and renewed elsewhere: never cached as a session. */
export type KeyStep =
  | StoredKeysStep
  | StaticKeysStep
  | EnvironmentKeysStep
  | ContainerStep
  | InstanceStep
  | LoginStep;
/** A first step that gives a session, signed by nothing before it. */
export type TokenStep = ProcessStep | WebIdentityStep | RoleCredentialsStep;
/** A step that calls STS, signed with the result of the step before it. */
export type CallStep = GetSessionTokenStep | AssumeRoleStep | FederationTokenStep;
/** A step whose result is a session, cached until it expires. */
export type SessionStep = TokenStep | CallStep;
export type SourceStep = KeyStep | TokenStep;
export type Step = KeyStep | SessionStep;

/**
 * The steps from a profile to its credentials, known and shown by `explain` before any call. Each
 * step is signed with the result of the one before it.
 */
export interface Plan {
  readonly profile: string;
  /** How its session is narrowed; undefined for all of the profile's permissions. */
  readonly narrowing?: Narrowing;
  /** Why the user wants it; absent if no reason was given. */
  readonly reason?: SessionReason;
  /** Undefined unless a time box keeps its sessions short. */
  readonly atMostSeconds?: number;
  /**
   * The session names of its roles, by the setting role_session_name; undefined if that is not set.
   */
  readonly sessionNaming?: string;
  /** The requested profile, if another one (`read_only_profile`) is used in its place. */
  readonly inPlaceOf?: string;
  /**
   * The profiles of the chain, from the requested one down to the one with the first credentials.
   */
  readonly chain: readonly string[];
  readonly steps: readonly Step[];
  /**
   * Cache ids, one for each step: the hash of everything that the step's session depends on; null
   * if nothing is cached.
   */
  readonly sessionIds: readonly (string | null)[];
  readonly region: string | null;
  /** The profile's own endpoint_url, for the command's environment. */
  readonly endpointUrl: string | null;
  /** Where STS is asked for the credentials' own identity (GetCallerIdentity). */
  readonly target: StsTarget;
  /** The profile's `ca_bundle`: a file of certificate authorities. AWS_CA_BUNDLE overrides it. */
  readonly caBundle: string | null;
  readonly caBundlePlace?: Place | null;
  /**
   * Other settings of the profile for programs' calls, by the variables that SDKs read; see
   * programVariables.
   */
  readonly programVariables: Readonly<Record<string, string>>;
  /**
   * AWS's own endpoints for programs, as variables, for services that [default] would send
   * elsewhere; see defaultServices.
   */
  readonly awsEndpoints: Readonly<Record<string, string>>;
  /**
   * Differences between what programs will do and what the profile says. Printed whenever
   * credentials are given.
   */
  readonly programWarnings: readonly string[];
  /**
   * A cached session with less time left, in seconds, is replaced (AWS_MIN_TTL; 300 by default).
   */
  readonly minTtlSeconds: number;
  /** The two files that the plan was made from. */
  readonly configPath: string;
  readonly credentialsPath: string;
  /** Shown once to the user; never a reason to stop. */
  readonly notes: readonly string[];
  /**
   * Why the profile gives another identity than its lines suggest: `exec` and `export` print it
   * each time.
   */
  readonly warnings: readonly string[];
}

/**
 * What trust records about a plan (security rule 2): a digest of every resolved property of the
 * chain except region and output.
 */
export interface PlanIdentity {
  readonly digest: string;
  readonly profile: string;
  /** From the role's ARN; null for an access key, whose identity is the name of its source. */
  readonly account: string | null;
  readonly role: string | null;
  /** The profile with the first credentials of the chain. */
  readonly source: string;
  /** Commands the plan would run (credential_process, mfa_process, web_identity_token_process). */
  readonly commands: readonly string[];
  /** Endpoints from the config file that the plan, or programs with its credentials, would call. */
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

/**
 * False for a long-term access key. Everything else expires, and AWS limits a role assumed with it
 * to one hour.
 */
export function isTemporary(step: Step): boolean {
  if (step.kind === 'static-keys' || step.kind === 'environment-keys') return step.temporary;
  return step.kind !== 'stored-keys';
}

/** The kind under which a step's session is stored. */
export function sessionKind(step: SessionStep): SessionKind {
  return step.kind;
}
