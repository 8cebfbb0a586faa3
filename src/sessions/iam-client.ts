import type {
  CreateAccessKeyCommandInput,
  CreateAccessKeyCommandOutput,
  DeleteAccessKeyCommandInput,
  DeleteAccessKeyCommandOutput,
  GetAccessKeyLastUsedCommandInput,
  GetAccessKeyLastUsedCommandOutput,
  IAMClient,
  ListAccessKeysCommandInput,
  ListAccessKeysCommandOutput,
  UpdateAccessKeyCommandInput,
  UpdateAccessKeyCommandOutput,
} from '@aws-sdk/client-iam';
import { AwsRefusedError, type Credentials, NetworkError } from '../system/index.ts';
import { boundReplies } from './bounded-reply.ts';
import {
  callWithin,
  clientSettings,
  hostOf,
  repeats,
  repeatsUnheard,
  type StsCaller,
  StsFailure,
} from './sts-client.ts';
import { explainFailure, refusalOf } from './sts-errors.ts';

/** The calls to IAM that awsh makes, by AWS's names. */
export interface IamCalls {
  CreateAccessKey: { input: CreateAccessKeyCommandInput; output: CreateAccessKeyCommandOutput };
  DeleteAccessKey: { input: DeleteAccessKeyCommandInput; output: DeleteAccessKeyCommandOutput };
  GetAccessKeyLastUsed: {
    input: GetAccessKeyLastUsedCommandInput;
    output: GetAccessKeyLastUsedCommandOutput;
  };
  ListAccessKeys: { input: ListAccessKeysCommandInput; output: ListAccessKeysCommandOutput };
  UpdateAccessKey: { input: UpdateAccessKeyCommandInput; output: UpdateAccessKeyCommandOutput };
}

export type IamCall = keyof IamCalls;
export interface IamCaller extends StsCaller {
  readonly credentials: Credentials;
  /** The profile that the key is stored for. */
  readonly profile?: string;
}

/**
 *
 * Makes one call to IAM, signed with these credentials, only at this target, as {@link callSts}
 * does.
 *
 * Throws AwsRefusedError (exit 8) if AWS refused and therefore changed nothing; `code` is IAM's,
 * without its `Exception`. Throws NetworkError (exit 9) if it is unknown whether AWS acted: no
 * answer, half an answer, an internal error.
 */
export async function callIam<Call extends IamCall>(
  call: Call,
  input: IamCalls[Call]['input'],
  caller: IamCaller,
): Promise<IamCalls[Call]['output']> {
  const { client, send } = await openClient(call, input, caller);
  const host = hostOf('IAM', caller);
  const mayRepeat = call === 'CreateAccessKey' ? repeatsUnheard : repeats;
  try {
    const { output } = await callWithin({ call, host, client, send, mayRepeat }, caller.connection);
    return output;
  } catch (error) {
    throw explain(error, call, caller);
  }
}

async function openClient<Call extends IamCall>(
  call: Call,
  input: IamCalls[Call]['input'],
  caller: IamCaller,
): Promise<{ client: IAMClient; send: (abortSignal: AbortSignal) => Promise<IamCalls[Call]['output']> }> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const sdk = await import('./iam-sdk.ts');
  const client = new sdk.IAMClient(await clientSettings(caller));
  const commands = {
    CreateAccessKey: sdk.CreateAccessKeyCommand,
    DeleteAccessKey: sdk.DeleteAccessKeyCommand,
    GetAccessKeyLastUsed: sdk.GetAccessKeyLastUsedCommand,
    ListAccessKeys: sdk.ListAccessKeysCommand,
    UpdateAccessKey: sdk.UpdateAccessKeyCommand,
  };
  const Command = commands[call] as unknown as typeof sdk.ListAccessKeysCommand;
  const command = new Command(input as ListAccessKeysCommandInput);
  const send = (abortSignal: AbortSignal) => {
    boundReplies(client, abortSignal);
    return client.send(command, { abortSignal });
  };
  return { client, send };
}

function explain(error: unknown, call: IamCall, { credentials, profile }: IamCaller): unknown {
  const refusal = refusalOf(error);
  const kind = credentials.sessionToken === null ? 'access key' : 'session';
  const signer = `${kind} ****${credentials.accessKeyId.slice(-4)}`;
  if (!(error instanceof StsFailure)) return error;
  if (refusal === null) return explainFailure(error, { step: null, signer, mfaSent: false, profile });
  // It may have acted before it failed: this must not look like a refusal.
  if (statusOf(error) >= 500) {
    const why = `it answers ${[refusal.code, refusal.message].filter(Boolean).join(': ')}; this is temporary`;
    return new NetworkError(`IAM failed at ${call}`, why, 'try again in a minute');
  }
  const code = refusal.code.replace(/Exception$/, '');
  const why = refusal.message || undefined;
  if (code === 'AccessDenied') {
    const what = `AWS does not let ${signer} do iam:${call}`;
    const next =
      credentials.sessionToken === null
        ? 'ask for the permission; if the policy requires MFA, set mfa_serial in the profile'
        : undefined;
    return new AwsRefusedError(code, what, why, next);
  }
  if (code === 'NoSuchEntity' || code === 'LimitExceeded') {
    return new AwsRefusedError(code, `AWS refused ${call}: ${code}`, why);
  }
  return explainFailure(error, { step: null, signer, mfaSent: false, profile });
}

function statusOf({ cause }: StsFailure): number {
  return (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
}
