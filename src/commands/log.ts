import { type CommandInput, type Context, lookOf, tableText } from '../cli/index.ts';
import { type GrantLine, type LogReading, readGrantLog } from '../record/index.ts';
import {
  AwshError,
  hasCode,
  printable,
  printablePath,
  requireDuration,
  shellWord,
  UsageError,
} from '../system/index.ts';

/**
 * `awsh log`: the credentials that were given, with the command, the time and the directory. Reads
 * only the log.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { output, clock, paths } = context;
  const { log } = await context.settings();
  const lines = readLines(context, wantedLines(input, clock.now()));
  if (input.flag('json')) {
    if (lines.length > 0) await output.print(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
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

function readLines({ paths, clock }: Context, wanted: LogReading): GrantLine[] {
  try {
    return readGrantLog(paths.state, wanted, clock.now());
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'ELOOP', 'EISDIR')) throw error;
    throw new AwshError(
      'other',
      'the log cannot be read',
      `${printable(paths.state)}/log.jsonl is not a file of this user`,
      `ls -ld ${shellWord(`${paths.state}/log.jsonl`)}`,
    );
  }
}

function wantedLines(input: CommandInput, now: number): LogReading {
  const [since, profile, key] = [input.value('since'), input.value('profile'), input.value('key')];
  if (key !== undefined && !/^[A-Z0-9]{4,128}$/.test(key))
    throw new UsageError(
      `--key is not an access key id: ${printable(key)}`,
      'it is an id like ASIAEXAMPLE, or at least its last four characters',
    );
  return {
    ...(since !== undefined && { since: now - requireDuration('--since', since) * 1000 }),
    ...(profile !== undefined && { profile }),
    ...(key !== undefined && { key }),
  };
}

type Column = readonly [title: string, cell: (line: GrantLine) => string | null | undefined];

/** Outcome and reason are columns only if a line has something to show there. */
function columnsFor(lines: readonly GrantLine[], home: string, utc: boolean): readonly Column[] {
  const outcome: Column = ['OUTCOME', ({ cause }) => (cause ? `refused: ${cause}` : 'granted')];
  const reason: Column = ['REASON', (line) => line.reason];
  return [
    ['TIME', ({ time }) => timeText(time, utc)],
    ['GRANT', ({ verb }) => verb],
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
