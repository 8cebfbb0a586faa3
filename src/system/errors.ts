/** Exit statuses of awsh itself; a child's own status is passed on unchanged. */
export const exitStatus = {
  other: 1,
  usage: 2,
  unknownProfile: 3,
  noCredentials: 4,
  vault: 5,
  personNeeded: 6,
  refused: 7,
  awsRefused: 8,
  network: 9,
  lock: 10,
  notTrusted: 11,
  partial: 12,
  cancelled: 130,
} as const;

export type Failure = keyof typeof exitStatus;

/**
 * An error for the user: three short lines with what happened, why, and the exact next command.
 * `what`, `why` and `next` never contain a secret. Text from a file, AWS or another program must go
 * through `printable` first.
 */
export class AwshError extends Error {
  override readonly name: string = 'AwshError';
  readonly exitStatus: number;

  constructor(
    readonly failure: Failure,
    readonly what: string,
    readonly why?: string,
    readonly next?: string,
    options?: { cause?: unknown },
  ) {
    super(what, options);
    this.exitStatus = exitStatus[failure];
  }
}

/** Exit 2: the command line, the settings or an AWS file is malformed. */
export class UsageError extends AwshError {
  override readonly name = 'UsageError';
  constructor(what: string, why?: string, next?: string) {
    super('usage', what, why, next);
  }
}

/** `a similar name: staging`, `similar names: a, b`, `no similar profile names`. */
export function similarNamesText(near: readonly string[]): string {
  if (near.length === 0) return 'no similar profile names';
  return `${near.length === 1 ? 'a similar name' : 'similar names'}: ${near.join(', ')}`;
}

/**
 * Exit 3: no such profile. `near` are the most similar names; `ignored` is the section that was
 * meant for it.
 */
export class UnknownProfileError extends AwshError {
  override readonly name = 'UnknownProfileError';
  constructor(
    readonly profile: string,
    configPath: string,
    readonly near: readonly string[],
    ignored: { readonly why: string; readonly next: string } | null = null,
    /** What the name was expected to be, if not a profile that may have a stored key. */
    kind: { readonly what: string; readonly next: string } | null = null,
  ) {
    super(
      'unknownProfile',
      kind === null
        ? `no profile ${JSON.stringify(profile)} in ${configPath}, and nothing stored under that name`
        : `no ${kind.what} ${JSON.stringify(profile)} in ${configPath}`,
      ignored?.why ?? similarNamesText(near),
      ignored?.next ?? kind?.next ?? 'awsh list --profiles',
    );
  }
}

/** Exit 4: the profile's keys are not in the vault. */
export class NoCredentialsError extends AwshError {
  override readonly name = 'NoCredentialsError';
  constructor(
    what: string,
    why?: string,
    next?: string,
    /** The profile without a key; another program's store may have it. */
    readonly profile?: string,
  ) {
    super('noCredentials', what, why, next);
  }
}

/** Exit 5: the vault is locked, unavailable, or its passphrase was wrong. Nothing was changed. */
export class VaultError extends AwshError {
  override readonly name = 'VaultError';
  constructor(what: string, why?: string, next?: string, cause?: unknown) {
    super('vault', what, why, next, { cause });
  }
}

/**
 * What the user is needed for, in the prompt's few characters: `needs MFA`. A refresh runs the
 * profile's own command.
 */
export type Need = 'MFA' | 'sign-in' | 'passphrase' | 'refresh' | 'an answer';

/** Exit 6: the user must be asked, and cannot be. */
export class PersonNeededError extends AwshError {
  override readonly name = 'PersonNeededError';
  constructor(
    what: string,
    why?: string,
    next?: string,
    readonly need: Need = 'an answer',
    /** The program that should have asked, if it cannot be used. */
    readonly brokenProgram: string | null = null,
  ) {
    super('personNeeded', what, why, next);
  }
}

/** Exit 7: the MFA code or the sign-in was refused. */
export class RefusedError extends AwshError {
  override readonly name = 'RefusedError';
  constructor(what: string, why?: string, next?: string) {
    super('refused', what, why, next);
  }
}

/** Exit 8: AWS refused. `code` is AWS's own error code. */
export class AwsRefusedError extends AwshError {
  override readonly name = 'AwsRefusedError';
  constructor(
    readonly code: string,
    what: string,
    why?: string,
    next?: string,
  ) {
    super('awsRefused', what, why, next);
  }
}

/**
 * Exit 8: AWS answers but cannot process the call now, because of a fault of its own or too many
 * requests. It passes with time, so it is tried again by the clock, like an unavailable network.
 */
export class AwsUnavailableError extends AwsRefusedError {}

/** Exit 9: AWS could not be reached or did not answer in time, or another server answered. */
export class NetworkError extends AwshError {
  override readonly name = 'NetworkError';
  constructor(what: string, why?: string, next?: string) {
    super('network', what, why, next);
  }
}

/** Exit 9: something answers that is not AWS. Unlike a lost connection, that seldom passes. */
export class OddAnswerError extends NetworkError {}

/** Exit 9: there is no host of this name, here or at the proxy. */
export class UnknownHostError extends NetworkError {}

/** Exit 10: another awsh process held a lock for too long. */
export class LockError extends AwshError {
  override readonly name = 'LockError';
  constructor(what: string, why?: string, next?: string) {
    super('lock', what, why, next);
  }
}

/** Exit 11: the directory file was not allowed. */
export class NotTrustedError extends AwshError {
  override readonly name = 'NotTrustedError';
  constructor(what: string, why?: string, next?: string) {
    super('notTrusted', what, why, next);
  }
}

/** Exit 130: the user pressed Ctrl-C or answered no. */
export class CancelledError extends AwshError {
  override readonly name = 'CancelledError';
  constructor(
    what = 'cancelled',
    why?: string,
    /** What the user was asked for, if that is known. */
    readonly need: Need | null = null,
  ) {
    super('cancelled', what, why);
  }
}

/** For `catch` after a question: adds what was asked for to the error. */
export function cancelledFor(need: Need): (error: unknown) => never {
  return (error) => {
    throw error instanceof CancelledError ? new CancelledError(error.what, error.why, need) : error;
  };
}

/** True for errors that pass with time: the only thing to do is to try again. */
export function passesWithTime(error: unknown): boolean {
  if (!(error instanceof AwshError)) return false;
  return error instanceof AwsUnavailableError || error.failure === 'network' || error.failure === 'lock';
}
