import { AwshError, explained, printable, withHomeShort } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { type Look, lookOf } from './look.ts';
import { nextLine } from './next-line.ts';
import type { StreamTraits } from './output.ts';
import { labelled, proseRoom, wrapWords } from './wrapped-text.ts';

/**
 * The text that the user sees when a command fails: three short lines with what happened, why, and
 * the next command. Contains no secret. The next command is never wrapped, so that it can be
 * copied. `line` is the command line that failed.
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

/** The lines of an error. An empty reason and a null command are left out. */
export function threeLines(
  {
    what,
    reason,
    command,
  }: { readonly what: string; readonly reason: string; readonly command: string | null },
  look: Look,
): string {
  const name = look.bold(look.red('awsh:'));
  const { HOME } = process.env;
  const [first = '', ...more] = wrapWords(withHomeShort(what, HOME), proseRoom(look) - 'awsh: '.length);
  const lines = [`${name} ${first}`, ...more.map((line) => `  ${line}`)];
  if (reason !== '') lines.push(...labelled('  why:', withHomeShort(reason, HOME), labelColumns, look));
  if (command !== null) lines.push(`${look.dim('  next:')} ${command}`);
  return lines.join('\n');
}

const labelColumns = '  next: '.length;

/** The error's exit status: its own, or 1. */
export function errorStatus(error: unknown): number {
  return error instanceof AwshError ? error.exitStatus : 1;
}

/**
 * The message of an error that is not awsh's own may quote its input (JSON.parse, Node's argument
 * checks, a failed child's output). It is shown only if it comes from the operating system or
 * contains only names from awsh's code.
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

/**
 * Messages of the JavaScript engine that contain names from the code and no values. Other messages
 * quote their input.
 */
const ofCode =
  /^(Cannot (read|set) properties of (undefined|null) \((reading|setting) '\w*'\)|[\w.$]+ is not (a function|a constructor|defined|iterable)|Maximum call stack size exceeded)$/;

/** The stack frames, without the messages. */
function frames(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return error.cause === undefined
    ? own.map(printable)
    : [...own.map(printable), `  caused by: ${whatHappened(error.cause)}`, ...frames(error.cause)];
}
