import { type Context, cutToWidth, describeProfile, padToWidth, textWidth } from '../cli/index.ts';
import { profileNames } from '../profiles/index.ts';
import { type Choice, pick } from '../prompt/index.ts';
import { AwshError, CancelledError, formatDuration, printable, UsageError } from '../system/index.ts';
import { noteRecentProfile, recentProfiles } from './recent-profiles.ts';

/** What is known of a profile, as its line shows it: name, account, role, time left of its session. */
type Cells = readonly [name: string, account: string, role: string, left: string];

/** Lets the person choose a profile: the one used last first, then those with a session, then as the config file has them. */
export async function pickProfile(context: Context): Promise<string> {
  const rows = await profileRows(context);
  if (rows.length === 0) {
    throw new UsageError('there is no profile to choose', 'the AWS config file has none', 'awsh add NAME');
  }
  const { picker } = await context.settings();
  const chosen =
    picker === 'fzf' ? await pickWithFzf(rows) : await pick('profile', (room) => choices(rows, room));
  noteRecentProfile(context.paths, chosen, context.clock.now() / 1000);
  return chosen;
}

async function profileRows(context: Context): Promise<Cells[]> {
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

/** One line a profile, its parts below each other, in so many columns; where they are few, name and time left alone. */
function choices(rows: readonly Cells[], room: number): Choice[] {
  const shown = rows.map((row) => row.map(printable));
  const width = (at: number) => Math.max(...shown.map((row) => textWidth(row[at] ?? '')));
  const all = [0, 1, 2, 3].map(width);
  const fits = all.reduce((sum, columns) => sum + columns + 2, -2) <= room;
  const last = all[3] ?? 0;
  const columns = fits ? all : [Math.min(all[0] ?? 0, Math.max(10, room - last - 2)), 0, 0, last];
  return rows.map((row, index) => {
    const cells = columns.map((wide, at) => padToWidth(cutToWidth(shown[index]?.[at] ?? '', wide), wide));
    const line = cells.filter((_, at) => (columns[at] ?? 0) > 0).join('  ');
    return { value: row[0], line: line.trimEnd() };
  });
}

/** fzf itself asks on /dev/tty; it is given what is shown, and its answer is a line's number. */
async function pickWithFzf(rows: readonly Cells[]): Promise<string> {
  const { execa } = await import('execa');
  const input = choices(rows, Number.POSITIVE_INFINITY).map(({ line }, index) => `${index}\t${line}`);
  const fzf = await execa('fzf', ['--delimiter=\t', '--with-nth=2..', '--prompt=profile> '], {
    input: input.join('\n'),
    stderr: 'inherit',
    reject: false,
  });
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
