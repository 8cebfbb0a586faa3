import { type CommandInput, type Context, jsonText, lookOf, tableText } from '../cli/index.ts';
import {
  allSsoSessions,
  findSsoSession,
  type SignInState,
  type SsoSession,
  signInState,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { formatDuration } from '../system/index.ts';

/** A session as `awsh sso status --json` prints it. */
interface SessionStatus extends SignInState {
  readonly startUrl: string;
  readonly region: string;
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
    output.tell(
      'awsh: no profile uses IAM Identity Center; to add a session: awsh sso add (see awsh sso --help)',
    );
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
  const { name, startUrl, region, profiles } = session;
  const key = { session: name, startUrl, profile: profiles[0] ?? '' };
  const facts = { surroundings: environment, state: paths.state, now: clock.now() };
  const { session: shown, ...state } = signInState(key, facts);
  return { session: shown, startUrl, region, ...state, profiles };
}

function untilText({ until, renewable }: SessionStatus, now: number): string {
  if (until === null) return '-';
  const ends = Date.parse(until);
  const left = (ends - now) / 1000;
  const time =
    left > 0 ? `${clockTime(ends / 1000)}, in ${formatDuration(left)}` : `ended ${clockTime(ends / 1000)}`;
  return renewable && left > 0 ? `${time}, renewable` : time;
}

/** The number comes first, because a narrow terminal cuts the names off. */
function profilesText(profiles: readonly string[]): string {
  const shown = profiles.slice(0, 3).join(', ');
  return profiles.length > 3 ? `${profiles.length}: ${shown}, …` : shown || '-';
}
