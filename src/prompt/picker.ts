import * as fs from 'node:fs';
import { WriteStream } from 'node:tty';
import { CancelledError, inForeground, printable } from '../system/index.ts';
import { checkText } from './answers.ts';
import { hasTerminal, terminalDevice } from './terminal-device.ts';
import { withTerminal } from './terminal-owner.ts';
import type { Tty } from './tty.ts';

/** One line of a picker. */
export interface Choice {
  readonly value: string;
  readonly line: string;
}

export interface PickOptions {
  readonly question: string;
  /** The initial text of the search field. */
  readonly filter?: string;
  /** All lines, for this many columns. A line may have colours if `colours` is true. */
  readonly choices: (columns: number) => Choice[];
  /** The values that match the search, best first. */
  readonly rank: (search: string) => readonly string[];
  readonly colours: boolean;
  /** The terminal cannot move its cursor (TERM=dumb): lines are printed and one is read. */
  readonly isDumb: boolean;
}

/** True if the user can be asked at this process's terminal. */
export function canPick(): boolean {
  return inForeground() && hasTerminal();
}

/**
 * Lets the user choose one at the terminal itself, so stdout may be a pipe; the display is removed
 * afterwards. Discards input typed ahead. Throws PersonNeededError without a terminal,
 * CancelledError on Esc and Ctrl-C.
 */
export async function pick(options: PickOptions): Promise<string> {
  return await withTerminal(options.question, async (tty) => ({
    value: await (options.isDumb ? pickByNumber(tty, options) : pickOnScreen(tty, options)),
    restForNext: null,
  }));
}

async function pickOnScreen(
  tty: Tty,
  { question, filter = '', choices, rank, colours }: PickOptions,
): Promise<string> {
  const { autocomplete, isCancel } = await import('@clack/prompts');
  const output = new WriteStream(fs.openSync(terminalDevice, fs.constants.O_WRONLY | fs.constants.O_NOCTTY));
  if (!colours) withoutColours(output);
  try {
    const input = await tty.keys();
    output.write(screen.apart);
    const ranked = rankedOptions(choices((output.columns || 80) - markColumns), rank);
    const chosen = await autocomplete<string>({
      message: printable(question),
      options() {
        return ranked(this.userInput).options;
      },
      filter: (search, { value }) => ranked(search).matches.has(value),
      initialUserInput: filter,
      // The user pressed Enter when no line was left.
      validate: (value) => (value === undefined ? 'no line has these words' : undefined),
      maxItems: Math.max(3, (output.rows || 24) - 8),
      input,
      output,
    });
    if (isCancel(chosen)) throw new CancelledError();
    return profileOf(chosen);
  } finally {
    output.write(screen.back);
    output.destroy();
  }
}

interface Ranked {
  readonly options: { value: string; label: string }[];
  readonly matches: ReadonlySet<string>;
}

/**
 * The lines in the order of the search: those that match come first. Their values differ with each
 * search, because otherwise the list would keep its cursor on the previous line instead of the best
 * one.
 */
function rankedOptions(
  choices: readonly Choice[],
  rank: PickOptions['rank'],
): (search: string | undefined) => Ranked {
  const all = new Map(choices.map(({ value, line }) => [value, line]));
  let last: { search: string; ranked: Ranked } | undefined;
  return (given) => {
    const search = (given ?? '').trim();
    if (last?.search === search) return last.ranked;
    const best = search === '' ? [...all.keys()] : rank(search);
    const matches = new Set(best);
    const rest = best.length === all.size ? [] : [...all.keys()].filter((value) => !matches.has(value));
    const keyed = (value: string) => `${search}\0${value}`;
    const ranked: Ranked = {
      options: [...best, ...rest].map((value) => ({ value: keyed(value), label: all.get(value) ?? '' })),
      matches: new Set(best.map(keyed)),
    };
    last = { search, ranked };
    return ranked;
  };
}

function profileOf(keyed: string): string {
  return keyed.slice(keyed.indexOf('\0') + 1);
}

/** More lines than fit on a screen are not useful. */
const mostLines = 20;

async function pickByNumber(
  tty: Tty,
  { question, filter = '', choices, rank }: PickOptions,
): Promise<string> {
  const { askAt } = await import('./question.ts');
  const all = choices(78);
  const lines = new Map(all.map(({ value, line }) => [value, line]));
  let found = filter === '' ? [...lines.keys()] : rank(filter);
  for (;;) {
    const shown = found.slice(0, mostLines);
    tty.write(shown.map((value, index) => `${index + 1}) ${lines.get(value)}\n`).join(''));
    if (found.length > shown.length) tty.write(`… ${found.length - shown.length} more\n`);
    const asked = { name: question, end: ' (its number, or a part of its name): ', form: {}, shown: /^/ };
    const { value: answer } = await askAt(tty, { ...asked, accept: (line) => checkText(line, {}) }, null);
    const chosen = shown[Number(answer) - 1] ?? (lines.has(answer) ? answer : undefined);
    if (chosen !== undefined) return chosen;
    if (answer === '') throw new CancelledError();
    found = rank(answer);
    if (found.length === 1 && found[0] !== undefined) return found[0];
    if (found.length === 0) tty.write('no line has these words\n');
  }
}

/**
 * The prompts' package colours its output on every terminal, whatever NO_COLOR says
 * (https://no-color.org).
 */
function withoutColours(output: WriteStream): void {
  const write = output.write.bind(output);
  output.write = (text: string | Uint8Array) => write(String(text).replace(/\x1b\[[0-9;]*m/g, ''));
}

/**
 * The terminal's alternate screen, as editors and pagers use it (private mode 1049 of xterm's
 * control sequences).
 */
const screen = { apart: '\x1b[?1049h\x1b[H', back: '\x1b[?1049l' };

/** The width of what the picker itself writes before a line. */
const markColumns = 6;
