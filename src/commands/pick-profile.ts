// The picker: commands that need a profile and were given none open it at a terminal.
import { type Context, describeProfile, lookOf, plainLook } from '../cli/index.ts';
import { nearestNames, profileNames } from '../profiles/index.ts';
import { loadExeca } from '../programs/index.ts';
import { canPick, pick } from '../prompt/index.ts';
import { AwshError, CancelledError, formatDuration, printable, UsageError } from '../system/index.ts';
import { type PickerRow, pickerChoices } from './picker-rows.ts';
import { noteRecentProfile, recentProfiles } from './recent-profiles.ts';

/** False if asking is not allowed, or if there is no terminal. */
export function canPickProfile({ asksNobody }: Context): boolean {
  return !asksNobody && canPick();
}

/**
 * Lets the user choose a profile for `command`: the one used last first, then those with a session,
 * then in the order of the config file. Throws UsageError (exit 2) if there is no terminal.
 * `unknown` is a name that no profile has; the search begins with it.
 */
export async function pickProfile(context: Context, command: string, unknown = ''): Promise<string> {
  if (!canPickProfile(context)) {
    throw new UsageError(
      `awsh ${command} needs a profile`,
      'none was named, and there is no terminal to choose one in',
      'awsh list --profiles',
    );
  }
  // The hook reads a chosen profile again; other commands have already read the config file.
  const unwritten = command === 'use' ? await import('./unwritten-roles.ts') : null;
  const roles = (await unwritten?.unwrittenRoles(context)) ?? [];
  const rows = [
    ...(await profileRows(context)),
    ...roles.map(({ name, account, role }): PickerRow => [name, account, role, 'no profile']),
  ];
  if (rows.length === 0) {
    throw new UsageError('there is no profile to choose', 'the AWS config file has none', 'awsh add NAME');
  }
  const { picker } = await context.settings();
  const rank = await ranking(rows, unknown);
  const search = {
    question: unknown === '' ? 'profile' : `${unknown} is not a profile; choose one`,
    // No profile is similar, so all are shown.
    filter: unknown !== '' && rank(unknown).length === 0 ? '' : unknown,
    rank,
  };
  const chosen =
    picker === 'fzf' ? await pickWithFzf(context, rows, search) : await pickHere(context, rows, search);
  const role = roles.find(({ name }) => name === chosen);
  if (role !== undefined) await unwritten?.writeChosenRole(context, role);
  noteRecentProfile(context.paths, chosen, context.clock.now() / 1000);
  return chosen;
}

async function profileRows(context: Context): Promise<PickerRow[]> {
  const [files, vault] = [await context.awsFiles(), await context.vault()];
  const recent = await recentProfiles(context.paths);
  const now = context.clock.now();
  const ends = new Map<string, number>();
  for (const { profile, expires } of vault.sessions()) {
    if (expires.getTime() > now) ends.set(profile, Math.max(ends.get(profile) ?? 0, expires.getTime()));
  }
  const names = [...new Set([...profileNames(files), ...vault.keys().map(({ profile }) => profile)])];
  const rank = (name: string) => [recent.get(name) ?? 0, ends.get(name) ?? 0] as const;
  const ranked = names.map((name) => ({ name, rank: rank(name) }));
  ranked.sort((a, b) => b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1]);
  return ranked.map(({ name, rank: [, end] }) => {
    const { account, role } = describeProfile(files, name);
    return [name, account ?? '', role ?? '', end === 0 ? '' : formatDuration((end - now) / 1000)];
  });
}

/** Checks the terminal, wherever stdout leads. */
function terminalColours({ environment }: Context): boolean {
  return !environment.NO_COLOR && environment.TERM !== 'dumb';
}

async function terminalLook(context: Context) {
  const colours = terminalColours(context);
  return lookOf({ isTerminal: true, colours, columns: 80 });
}

interface Search {
  readonly question: string;
  readonly filter: string;
  readonly rank: (search: string) => readonly string[];
}

async function pickHere(context: Context, rows: readonly PickerRow[], search: Search): Promise<string> {
  const look = await terminalLook(context);
  return pick({
    ...search,
    choices: (room) => pickerChoices(rows, room, look),
    colours: terminalColours(context),
    isDumb: context.environment.TERM === 'dumb',
  });
}

/**
 * Each typed word must match the name, account or role, with its letters in order. A name that
 * matches all words comes before one that needs its account or role to match. A mistyped name that
 * matches nothing finds similar names.
 */
async function ranking(
  rows: readonly PickerRow[],
  filter: string,
): Promise<(search: string) => readonly string[]> {
  const { go, single, snapshot } = await import('fuzzysort');
  const keys = ([0, 1, 2] as const).map((at) => (row: PickerRow) => row[at]);
  const known = snapshot(rows as PickerRow[], { keys });
  return (search) => {
    const scoreFn = ({ score, obj: [name] }: { score: number; obj: PickerRow }) =>
      single(search, name) === null ? score : score + 0.5;
    const found = go(search, known, { limit: 0, threshold: 0, scoreFn }).map(({ obj }) => obj[0]);
    if (found.length > 0 || search !== filter) return found;
    return nearestNames(
      search,
      rows.map(([name]) => name),
      10,
    );
  };
}

/**
 * fzf itself asks on /dev/tty. It gets the rows as they are shown and answers with a line number.
 */
async function pickWithFzf(
  context: Context,
  rows: readonly PickerRow[],
  { question, filter }: Search,
): Promise<string> {
  const execa = await loadExeca();
  const look = terminalColours(context) ? await terminalLook(context) : plainLook;
  const input = pickerChoices(rows, Number.POSITIVE_INFINITY, look).map(
    ({ line }, index) => `${index}\t${line}`,
  );
  const colours = look === plainLook ? ['--no-color'] : ['--ansi'];
  const fzf = await execa(
    'fzf',
    [
      ...['--delimiter=\t', '--with-nth=2..', '--prompt=profile> ', `--query=${filter}`, ...colours],
      ...(question === 'profile' ? [] : [`--header=${printable(question)}`]),
    ],
    { input: input.join('\n'), stderr: 'inherit', reject: false },
  );
  if (fzf.failed && fzf.exitCode === undefined) {
    throw new AwshError(
      'other',
      'fzf could not be started',
      'the setting picker names it',
      'awsh config unset picker',
    );
  }
  const row = rows[Number.parseInt(fzf.stdout, 10)];
  if (fzf.exitCode !== 0 || row === undefined) throw new CancelledError();
  return row[0];
}
