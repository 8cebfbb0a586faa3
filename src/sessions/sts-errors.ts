import {
  type AwshError,
  AwsRefusedError,
  AwsUnavailableError,
  type ConnectionFault,
  formatDuration,
  NetworkError,
  operandWord,
  printable,
  RefusedError,
  unreachableHost,
} from '../system/index.ts';
import { deniedBy } from './denied-by.ts';
import { deniedRole } from './denied-role.ts';
import type { SessionStep, Step } from './plan-steps.ts';
import { showPlace } from './profile-settings.ts';
import { StsFailure } from './sts-client.ts';

/** The facts about a failed request that its explanation may use. */
export interface FailedRequest {
  /** Null for a call that is not a step of a plan. */
  readonly step: SessionStep | null;
  /** The signer: a key id and its source. */
  readonly signer: string;
  /** The step that gave the signing credentials. */
  readonly source?: Step;
  readonly mfaSent: boolean;
  /** The profile that the signing key is stored for, if there is no step that names it. */
  readonly profile?: string | undefined;
}

/** AWS's code and text in a failure, safe to show; null if AWS did not answer. */
export function refusalOf(error: unknown): { code: string; message: string } | null {
  const cause = error instanceof StsFailure ? (error.cause as SdkError) : null;
  // The SDK's names for an error whose body is not AWS's: another server answered.
  const isOfSdk = cause?.name === 'Unknown' || cause?.name === 'NotFound';
  if (!cause?.$metadata?.httpStatusCode || !cause.$fault || isOfSdk) return null;
  const code = printable(cause.name ?? 'Unknown').slice(0, 64);
  const message = printable(cause.message ?? '').trim();
  // Long ARNs come first, and the part with the reason comes last.
  return { code, message: message.slice(0, 1200) };
}

/** True if AWS did not accept the MFA code itself: another one may work. */
export function isWrongCode(error: unknown): boolean {
  return /MultiFactorAuthentication failed with invalid MFA/i.test(refusalOf(error)?.message ?? '');
}

/** True if the signing credentials are no longer valid: expired, revoked or deleted. */
export function isDeadSession(error: unknown): boolean {
  return ['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId'].includes(
    refusalOf(error)?.code ?? '',
  );
}

/** The error for the user: what AWS or the network did, and what to do next. */
export function explainFailure(error: unknown, request: FailedRequest): unknown {
  if (!(error instanceof StsFailure)) return error;
  const refusal = refusalOf(error);
  if (refusal === null) return unreachableHost(error.host, error.cause as ConnectionFault, error.timedOut);
  // The code is AWS's text, so `constructor` must not find anything here.
  const code = refusal.code.replace(/Exception$/, '');
  const explain = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  return explain?.(refusal.message, request, error) ?? otherwise(refusal, request, error);
}

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly $fault?: string;
  readonly $metadata?: { httpStatusCode?: number };
}

type Explanation = (message: string, request: FailedRequest, failure: StsFailure) => AwshError | null;

/** By AWS's code, without the `Exception` that some of them end with. */
const explanations: Readonly<Record<string, Explanation>> = {
  AccessDenied: accessDenied,
  ExpiredToken: expired,
  IDPCommunicationError: () =>
    new NetworkError('AWS cannot reach the provider of the web identity token', undefined, 'try again'),
  IDPRejectedClaim: tokenRefused,
  InvalidClientTokenId: unknownKey,
  InvalidIdentityToken: tokenRefused,
  MalformedPolicyDocument: malformedPolicy,
  PackedPolicyTooLarge: packedPolicyTooLarge,
  RegionDisabled: regionDisabled,
  SignatureDoesNotMatch: (message, request, failure) =>
    clockSkewed(message, request, failure) ??
    new AwsRefusedError(
      'SignatureDoesNotMatch',
      `AWS does not accept the signature made with ${request.signer}`,
      'the secret key does not belong to this key id',
      (request.source && renewedElsewhere(request.source)) ??
        `store the key again: awsh add ${operandWord(request.step?.profile ?? request.profile ?? 'PROFILE')}`,
    ),
  RequestTimeTooSkewed: clockSkewed,
  RequestExpired: clockSkewed,
  ValidationError: durationTooLong,
  Throttling: throttled,
  ThrottledException: throttled,
  RequestThrottled: throttled,
  RequestLimitExceeded: throttled,
  TooManyRequests: throttled,
  SlowDown: throttled,
};

function accessDenied(message: string, request: FailedRequest): AwshError | null {
  if (/MultiFactorAuthentication failed/i.test(message)) return mfaRefused(message, request);
  const { step } = request;
  if (step?.kind === 'GetFederationToken' && step.tags !== undefined && /\bsts:TagSession\b/.test(message))
    return deniedReasonTag(message, step);
  if (step?.kind !== 'AssumeRole' && step?.kind !== 'AssumeRoleWithWebIdentity') return null;
  return deniedRole(message, step, request);
}

/** GetFederationToken sends no tag but the reason, and the IAM user's own policies decide. */
function deniedReasonTag(message: string, step: SessionStep): AwshError {
  const denied = deniedBy(message);
  const sent = 'awsh sends it as a session tag, because the setting protected requires one';
  return new AwsRefusedError(
    'AccessDenied',
    `AWS does not allow ${profileOf(step)} to send your reason (sts:TagSession)`,
    denied === null ? sent : `AWS says "${denied.clause}"; ${sent}`,
    denied?.advice ?? 'allow sts:TagSession in a policy of the user',
  );
}

function malformedPolicy(message: string, { step }: FailedRequest): AwshError {
  return new AwsRefusedError(
    'MalformedPolicyDocument',
    `AWS does not accept the session policy of ${profileOf(step)}`,
    message || undefined,
    explainCommand(step),
  );
}

/**
 * STS API Reference, AssumeRole: policies and tags are packed, and PackedPolicySize is the
 * percentage of the limit that they use.
 */
function packedPolicyTooLarge(message: string, { step }: FailedRequest): AwshError {
  return new AwsRefusedError(
    'PackedPolicyTooLarge',
    `the policies and tags of ${profileOf(step)} are too large for AWS`,
    `AWS packs session policies and session tags into one space, which may be full before 2,048 characters${message === '' ? '' : `; AWS says "${message.replace(/\.$/, '')}"`}`,
    explainCommand(step),
  );
}

const profileOf = (step: SessionStep | null) =>
  step === null ? 'this session' : `profile ${JSON.stringify(printable(step.profile))}`;

const explainCommand = (step: SessionStep | null) =>
  step === null ? 'awsh list' : `awsh explain ${operandWord(step.profile)}`;

function tokenRefused(message: string, { step }: FailedRequest): AwshError {
  const variables = step?.kind === 'AssumeRoleWithWebIdentity' ? (step.variables ?? []) : [];
  const from = variables.length === 0 ? '' : `${variables.join(' and ')} in the environment ask for it`;
  return new RefusedError(
    'AWS refused the web identity token',
    [message, from].filter(Boolean).join('; ') || undefined,
    variables.length === 0
      ? `get a new token from the source in web_identity_token_* of profile ${printable(step?.profile ?? '')}`
      : `unset ${variables.join(' ')}`,
  );
}

function mfaRefused(message: string, { step }: FailedRequest): AwshError {
  const serial = step !== null && 'mfaSerial' in step ? printable(step.mfaSerial ?? '') : '';
  if (serial === '') {
    const profile = step === null ? 'the profile' : `profile ${printable(step.profile)}`;
    return new RefusedError(
      `AWS requires an MFA code, and ${profile} names no device`,
      `AWS says "${message.replace(/\.$/, '')}"`,
      `write the ARN of the device as mfa_serial into ${profile}`,
    );
  }
  if (/invalid MFA/i.test(message)) {
    return new RefusedError(
      'AWS refused the MFA code',
      `it is not what ${serial} shows, or it was used before: each code works once`,
      'wait for the next code and try again',
    );
  }
  return new RefusedError(
    `AWS cannot check an MFA code of ${serial}`,
    'the device is not one of this user',
    `check mfa_serial of profile ${printable(step?.profile ?? '')}`,
  );
}

function expired(_: string, request: FailedRequest): AwshError {
  const { signer, step, source } = request;
  if (step?.kind === 'AssumeRoleWithWebIdentity') return tokenRefused('it has ended', request);
  const renewed = source && renewedElsewhere(source);
  const next = renewed ?? 'try again: a new one is made';
  return new AwsRefusedError('ExpiredToken', `the session has ended: ${signer}`, undefined, next);
}

/** What to do about keys that awsh only reads, and that another program stores. */
function renewedElsewhere(source: Step): string | null {
  const name = printable(source.profile);
  switch (source.kind) {
    case 'static-keys':
      // `awsh add` refuses a session.
      if (source.temporary) {
        return source.renew ?? `renew the keys of profile ${name} with the program that wrote them`;
      }
      return `write a new key of profile ${name} into ${showPlace(source.place)}, or store one: awsh add ${operandWord(source.profile)}`;
    case 'environment-keys':
      return 'set new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN';
    default:
      return null;
  }
}

function unknownKey(_: string, request: FailedRequest, { call }: StsFailure): AwshError {
  const { signer, step, source } = request;
  const isSession = signer.startsWith('session');
  const isIam = /AccessKey/.test(call);
  const region = step !== null && 'target' in step ? step.target.region : null;
  // If an account has not opted in to a region, AWS knows none of its keys there.
  const notThere = `${region ?? 'the region'} is not enabled (opted in) for its account`;
  // IAM refuses sessions that STS gave without MFA with this text (GetSessionToken, "Permissions").
  const why = !isSession
    ? `the key was deleted or made inactive, or ${notThere} or is in another partition`
    : isIam
      ? 'IAM accepts no session that was made without MFA; or it was revoked'
      : `it was revoked, or ${notThere}, or it belongs to another partition or endpoint`;
  const profile = source?.profile ?? step?.profile ?? request.profile ?? 'PROFILE';
  const elsewhere = region === 'us-east-1' ? '' : 'try --region us-east-1, which every account has; else ';
  const add = `${elsewhere}store a key that works: awsh add ${operandWord(profile)}`;
  const withMfa = 'set mfa_serial in the profile, or sign with the key itself: add --no-session';
  const next = (source && renewedElsewhere(source)) ?? (!isSession ? add : isIam ? withMfa : 'awsh clear');
  return new AwsRefusedError('InvalidClientTokenId', `AWS does not know ${signer}`, why, next);
}

/** STS API Reference, AssumeRole: "STS is not activated in the requested region for the account". */
function regionDisabled(message: string, { step }: FailedRequest): AwshError {
  const region = step !== null && 'target' in step ? step.target.region : null;
  return new AwsRefusedError(
    'RegionDisabledException',
    `AWS STS is turned off in ${region ?? 'this region'} for the account`,
    message || undefined,
    'turn it on in the IAM console (Account settings), or use another region: add --region us-east-1',
  );
}

function clockSkewed(message: string, _: FailedRequest, { clockSkewMs }: StsFailure): AwshError | null {
  if (clockSkewMs === 0 && !/expired|not yet current|skew/i.test(message)) return null;
  return new AwsRefusedError(
    'RequestTimeTooSkewed',
    describeSkew(clockSkewMs),
    'AWS refuses requests signed more than 15 minutes off its own time',
    `set the clock: ${process.platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'timedatectl set-ntp true'}`,
  );
}

/** `this machine's clock is 1h00m behind AWS's`. */
export function describeSkew(clockSkewMs: number): string {
  if (clockSkewMs === 0) return "this machine's clock differs too much from AWS's";
  const amount = formatDuration(60 * Math.round(Math.abs(clockSkewMs) / 60_000));
  return `this machine's clock is ${amount} ${clockSkewMs > 0 ? 'behind' : 'ahead of'} AWS's`;
}

function durationTooLong(message: string, { step }: FailedRequest): AwshError | null {
  if (step === null || !('duration' in step) || !/DurationSeconds/i.test(message)) return null;
  const { seconds, from, where } = step.duration;
  const asked = from === 'default' ? 'the default' : where === undefined ? from : `${from} (${where})`;
  const chaining = /chaining/i.test(message);
  return new AwsRefusedError(
    'ValidationError',
    `AWS does not give ${formatDuration(seconds)} to ${'roleArn' in step ? printable(step.roleArn) : 'this session'}`,
    chaining
      ? 'a role assumed with a role lasts 1h at most'
      : `${asked} is more than the role's maximum session duration`,
    `ask for less (duration_seconds), or raise the role's maximum: add --duration ${seconds > 3600 ? '1h' : '15m'}`,
  );
}

function throttled(): AwshError {
  return new AwsUnavailableError(
    'Throttling',
    'AWS receives too many requests, even after some retries',
    'this is temporary',
    'try again in a minute',
  );
}

function otherwise(
  { code, message }: { code: string; message: string },
  { step }: FailedRequest,
  { call, cause }: StsFailure,
): AwshError {
  const what = step === null ? call : `${step.kind} for profile ${printable(step.profile)}`;
  const status = (cause as SdkError).$metadata?.httpStatusCode ?? 0;
  if (status === 429 || status >= 500) {
    const why = `it answers ${code} (HTTP ${status}); this is temporary`;
    return new AwsUnavailableError(code, `AWS cannot answer ${what} now`, why, 'try again in a minute');
  }
  const advice = /^AccessDenied/.test(code) ? (deniedBy(message)?.advice ?? adviceOnDenied[call]) : null;
  return new AwsRefusedError(
    code,
    `AWS refused ${what} (${code})`,
    message === '' ? undefined : message,
    advice ?? undefined,
  );
}

/** If AWS names no policy, or the caller's own: what works without the call, or what it needs. */
const adviceOnDenied: Readonly<Record<string, string | undefined>> = {
  GetSessionToken: 'the key can be used as it is: add --no-session',
  GetFederationToken:
    'sign in with a role, or allow sts:GetFederationToken in a policy of the user: awsh list',
};
