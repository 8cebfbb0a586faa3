import { CancelledError, inForeground } from '../system/index.ts';
import { personNeeded } from './silent.ts';
import { hasTerminal } from './terminal-device.ts';
import type { Tty } from './tty.ts';

/**
 * The terminal that is still open because another question follows at once, and the input after the
 * last answer.
 */
let held: { readonly tty: Tty; readonly rest: string } | null = null;
let hasAsked = false;
/**
 * The signal that ended a question: the process must end by it, too, as soon as the command has
 * cleaned up.
 */
let endedBy: NodeJS.Signals | null = null;
/** In milliseconds, for a command that does not end when its question is cancelled. */
const patienceMs = 3_000;

export interface Asked<T> {
  readonly value: T;
  /** If another question follows at once: the input after the answer, in the same paste. */
  readonly restForNext: string | null;
}

/**
 * Opens the terminal for a question, and closes it after the answer, unless another question
 * follows at once. `rest` is null if there was no question before. Throws PersonNeededError if this
 * process has no terminal or is in the background.
 */
export async function withTerminal<T>(
  question: string,
  ask: (tty: Tty, rest: string | null) => Promise<Asked<T>>,
): Promise<T> {
  requireTerminal(question);
  if (endedBy !== null) throw new CancelledError();
  const before = held;
  held = null;
  const tty = before?.tty ?? (await openTty());
  if (tty === null) throw noTerminal(question);
  hasAsked = true;
  try {
    const { value, restForNext } = await ask(tty, before?.rest ?? null);
    if (restForNext !== null) held = { tty, rest: restForNext };
    return value;
  } finally {
    if (held === null) await tty.close();
    if (tty.endedBy !== null) endBy(tty.endedBy);
  }
}

/**
 * Discards input typed since the last question, so that none of it reaches the shell. Does nothing
 * if no question was asked. Call it when the command is over, however it ends.
 */
export async function releaseTerminal(): Promise<void> {
  if (!hasAsked) return;
  const open = held?.tty;
  [held, hasAsked] = [null, false];
  const tty = open ?? (inForeground() ? await openTty() : null);
  await tty?.close();
  endedBy ??= tty?.endedBy ?? null;
  if (endedBy !== null) process.kill(process.pid, endedBy);
}

function endBy(signal: NodeJS.Signals): void {
  endedBy = signal;
  setTimeout(() => process.kill(process.pid, signal), patienceMs).unref();
}

/** Throws PersonNeededError if this process cannot ask at its terminal, or has none. */
export function requireTerminal(question: string): void {
  if (!inForeground())
    throw personNeeded(question, 'a job in the background cannot ask', 'run it in the foreground');
  if (!hasTerminal()) throw noTerminal(question);
}

async function openTty(): Promise<Tty | null> {
  // The code that reads keys is imported only for a question.
  const { Tty } = await import('./tty.ts');
  return Tty.open();
}

function noTerminal(question: string) {
  return personNeeded(question, 'there is no terminal to ask in', 'run it in a terminal');
}
