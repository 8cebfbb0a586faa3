import { type CommandInput, type Context, jsonText, lookOf, tableText } from '../cli/index.ts';
import {
  isSlowList,
  type KnownAccounts,
  keepAccounts,
  knownAccounts,
  listAccounts,
  noteSlowList,
  readSignIn,
  type SsoAccount,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import {
  AwshError,
  formatDuration,
  passesWithTime,
  printable,
  refuseWhileLocked,
  rfc3339,
} from '../system/index.ts';
import { withSignIn } from './offer-sign-in.ts';
import { namedSession, runOfSession } from './sso-named.ts';

/** `awsh sso accounts [NAME]`: the accounts and roles of the signed-in user. */
export async function accounts(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  const session = await namedSession(context, input, 'accounts');
  const { listed, accounts: found } = await accountsOf(context, session, input.flag('fresh'));
  const { output } = context;
  if (input.flag('json')) {
    const rows = found.map(({ id, name, email, roles }) => ({ account: id, name, email, roles }));
    const when = rfc3339(new Date(listed));
    await output.print(jsonText({ session: sessionKey(session), listed: when, accounts: rows }));
    return 0;
  }
  const age = (context.clock.now() - listed) / 1000;
  if (found.length === 0)
    output.tell(
      `awsh: you have no account in ${printable(sessionKey(session))}: ask its administrator to assign one`,
    );
  else {
    const cells = found.map(({ id, name, email, roles }) => [name || id, id, roles.join(', '), email]);
    await output.print(tableText(['NAME', 'ACCOUNT', 'ROLES', 'EMAIL'], cells, await lookOf(output.stdout)));
  }
  if (age >= 60) output.tell(`awsh: this list is ${formatDuration(age)} old; for a new one, add --fresh`);
  return 0;
}

/**
 * The cached list, or else a new one. At a terminal it offers to sign in if necessary, and shows
 * its progress. Throws as `listAccounts` does.
 */
export async function accountsOf(
  context: Context,
  session: SsoSession,
  fresh: boolean,
): Promise<KnownAccounts> {
  const { paths, clock } = context;
  const known = fresh ? null : knownAccounts(session, paths, clock.now());
  if (known !== null) return known;
  return withSignIn(context, session, () => listAndKeep(context, session));
}

/** In milliseconds: how long the picker waits. */
const limitMs = 5000;

/**
 * The cached list, or else a new one if that takes only a few seconds and needs no user. Null if
 * there is none, for any reason. After a timeout it is not tried again for an hour.
 */
export async function accountsAtHand(
  context: Context,
  session: SsoSession,
): Promise<readonly SsoAccount[] | null> {
  const { paths, clock, environment } = context;
  const known = knownAccounts(session, paths, clock.now());
  if (known !== null) return known.accounts;
  const isSignedIn = readSignIn(signInPath(sessionKey(session), environment)) !== null;
  if (!isSignedIn || isSlowList(session, paths, clock.now())) return null;
  try {
    return (await listAndKeep(context, session, limitMs)).accounts;
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    if (passesWithTime(error)) noteSlowList(session, paths, clock.now());
    return null;
  }
}

async function listAndKeep(context: Context, session: SsoSession, limit?: number): Promise<KnownAccounts> {
  const { paths, clock, output } = context;
  try {
    const { accounts: found } = await listAccounts(session, {
      ...runOfSession(context, session),
      onProgress: (done, all) => output.passing(`awsh: ${done}/${all} accounts`),
      ...(limit !== undefined && { limitMs: limit }),
    });
    const list = { listed: clock.now(), accounts: found };
    keepAccounts(session, list, paths);
    return list;
  } finally {
    output.passing(null);
  }
}
