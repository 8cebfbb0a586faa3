import { type CommandInput, type Context, jsonLine, lookOf, tableText } from '../cli/index.ts';
import { type GrantLine, type LogReading, readGrantLog } from '../record/index.ts';
import {
  AwshError,
  explained,
  hasCode,
  printable,
  printablePath,
  shellWord,
  UsageError,
} from '../system/index.ts';
import { momentOf } from './moment-of.ts';

/**
 * `awsh log`: the credentials that were given, with the command, the time and the directory. Reads
 * only the log.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { output, clock, paths } = context;
  const { log } = await context.settings();
  const lines = readLines(context, wantedLines(input, clock.now()));
  if (input.flag('json')) {
    if (lines.length > 0) await output.print(lines.map(jsonLine).join(''));
    return 0;
  }
  if (log === 'off') output.tell('awsh: nothing is recorded: awsh config set log on');
  if (lines.length === 0) {
    if (log !== 'off') output.tell('awsh: the log has no matching entries');
    return 0;
  }
  const columns = columnsFor(lines, paths.home, input.flag('utc'));
  const cells = lines.map((line) => columns.map(([, cell]) => cell(line) || '-'));
  const titles = columns.map(([title]) => title);
  await output.print(tableText(titles, cells, await lookOf(output.stdout)));
  return 0;
}

function readLines({ paths, clock, output }: Context, wanted: LogReading): GrantLine[] {
  const leftOut = (path: string, error: unknown) => {
    const why = explained(error)?.why;
    output.tell(`awsh: left out ${printablePath(path, paths.home)}${why === undefined ? '' : `: ${why}`}`);
  };
  try {
    return readGrantLog(paths.state, wanted, clock.now(), leftOut);
  } catch (error) {
    const path = `${paths.state}/log.jsonl`;
    const isForeign = hasCode(error, 'EACCES', 'ELOOP', 'EISDIR');
    if (!isForeign && !(error instanceof UsageError)) throw error;
    const reason = error instanceof UsageError ? `: ${error.why}` : ' is not a file of this user';
    const why = `${printable(path)}${reason}`;
    throw new AwshError('other', 'the log cannot be read', why, `ls -ld ${shellWord(path)}`);
  }
}

function wantedLines(input: CommandInput, now: number): LogReading {
  const [since, profile, key] = [input.value('since'), input.value('profile'), input.value('key')];
  return {
    ...(since !== undefined && { since: momentOf('--since', since, { now, utc: input.flag('utc') }) }),
    ...(profile !== undefined && { profile }),
    ...(key !== undefined && { key: keyPart(key) }),
  };
}

/** Also `****1234`, as other messages of awsh show a key, and in lower case. Throws UsageError. */
function keyPart(given: string): string {
  const part = given.replace(/^(?:\*+|\u2026)/, '').toUpperCase();
  if (/^[A-Z0-9]{4,128}$/.test(part)) return part;
  throw new UsageError(
    `--key is not an access key id: ${printable(given)}`,
    'it is an id like ASIAEXAMPLE, or at least four characters of its beginning or end',
  );
}

type Column = readonly [title: string, cell: (line: GrantLine) => string | null | undefined];

/** Outcome and reason are columns only if a line has something to show there. */
function columnsFor(lines: readonly GrantLine[], home: string, utc: boolean): readonly Column[] {
  const outcome: Column = ['OUTCOME', ({ cause }) => (cause ? `refused: ${cause}` : 'granted')];
  const reason: Column = ['REASON', (line) => line.reason];
  return [
    ['TIME', ({ time }) => timeText(time, utc)],
    ['VERB', ({ verb }) => verb],
    ...(lines.some(({ cause }) => cause) ? [outcome] : []),
    ['PROFILE', (line) => line.profile],
    ['ACCOUNT', ({ account }) => account],
    ['KEY', ({ accessKeyId }) => accessKeyId],
    ...(lines.some((line) => line.reason) ? [reason] : []),
    ['TERMINAL', ({ terminal }) => terminal],
    ['BY', ({ parent }) => parent],
    ['COMMAND', ({ command }) => command],
    ['DIRECTORY', ({ directory }) => directory && printablePath(directory, home)],
  ];
}

function timeText(time: string, utc: boolean): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '?';
  const shift = utc ? 0 : date.getTimezoneOffset() * 60_000;
  return new Date(date.getTime() - shift).toISOString().slice(0, 19).replace('T', ' ');
}
