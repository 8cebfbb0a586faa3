import { stripVTControlCharacters } from 'node:util';
import { AwshError, printable } from '../system/index.ts';

/** A shell in a pseudo-terminal, controlled by a script. */
export interface PseudoTerminal {
  /** The output so far, without colours and cursor movements. `promptEnd` follows each prompt. */
  readonly shown: () => string;
  readonly type: (keys: string) => void;
  /** Waits until the output after `since` characters matches; null after twenty seconds. */
  readonly waitFor: (pattern: RegExp, since: number) => Promise<RegExpMatchArray | null>;
  /** The shell's exit status, once it has ended. */
  readonly ended: Promise<number>;
  readonly kill: () => void;
}

/** In the output: the shell waits for a command. */
export const promptEnd = '\0';
/** The terminals' own mark for that (OSC 133;B), with which the sandbox's prompts end. */
export const promptMark = String.raw`\e]133;B\a`;

const patienceMs = 20_000;

/** Starts `file` with `args` in a terminal of 100 columns. Throws AwshError if the system has none. */
export async function startPseudoTerminal(
  file: string,
  args: readonly string[],
  options: { cwd: string; environment: Readonly<Record<string, string>> },
): Promise<PseudoTerminal> {
  const child = await openTerminal(file, args, options);
  let raw = '';
  const shown = () =>
    stripVTControlCharacters(raw.replaceAll('\x1b]133;B\x07', promptEnd)).replace(/\r+\n/g, '\n');
  child.onData((text) => {
    raw += text;
    // The query for the terminal's type. The answer is VT100, as from every terminal; fish 4 waits
    // for it.
    if (/\x1b\[0?c/.test(text)) child.write('\x1b[?1;2c');
  });
  const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    shown,
    type: (keys) => child.write(keys),
    ended,
    kill: () => child.kill('SIGKILL'),
    async waitFor(pattern, since) {
      const deadline = Date.now() + patienceMs;
      while (Date.now() < deadline) {
        const match = pattern.exec(shown().slice(since));
        if (match !== null) return match;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return null;
    },
  };
}

async function openTerminal(...[file, args, { cwd, environment }]: Parameters<typeof startPseudoTerminal>) {
  try {
    const { spawn } = await import('@lydell/node-pty');
    return spawn(file, [...args], { cols: 100, rows: 30, cwd, env: { ...environment } });
  } catch (cause) {
    // The package has no program for this system (musl), or the system has no /dev/pts.
    const [reason = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new AwshError(
      'other',
      'the demo cannot play itself here',
      `it needs a pseudo-terminal, and cannot open one: ${printable(reason)}`,
      'at your terminal it needs none: awsh demo',
      { cause },
    );
  }
}
