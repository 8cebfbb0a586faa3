/** Why a guard of awsh gave no credentials, for the log: it goes with the error that the user reads. */
import type { AwshError } from './errors.ts';

export const refusalCauses = [
  'not allowed',
  'denied',
  'changed',
  'not confirmed',
  'no reason',
  'coding agent',
  'exec --only',
] as const;

export type RefusalCause = (typeof refusalCauses)[number];

export interface Refusal {
  readonly cause: RefusalCause;
  /** Null if it is not known yet what was asked for. */
  readonly target: {
    readonly profile: string;
    readonly account: string | null;
    readonly roleArn: string | null;
  } | null;
}

const refusals = new WeakMap<AwshError, Refusal>();

/** The same error, known as a refusal. */
export function asRefusal<E extends AwshError>(
  error: E,
  cause: RefusalCause,
  target: Refusal['target'] = null,
): E {
  refusals.set(error, { cause, target });
  return error;
}

/** Null for every other error. */
export function refusalOf(error: unknown): Refusal | null {
  return refusals.get(error as AwshError) ?? null;
}
