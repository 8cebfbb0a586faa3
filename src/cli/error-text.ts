import { AwshError, explained, printable } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { type Look, lookOf } from './look.ts';
import { nextLine } from './next-line.ts';
import type { StreamTraits } from './output.ts';
import { labelled, proseRoom, wrapWords } from './wrapped-text.ts';

/**
 * What the person reads when a command fails: three short lines, what, why and the next command. No secret. The command
 * is never broken by us, so that it can be copied. `line` is the command line that failed.
 */
export async function errorText(
  thrown: unknown,
  debug: boolean,
  terminal: StreamTraits,
  line: CommandLine | null = null,
): Promise<string> {
  const error = explained(thrown) ?? thrown;
  const advice = error instanceof AwshError ? nextLine(error, line) : noAdvice;
  const text = threeLines({ what: whatHappened(error), ...advice }, await lookOf(terminal));
  const isUsage = error instanceof AwshError && error.failure === 'usage';
  return debug && !isUsage ? [text, ...frames(error)].join('\n') : text;
}

const noAdvice = { reason: '', command: null };

/** An error's lines. An empty reason and a command that is null are left out. */
export function threeLines(
  {
    what,
    reason,
    command,
  }: { readonly what: string; readonly reason: string; readonly command: string | null },
  look: Look,
): string {
  const name = look.bold(look.red('awsh:'));
  const [first = '', ...more] = wrapWords(what, proseRoom(look) - 'awsh: '.length);
  const lines = [`${name} ${first}`, ...more.map((line) => `  ${line}`)];
  if (reason !== '') lines.push(...labelled('  why:', reason, labelColumns, look));
  if (command !== null) lines.push(`${look.dim('  next:')} ${command}`);
  return lines.join('\n');
}

const labelColumns = '  next: '.length;

/** The error's exit status: its own, or 1. */
export function errorStatus(error: unknown): number {
  return error instanceof AwshError ? error.exitStatus : 1;
}

/**
 * A message that is not ours may quote what it choked on (JSON.parse, Node's argument checks, a failed child's
 * output), so it is shown only where it comes from the operating system or speaks of our code alone.
 */
function whatHappened(error: unknown): string {
  if (error instanceof AwshError) return error.what;
  if (!(error instanceof Error)) return 'internal error';
  const code = 'code' in error ? printable(String(error.code)) : null;
  if ('errno' in error && 'syscall' in error && !('spawnargs' in error)) return printable(error.message);
  const kind = printable(error.name);
  const speaksOfCode = code === null && ofCode.test(error.message);
  return `internal error: ${kind}${speaksOfCode ? `: ${printable(error.message)}` : code === null ? '' : ` ${code}`}`;
}

/** Messages of the engine that have names of our code in them, and no value: others quote what they were given. */
const ofCode =
  /^(Cannot (read|set) properties of (undefined|null) \((reading|setting) '\w*'\)|[\w.$]+ is not (a function|a constructor|defined|iterable)|Maximum call stack size exceeded)$/;

/** Where it happened, without the messages. */
function frames(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return error.cause === undefined
    ? own.map(printable)
    : [...own.map(printable), `  caused by: ${whatHappened(error.cause)}`, ...frames(error.cause)];
}
