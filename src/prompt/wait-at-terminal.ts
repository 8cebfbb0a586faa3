import { CancelledError } from '../system/index.ts';
import { withTerminal } from './terminal-owner.ts';

/** What the user sees and can do during a wait. */
export interface Waiting<T> {
  /** The name of the wait, for the error if there is no terminal. */
  readonly name: string;
  /** Shown first, unchanged: make it printable. */
  readonly text: string;
  /** One line that is drawn again each second; null for none. */
  readonly status: (() => string) | null;
  /** Begins when the text is shown. */
  readonly work: (show: (line: string) => void) => Promise<T>;
  /** Letters that count without Enter. */
  readonly keys: string;
  /**
   * How lines that are expected begin, in small letters; null for any text. After other text the
   * letters still count, so `q` always quits.
   */
  readonly lineStarts: readonly string[] | null;
  /** Called for a typed or pasted line, or one of these letters. */
  readonly onLine: (line: string, show: (line: string) => void) => void;
}

/**
 * Waits at the terminal itself, so stdout may be a pipe. Throws CancelledError on ^C, ^D and `q`,
 * PersonNeededError (exit 6) without a terminal. Discards input typed ahead, before and after.
 */
export async function waitAtTerminal<T>(waiting: Waiting<T>): Promise<T> {
  const { name, text, status, work, keys, lineStarts, onLine } = waiting;
  return withTerminal(name, async (tty) => {
    await tty.discardTypedAhead();
    const clear = status === null ? '' : '\r\x1b[K';
    let drawn = '';
    const draw = () => {
      const line = status?.() ?? '';
      if (line === drawn) return;
      drawn = line;
      tty.write(`${clear}${line}`);
    };
    const redraw = () => {
      drawn = '';
      draw();
    };
    const show = (line: string) => {
      tty.write(`${clear}${line}\n`);
      redraw();
    };
    tty.write(`${text}\n`);
    draw();
    const timer = setInterval(draw, 1000);
    try {
      const done = work(show).then((value) => ({ value }));
      for (let typed = ''; ; ) {
        const next = await Promise.race([done, tty.read(redraw)]);
        if (typeof next !== 'string') return { value: next.value, restForNext: null };
        if (next.includes('\x1a')) tty.suspend();
        const added = next.replaceAll('\x1a', '');
        const isKey = added.length === 1 && !mayBeginLine(typed, lineStarts);
        const { lines, rest } = linesOf(isKey ? added : typed + added, keys);
        typed = rest;
        for (const line of lines) onLine(line, show);
      }
    } finally {
      clearInterval(timer);
      tty.write(clear);
    }
  });
}

function mayBeginLine(typed: string, starts: readonly string[] | null): boolean {
  const begun = typed.trim().toLowerCase();
  return starts === null || starts.some((start) => start.startsWith(begun.slice(0, start.length)));
}

/** The complete lines of the input, or a key. Throws CancelledError for a key that cancels. */
function linesOf(input: string, keys: string): { lines: string[]; rest: string } {
  const typed = input.replaceAll(/\x1b\[20[01]~/g, '');
  if (/[\x03\x04]/.test(typed)) throw new CancelledError();
  // A key, with or without Enter after it.
  const [, key] = /^([A-Za-z])[\r\n]*$/.exec(typed) ?? [];
  if (key !== undefined && /q/i.test(key)) throw new CancelledError();
  if (key !== undefined && keys.includes(key.toLowerCase())) return { lines: [key.toLowerCase()], rest: '' };
  const lines = typed.split(/[\r\n]+/);
  const rest = (lines.pop() ?? '').slice(-16_384);
  return { lines: lines.map((line) => line.trim()), rest };
}
