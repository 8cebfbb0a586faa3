import * as fs from 'node:fs';
import { WriteStream } from 'node:tty';
import { CancelledError, printable } from '../system/index.ts';
import { requireTerminal } from './terminal.ts';
import { terminalDevice } from './terminal-device.ts';

/** One line of a picker. */
export interface Choice {
  readonly value: string;
  readonly line: string;
}

/**
 * Lets a person choose one by typing parts of its line, on the terminal itself; what is shown there goes when it is over.
 * Throws away what was typed ahead. `choices` are made for so many columns. PersonNeededError where there is no terminal,
 * CancelledError on Esc and Ctrl-C.
 */
export async function pick(question: string, choices: (columns: number) => Choice[]): Promise<string> {
  requireTerminal(question);
  const [{ Tty }, { autocomplete, isCancel }] = await Promise.all([
    import('./tty.ts'),
    import('@clack/prompts'),
  ]);
  const tty = Tty.open();
  if (tty === null) throw new CancelledError('cancelled', 'the terminal went away');
  const output = new WriteStream(fs.openSync(terminalDevice, fs.constants.O_WRONLY | fs.constants.O_NOCTTY));
  try {
    const input = await tty.keys();
    output.write(screen.apart);
    const chosen = await autocomplete({
      message: printable(question),
      options: choices((output.columns || 80) - markColumns).map(({ value, line }) => ({
        value,
        label: line,
      })),
      filter: (search, { label = '' }) => isWanted(search, label),
      // Enter where no line is left.
      validate: (value) => (value === undefined ? 'no line has these words' : undefined),
      maxItems: Math.max(3, (output.rows || 24) - 8),
      input,
      output,
    });
    if (isCancel(chosen)) throw new CancelledError();
    return chosen;
  } finally {
    output.write(screen.back);
    output.destroy();
    tty.close();
  }
}

/** The terminal's other screen, as editors and pagers use it (private mode 1049 of xterm's control sequences). */
const screen = { apart: '\x1b[?1049h\x1b[H', back: '\x1b[?1049l' };

/** What the picker itself writes before a line. */
const markColumns = 6;

/** Every word that was typed stands somewhere in the line, in small letters or large. */
function isWanted(search: string, line: string): boolean {
  const text = line.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
