// Lists the accounts and roles of the signed-in user, from the access portal of IAM Identity
// Center.
import {
  AwsRefusedError,
  type HttpAnswer,
  jsonFields,
  operandWord,
  PersonNeededError,
  printable,
  type Secret,
  shownField,
  unreachableHost,
} from '../../system/index.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import type { SourceRun } from '../sources/source-run.ts';
import { type SsoSession, sessionKey } from './find-session.ts';
import { PacedRequests, portalPace, type RequestPace } from './paced-requests.ts';
import { sendableToken, stepWithoutRole, tokenInPlaceOf, usableToken } from './renew.ts';
import { serviceAddress } from './service-request.ts';
import { tokenRefused } from './token.ts';

/** An account, and the roles that the user may assume in it, ordered by name. */
export interface SsoAccount {
  readonly id: string;
  /** As the organisation wrote it: text from others, which must go through `printable`. */
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
}

/** A complete list, and the number of calls it took. */
export interface ListedAccounts {
  readonly accounts: readonly SsoAccount[];
  readonly calls: number;
  readonly throttles: number;
}

export interface ListRun extends SourceRun {
  readonly pace?: RequestPace;
  /** After this many milliseconds it fails with a NetworkError. */
  readonly limitMs?: number;
  /** Called after each account. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** The maximum page size (access portal API, ListAccounts and ListAccountRoles). */
const pageSize = '100';
/** More pages than any organisation has: a server that asks for them is not AWS. */
const mostPages = 1000;
const requestMs = 10_000;

/**
 * All accounts and roles, ordered by the accounts' names; or an error, and nothing. Throws
 * PersonNeededError (exit 6) if the user has to sign in, but never because the portal is busy;
 * AwsRefusedError (8); NetworkError (9).
 */
export async function listAccounts(session: SsoSession, run: ListRun): Promise<ListedAccounts> {
  const connection = { ...run.connection, timeoutMs: run.connection.timeoutMs ?? requestMs };
  const requests = new PacedRequests(connection, run.pace ?? portalPace);
  const portal = new PortalReader(session, requests, run);
  const limit = run.limitMs === undefined ? undefined : setTimeout(() => requests.end(), run.limitMs);
  try {
    const found = await portal.accounts();
    const accounts: SsoAccount[] = [];
    const waiting = [...found.values()];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        accounts.push({ ...next, roles: await portal.rolesOf(next.id) });
        run.onProgress?.(accounts.length, found.size);
      }
    };
    run.onProgress?.(0, found.size);
    await Promise.all(Array.from({ length: (run.pace ?? portalPace).atOnce }, work));
    accounts.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
    return { accounts, calls: requests.calls, throttles: requests.throttles };
  } catch (error) {
    if (requests.isEnded) throw unreachableHost(portal.host, {}, true);
    throw error instanceof PersonNeededError ? signInForList(error) : error;
  } finally {
    clearTimeout(limit);
    requests.end();
  }
}

function signInForList({ why, next }: PersonNeededError): PersonNeededError {
  return new PersonNeededError(
    'a list of your accounts needs a sign-in to IAM Identity Center',
    why,
    next,
    'sign-in',
  );
}

/** By code point, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class PortalReader {
  readonly #step: RoleCredentialsStep;
  readonly #base: string;
  #token: Secret | null = null;

  constructor(
    private readonly session: SsoSession,
    private readonly requests: PacedRequests,
    private readonly run: ListRun,
  ) {
    const { name, startUrl, tokenTarget, portalTarget, profiles } = session;
    const profile = profiles[0] ?? '';
    this.#step = {
      ...stepWithoutRole({ session: name, startUrl, tokenTarget, target: portalTarget }),
      profile,
    };
    this.#base = serviceAddress('portal', portalTarget);
  }

  get host(): string {
    return new URL(this.#base).host;
  }

  async accounts(): Promise<Map<string, Omit<SsoAccount, 'roles'>>> {
    const found = new Map<string, Omit<SsoAccount, 'roles'>>();
    for await (const fields of this.#items('/assignment/accounts', {}, 'accountList')) {
      const account = accountOf(fields);
      if (account === null) throw this.#notAws();
      found.set(account.id, account);
    }
    return found;
  }

  async rolesOf(account: string): Promise<string[]> {
    const names = new Set<string>();
    for await (const { roleName } of this.#items('/assignment/roles', { account_id: account }, 'roleList')) {
      if (!isRoleName(roleName)) throw this.#notAws();
      names.add(roleName);
    }
    return [...names].sort(compare);
  }

  async *#items(
    path: string,
    query: Readonly<Record<string, string>>,
    list: string,
  ): AsyncGenerator<Readonly<Record<string, unknown>>> {
    let next: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const words = { ...query, max_result: pageSize, ...(next !== null && { next_token: next }) };
      const fields = jsonFields((await this.#ask(`${path}?${new URLSearchParams(words)}`)).body);
      const items = fields[list];
      if (!Array.isArray(items)) throw this.#notAws();
      for (const item of items) yield typeof item === 'object' && item !== null ? { ...item } : {};
      if (fields.nextToken === undefined || fields.nextToken === null || fields.nextToken === '') return;
      if (typeof fields.nextToken !== 'string' || fields.nextToken === next) throw this.#notAws();
      next = fields.nextToken;
    }
    throw this.#notAws();
  }

  /** A token that the portal refuses is renewed once. */
  async #ask(path: string): Promise<HttpAnswer> {
    this.#token ??= await usableToken(this.#step, this.run);
    const token = this.#token;
    const first = await this.#get(path, token);
    if (first.answer.status !== 401) return this.#checked(first);
    const renewed = await tokenInPlaceOf(token, this.#step, this.run);
    this.#token = renewed;
    return this.#checked(await this.#get(path, renewed));
  }

  async #get(path: string, stored: Secret): Promise<{ answer: HttpAnswer; token: Secret }> {
    const token = await sendableToken(stored, this.#step, this.run);
    const headers = { 'x-amz-sso_bearer_token': token.reveal() };
    return { answer: await this.requests.ask({ url: `${this.#base}${path}`, headers }), token };
  }

  #checked({ answer, token }: { answer: HttpAnswer; token: Secret }): HttpAnswer {
    const { status, body, headers } = answer;
    if (status === 200) return answer;
    if (status === 401) throw tokenRefused(this.#step);
    // A refusal may quote the request.
    const fields = jsonFields(body.replaceAll(token.reveal(), '…'));
    const named = printable(String(headers['x-amzn-errortype'] ?? '')).replace(/:.*/, '');
    const code = (named || shownField(fields, '__type')).slice(0, 64);
    if (code === '') throw this.#notAws(status);
    const isRefused = status === 403 || status === 404;
    throw new AwsRefusedError(
      code,
      `AWS refused to list the accounts of ${printable(sessionKey(this.session))}: ${code}`,
      isRefused
        ? 'you may be signed in as another user in this browser'
        : shownField(fields, 'message') || undefined,
      isRefused ? `awsh sso login ${operandWord(sessionKey(this.session))}` : undefined,
    );
  }

  #notAws(status = 200): Error {
    return unreachableHost(this.host, { $metadata: { httpStatusCode: status } });
  }
}

/** Accepts twelve digits, and texts of AWS's lengths; null for anything else. */
export function accountOf(fields: Readonly<Record<string, unknown>>): Omit<SsoAccount, 'roles'> | null {
  const { accountId, accountName, emailAddress } = fields;
  if (typeof accountId !== 'string' || !/^[0-9]{12}$/.test(accountId)) return null;
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 256) : '');
  return { id: accountId, name: text(accountName), email: text(emailAddress) };
}

/** The names of permission sets and of roles (IAM Identity Center API, PermissionSetName). */
export function isRoleName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_+=,.@-]{1,64}$/.test(value);
}
