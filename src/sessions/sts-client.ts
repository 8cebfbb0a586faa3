import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
  GetCallerIdentityCommandInput,
  GetCallerIdentityCommandOutput,
  GetFederationTokenCommandInput,
  GetFederationTokenCommandOutput,
  GetSessionTokenCommandInput,
  GetSessionTokenCommandOutput,
  STSClient,
} from '@aws-sdk/client-sts';
import type { Credentials } from '../system/index.ts';
import { awsDomain } from './aws-domain.ts';
import { boundReplies } from './bounded-reply.ts';
import { agentsFor, type StsConnection, throughProxy } from './connection.ts';
import type { StsTarget } from './plan-steps.ts';
import { keepSdkFromFiles } from './sdk-files.ts';

/** The calls to STS that awsh makes, by AWS's names. */
export interface StsCalls {
  AssumeRole: { input: AssumeRoleCommandInput; output: AssumeRoleCommandOutput };
  AssumeRoleWithWebIdentity: {
    input: AssumeRoleWithWebIdentityCommandInput;
    output: AssumeRoleWithWebIdentityCommandOutput;
  };
  GetCallerIdentity: { input: GetCallerIdentityCommandInput; output: GetCallerIdentityCommandOutput };
  GetFederationToken: { input: GetFederationTokenCommandInput; output: GetFederationTokenCommandOutput };
  GetSessionToken: { input: GetSessionTokenCommandInput; output: GetSessionTokenCommandOutput };
}

export type StsCall = keyof StsCalls;

export interface StsCaller {
  /** Null for a call that no key signs (AssumeRoleWithWebIdentity). */
  readonly credentials: Credentials | null;
  readonly target: StsTarget;
  readonly connection?: StsConnection | undefined;
}

export interface StsReply<Call extends StsCall> extends Reply<StsCalls[Call]['output']> {}

/** AWS's answer. */
export interface Reply<Output> {
  readonly output: Output;
  /**
   * How far AWS's clock is ahead of this machine's, in milliseconds; 0 if the difference is too
   * small for a header with whole seconds.
   */
  readonly clockSkewMs: number;
}

/** The failure of a call, with what its explanation needs. Only sts-errors.ts reads `cause`. */
export class StsFailure extends Error {
  override readonly name = 'StsFailure';
  constructor(
    /** AWS's name of the call; of STS, or of IAM. */
    readonly call: string,
    readonly host: string,
    readonly timedOut: boolean,
    readonly clockSkewMs: number,
    override readonly cause: unknown,
  ) {
    super(`${call} failed`);
  }
}

/**
 * Makes one call to STS, signed with these credentials, only at this target. The SDK's own chains
 * for credentials, regions, endpoints and retries are all replaced, so no AWS file and no AWS
 * variable is read. Throws {@link StsFailure}.
 */
export async function callSts<Call extends StsCall>(
  call: Call,
  input: StsCalls[Call]['input'],
  caller: StsCaller,
): Promise<StsReply<Call>> {
  const { client, send } = await openClient(call, input, caller);
  const mayRepeat = 'TokenCode' in input && input.TokenCode !== undefined ? repeatsUnheard : repeats;
  const host = hostOf('STS', caller);
  return callWithin({ call, host, client, send, mayRepeat }, caller.connection);
}

/** One call through one SDK client, which is closed afterwards. */
export interface ClientCall<Output> {
  readonly call: string;
  readonly host: string;
  readonly client: { readonly config: { systemClockOffset: number }; destroy(): void };
  readonly send: (abortSignal: AbortSignal) => Promise<Output>;
  /** Which errors are worth another attempt: {@link repeats} or {@link repeatsUnheard}. */
  readonly mayRepeat: (error: unknown) => boolean;
}

/** Up to three attempts within the connection's time limit. Throws {@link StsFailure}. */
export async function callWithin<Output>(
  { call, host, client, send, mayRepeat }: ClientCall<Output>,
  connection: StsConnection | undefined,
): Promise<Reply<Output>> {
  const deadline = AbortSignal.timeout(connection?.timeoutMs ?? 4000);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return { output: await send(deadline), clockSkewMs: clockSkew(client) };
      } catch (error) {
        const last = attempt === 3 || deadline.aborted || !mayRepeat(error);
        if (last || !(await pause(attempt, deadline))) {
          throw new StsFailure(call, host, isAbort(error), clockSkew(client), error);
        }
      }
    }
  } finally {
    client.destroy();
  }
}

/** Waits longer before each attempt; false if the deadline would pass first. */
async function pause(attempt: number, deadline: AbortSignal): Promise<boolean> {
  const milliseconds = 100 * 2 ** attempt * (0.5 + Math.random() / 2);
  return sleep(milliseconds, true, { signal: deadline }).catch(() => false);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The name of a caller's target in errors, with the proxy on the way to it. */
export function hostOf(service: string, { target, connection }: StsCaller): string {
  const { region, endpoint } = target;
  const own = `${service} in ${region}`;
  const via = throughProxy(connection, endpoint ?? `https://${service.toLowerCase()}.${awsDomain(target)}`);
  return `${endpoint === null ? own : new URL(endpoint).host}${via}`;
}

async function openClient<Call extends StsCall>(
  call: Call,
  input: StsCalls[Call]['input'],
  caller: StsCaller,
): Promise<{ client: STSClient; send: (abortSignal: AbortSignal) => Promise<StsCalls[Call]['output']> }> {
  // The SDK warns on stderr about old versions of Node.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const sdk = await import('./sts-sdk.ts');
  const client = new sdk.STSClient({
    ...(await clientSettings(caller)),
    useGlobalEndpoint: caller.target.global === true,
  });
  const commands = {
    AssumeRole: sdk.AssumeRoleCommand,
    AssumeRoleWithWebIdentity: sdk.AssumeRoleWithWebIdentityCommand,
    GetCallerIdentity: sdk.GetCallerIdentityCommand,
    GetFederationToken: sdk.GetFederationTokenCommand,
    GetSessionToken: sdk.GetSessionTokenCommand,
  };
  const Command = commands[call] as unknown as typeof sdk.AssumeRoleCommand;
  const command = new Command(input as AssumeRoleCommandInput);
  const send = (abortSignal: AbortSignal) => {
    boundReplies(client, abortSignal);
    return client.send(command, { abortSignal });
  };
  return { client, send };
}

/** All settings that an SDK client would otherwise determine itself. */
export async function clientSettings({ credentials, target, connection }: StsCaller) {
  const own = target.endpoint === null;
  await keepSdkFromFiles();
  return {
    region: target.region,
    ...(target.endpoint === null ? {} : { endpoint: target.endpoint }),
    credentials: signerOf(credentials),
    requestHandler: await agentsFor(connection, target.endpoint ?? `https://${awsDomain(target)}`),
    // Each of these would otherwise be read from the environment and the AWS files.
    ignoreConfiguredEndpointUrls: true,
    useDualstackEndpoint: own && target.dualstack === true,
    useFipsEndpoint: own && target.fips === true,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'legacy' as const,
    authSchemePreference: async () => [],
    sigv4aSigningRegionSet: async () => undefined,
    userAgentAppId: async () => undefined,
  };
}

/** Without credentials the client would search for some, even for a call that it does not sign. */
function signerOf(credentials: Credentials | null) {
  if (credentials === null) return { accessKeyId: '', secretAccessKey: '' };
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken === null ? {} : { sessionToken: sessionToken.reveal() }),
  };
}

/**
 * The client computes the difference from each reply's Date header, and uses it to sign the next
 * attempt.
 */
function clockSkew(client: ClientCall<unknown>['client']): number {
  const skew = client.config.systemClockOffset;
  return Math.abs(skew) < 5000 ? 0 : skew;
}

interface SdkFault {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
}

const throttling = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'SlowDown',
]);
const brokenConnection = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN']);
/** AWS's error codes for a request signed with the wrong time. */
const wrongTime = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** For a call that may be made twice. */
export function repeats(error: unknown): boolean {
  const { code = '', $metadata } = error as SdkFault;
  return repeatsUnheard(error) || brokenConnection.has(code) || ($metadata?.httpStatusCode ?? 0) >= 500;
}

/**
 * For a call that must not be made twice, such as one with an MFA code, which works once: only if
 * AWS rejected the request before processing it.
 */
export function repeatsUnheard(error: unknown): boolean {
  const { name = '', $metadata } = error as SdkFault;
  const clockCorrected = wrongTime.has(name) && $metadata?.clockSkewCorrected === true;
  return throttling.has(name) || $metadata?.httpStatusCode === 429 || clockCorrected;
}
