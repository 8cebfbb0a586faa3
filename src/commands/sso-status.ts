import { type CommandInput, type Context, jsonText, lookOf, tableText } from '../cli/index.ts';
import {
  allSsoSessions,
  findSsoSession,
  isOwnSignIn,
  isRenewable,
  readSignIn,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { formatDuration } from '../system/index.ts';

/** What `awsh sso status --json` prints of a session. */
interface SessionStatus {
  readonly session: string;
  readonly startUrl: string;
  readonly region: string;
  readonly state: 'signed in' | 'renewed when needed' | 'ended' | 'not signed in';
  /** RFC 3339, of the token that is there; null if there is none. */
  readonly until: string | null;
  readonly renewable: boolean;
  /** Who signed in. */
  readonly by: 'awsh' | 'another program' | null;
  readonly profiles: readonly string[];
}

/** `awsh sso status [NAME]`: makes no call. */
export async function status(context: Context, input: CommandInput): Promise<number> {
  const { output, environment } = context;
  const files = await context.awsFiles();
  const plain = unloadedEnvironment(environment);
  const name = input.argument('NAME');
  const { usable: sessions, broken } =
    name === undefined
      ? allSsoSessions(files, plain)
      : { usable: [findSsoSession(name, files, plain)], broken: [] };
  for (const { fault } of broken) output.tell(`awsh: ${[fault.what, fault.why].filter(Boolean).join(': ')}`);
  const rows = sessions.map((session) => statusOf(session, context));
  if (input.flag('json')) {
    await output.print(jsonText(rows));
    return 0;
  }
  if (rows.length === 0 && broken.length > 0) return 2;
  if (rows.length === 0) {
    output.tell('awsh: no profile uses IAM Identity Center: aws configure sso');
    return 0;
  }
  const titles = ['SESSION', 'STATE', 'UNTIL', 'BY', 'PROFILES', 'START URL', 'REGION'];
  const cells = rows.map((row) => [
    row.session,
    row.state,
    untilText(row, context.clock.now()),
    row.by ?? '-',
    profilesText(row.profiles),
    row.startUrl,
    row.region,
  ]);
  await output.print(tableText(titles, cells, await lookOf(output.stdout)));
  return 0;
}

function statusOf(session: SsoSession, { environment, paths, clock }: Context): SessionStatus {
  const found = readSignIn(signInPath(sessionKey(session), environment));
  const now = clock.now();
  const renewable = found !== null && isRenewable(found, Math.max(now, found.ends || 0));
  const isGood = found !== null && found.ends > now;
  return {
    session: sessionKey(session),
    startUrl: session.startUrl,
    region: session.region,
    state:
      found === null ? 'not signed in' : isGood ? 'signed in' : renewable ? 'renewed when needed' : 'ended',
    until: found === null || Number.isNaN(found.ends) ? null : new Date(found.ends).toISOString(),
    renewable,
    by: found === null ? null : isOwnSignIn(session, found, paths) ? 'awsh' : 'another program',
    profiles: session.profiles,
  };
}

function untilText({ until, renewable }: SessionStatus, now: number): string {
  if (until === null) return '-';
  const ends = Date.parse(until);
  const left = (ends - now) / 1000;
  const time = left > 0 ? `${clockTime(ends / 1000)}, in ${formatDuration(left)}` : clockTime(ends / 1000);
  return renewable && left > 0 ? `${time}, renewable` : time;
}

function profilesText(profiles: readonly string[]): string {
  const shown = profiles.slice(0, 3).join(', ');
  return profiles.length > 3 ? `${shown}, … (${profiles.length})` : shown || '-';
}
