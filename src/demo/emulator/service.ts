import type { Cloud } from './state.ts';

/** A received request with its body. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The id that every reply repeats in x-amzn-RequestId. */
  readonly id: string;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One line of the emulator's log. `caller` is an ARN, or null if there was no valid caller; `error`
 * is AWS's code.
 */
export interface Call {
  readonly service: string;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly at: Date;
  caller: string | null;
  accessKeyId: string | null;
  ok: boolean;
  error: string | null;
}

/** What a request asks for. */
export interface Claim {
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
}

/** One AWS service. To add one, add a file that exports this, and a line in server.ts. */
export interface Service {
  /** Its signing name: `sts`, `iam`. */
  readonly name: string;
  /** The requested action, or null if the request is for another service: all share one address. */
  claim(request: ReceivedRequest): Claim | null;
  /** The reply; fills in the caller. Throws {@link AwsError}. */
  answer(request: ReceivedRequest, call: Call, cloud: Cloud): Reply;
  /** A refusal in this service's format. */
  refuse(error: AwsError, request: ReceivedRequest): Reply;
}

/** A refusal with AWS's own code, HTTP status and text. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const accessDenied = (message: string) => new AwsError('AccessDenied', 403, message);
export const validationError = (message: string) => new AwsError('ValidationError', 400, message);
