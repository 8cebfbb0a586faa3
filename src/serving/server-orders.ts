import type { Caller } from '../record/index.ts';
import type { Plan } from '../sessions/index.ts';
import { type Credentials, type Environment, Secret, type WatchedProcess } from '../system/index.ts';

/** A grant of its own, without a command: a socket in a folder, until a time. */
export interface GrantOrders {
  readonly folder: string;
  readonly id: string;
  /** A name of the user's: its folder stays, empty, for a container that has it mounted. */
  readonly isNamed: boolean;
  readonly profile: string;
  /** What its credentials are narrowed by; null for all that the profile may do. */
  readonly narrowing: string | null;
  /** Milliseconds since the epoch. */
  readonly ends: number;
}

/** What a server is started with, through its stdin: none of it is for argv or an environment. */
export interface ServerOrders<Options> {
  readonly plan: Plan;
  /** When the server is to give nothing any more, in epoch seconds; null for as long as its command runs. */
  readonly until: number | null;
  /** The command, which is the launcher's own process; null for a grant. */
  readonly command: WatchedProcess | null;
  /** Where a grant is, and when it ends; null for a command's server. */
  readonly grant: GrantOrders | null;
  readonly token: Secret;
  /** What was fetched already, null with `--lazy`. */
  readonly first: Credentials | null;
  /** The file backend's key where it was opened without an agent that keeps it, by the vault's folder. */
  readonly vaultKeys: Readonly<Record<string, string>>;
  /** The environment that the plan's programs and proxies are taken from, which has the caller's own keys in it, too. */
  readonly surroundings: Environment;
  /** Who asked, for the log; its first credentials are in there already. */
  readonly caller: Caller;
  /** The global options of the command line. */
  readonly options: Options;
}

export function ordersText<Options>(orders: ServerOrders<Options>): string {
  const { token, first } = orders;
  return JSON.stringify({ ...orders, token: token.reveal(), first: first && plainCredentials(first) });
}

/** The orders of a server that only refuses, until nobody trusts its port any more. They are an argument: no secret is in them. */
export interface ClosedOrders {
  /** The command. */
  readonly closedFor: WatchedProcess;
  /** Of the token of processes that may outlive the command (token-holders.ts). */
  readonly tokenDigest: string;
}

export function closedOrdersText(orders: ClosedOrders): string {
  return JSON.stringify(orders);
}

/** Throws where the text is not whole: it comes from our own other half alone. */
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
