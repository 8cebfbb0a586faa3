import type { Caller } from '../record/index.ts';
import type { Plan } from '../sessions/index.ts';
import {
  AwshError,
  type Credentials,
  type Environment,
  Secret,
  type WatchedProcess,
} from '../system/index.ts';
import type { SshConnection } from './ssh-connection.ts';

/** A separate grant, without a command: a socket in a folder, until a given time. */
export interface GrantOrders {
  readonly folder: string;
  readonly id: string;
  /** A name that the user gave: its folder stays, empty, for a container that has mounted it. */
  readonly isNamed: boolean;
  readonly profile: string;
  /** How its credentials are narrowed; null for all of the profile's permissions. */
  readonly narrowing: string | null;
  /** Milliseconds since the epoch. */
  readonly ends: number;
  /** Of `awsh ssh`, which ends with the grant, as the grant ends with it; null for `awsh serve`. */
  readonly connection: SshConnection | null;
}

/** The orders that a server reads from stdin: none of them may be in argv or an environment. */
export interface ServerOrders<Options> {
  readonly plan: Plan;
  /**
   * When the server must stop giving credentials, in epoch seconds; null for as long as its command
   * runs.
   */
  readonly until: number | null;
  /** The command, which is the launcher's own process; null for a grant. */
  readonly command: WatchedProcess | null;
  /** The path of a grant, and its end; null for a command's server. */
  readonly grant: GrantOrders | null;
  readonly token: Secret;
  /** The first credentials, already fetched; null with `--lazy`. */
  readonly first: Credentials | null;
  /**
   * The file backend's key, by the vault's folder, if it was opened without an agent to keep it.
   */
  readonly vaultKeys: Readonly<Record<string, string>>;
  /**
   * The environment for the plan's programs and proxies, which also contains the caller's own keys.
   */
  readonly surroundings: Environment;
  /** The caller, for the log; its first credentials have already been logged. */
  readonly caller: Caller;
  /** The global options of the command line. */
  readonly options: Options;
}

export function ordersText<Options>(orders: ServerOrders<Options>): string {
  const { token, first } = orders;
  return JSON.stringify({ ...orders, token: token.reveal(), first: first && plainCredentials(first) });
}

/**
 * The orders of a server that only refuses, until no process trusts its port any more. They are an
 * argument, because they contain no secret.
 */
export interface ClosedOrders {
  /** The command. */
  readonly closedFor: WatchedProcess;
  /**
   * The digest of the token that processes which outlive the command may have (token-holders.ts).
   */
  readonly tokenDigest: string;
}

export function closedOrdersText(orders: ClosedOrders): string {
  return JSON.stringify(orders);
}

/** Throws if the text is incomplete; it only comes from our own client. */
export function parseOrders<Options>(text: string): ServerOrders<Options> | ClosedOrders {
  const { token, first, ...rest } = JSON.parse(text);
  if ('closedFor' in rest) return rest;
  return { ...rest, token: new Secret(token), first: first && secretCredentials(first) };
}

type PlainCredentials = ReturnType<typeof plainCredentials>;

function plainCredentials({ secretAccessKey, sessionToken, expiration, ...rest }: Credentials) {
  return {
    ...rest,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken?.reveal() ?? null,
    expiration: expiration?.getTime() ?? null,
  };
}

function secretCredentials(plain: PlainCredentials): Credentials {
  const { secretAccessKey, sessionToken, expiration } = plain;
  return {
    ...plain,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: sessionToken === null ? null : new Secret(sessionToken),
    expiration: expiration === null ? null : new Date(expiration),
  };
}

/** What a server prints instead of its port if it cannot start. */
export function failureText({ failure, what, why, next }: AwshError): string {
  return `failed ${JSON.stringify({ failure, what, why, next })}`;
}

/** The error that a server printed as its first line; null if the line is another one. */
export function toldFailure(line: string): AwshError | null {
  if (!line.startsWith('failed ')) return null;
  const { failure, what, why, next } = JSON.parse(line.slice('failed '.length));
  return new AwshError(failure, what, why, next);
}
