import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type AppPaths,
  ensurePrivateDirectory,
  jsonFields,
  readFileIfThere,
  writeFileAtomic,
} from '../../system/index.ts';
import { type SsoSession, sessionKey } from './find-session.ts';
import { accountOf, isRoleName, type SsoAccount } from './list-accounts.ts';
import { serviceAddress } from './service-request.ts';
import { signInFile } from './token-file.ts';

/** A list of accounts, and the time when it was made, in epoch milliseconds. */
export interface KnownAccounts {
  readonly listed: number;
  readonly accounts: readonly SsoAccount[];
}

/** A list is valid for a day. */
const longestMs = 24 * 3600_000;

/** The path of a session's list, mode 0600: it contains names and account numbers, no secret. */
function cachePathOf(
  session: Pick<SsoSession, 'name' | 'startUrl'>,
  { cache }: Pick<AppPaths, 'cache'>,
): string {
  return join(cache, 'sso', `${basename(signInFile(sessionKey(session)), '.json')}-accounts.json`);
}

/**
 * The cached list; null if there is none, if it is a day old, or if the session's endpoints have
 * changed.
 */
export function knownAccounts(
  session: SsoSession,
  paths: Pick<AppPaths, 'cache'>,
  now: number,
): KnownAccounts | null {
  const { listed, place, accounts } = cacheFields(session, paths);
  if (typeof listed !== 'number' || !Array.isArray(accounts) || place !== placeOf(session)) return null;
  if (listed > now || now - listed >= longestMs) return null;
  const known = accounts.map(keptAccount);
  return known.includes(null) ? null : { listed, accounts: known as SsoAccount[] };
}

function cacheFields(session: SsoSession, paths: Pick<AppPaths, 'cache'>): Readonly<Record<string, unknown>> {
  try {
    return jsonFields(readFileIfThere(cachePathOf(session, paths), { follow: false }) ?? '');
  } catch {
    return {};
  }
}

function keptAccount(value: unknown): SsoAccount | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, name, email, roles } = value as Readonly<Record<string, unknown>>;
  const account = accountOf({ accountId: id, accountName: name, emailAddress: email });
  if (account === null || !Array.isArray(roles) || !roles.every(isRoleName)) return null;
  return { ...account, roles };
}

/** If the disk refuses it, the next command lists again. */
export function keepAccounts(
  session: SsoSession,
  { listed, accounts }: KnownAccounts,
  paths: Pick<AppPaths, 'cache'>,
): void {
  writeCache(session, { listed, place: placeOf(session), accounts }, paths);
}

function writeCache(session: SsoSession, fields: object, paths: Pick<AppPaths, 'cache'>): void {
  try {
    const path = cachePathOf(session, paths);
    ensurePrivateDirectory(paths.cache);
    ensurePrivateDirectory(dirname(path));
    writeFileAtomic(path, JSON.stringify(fields));
  } catch {
    // It only saves calls.
  }
}

/**
 * In milliseconds. After a timeout, callers that can do without the list do not try again for an
 * hour.
 */
const slowMs = 3600_000;

export function isSlowList(session: SsoSession, paths: Pick<AppPaths, 'cache'>, now: number): boolean {
  const { slow, place } = cacheFields(session, paths);
  return typeof slow === 'number' && place === placeOf(session) && Math.abs(now - slow) < slowMs;
}

export function noteSlowList(session: SsoSession, paths: Pick<AppPaths, 'cache'>, now: number): void {
  writeCache(session, { slow: now, place: placeOf(session) }, paths);
}

/** After a logout, or after a sign-in that may be another user's. */
export function forgetAccounts(
  session: Pick<SsoSession, 'name' | 'startUrl'>,
  paths: Pick<AppPaths, 'cache'>,
): void {
  try {
    rmSync(cachePathOf(session, paths), { force: true });
  } catch {
    // It will expire after a day.
  }
}

function placeOf({ startUrl, portalTarget }: SsoSession): string {
  return `${serviceAddress('portal', portalTarget)} ${startUrl}`;
}
