import { stripVTControlCharacters } from 'node:util';

/** A shell in a pseudo-terminal, typed into by a script. */
export interface PseudoTerminal {
  /** Everything shown so far, without colours and cursor movements. `promptEnd` is behind each prompt. */
  readonly shown: () => string;
  readonly type: (keys: string) => void;
  /** Waits until what was shown after `since` characters matches; null after twenty seconds without it. */
  readonly waitFor: (pattern: RegExp, since: number) => Promise<RegExpMatchArray | null>;
  /** The shell's exit status, once it has ended. */
  readonly ended: Promise<number>;
  readonly kill: () => void;
}

/** In what was shown: the shell waits for a command. */
export const promptEnd = '\0';
/** Terminals' own mark for that (OSC 133;B), which the sandbox's prompts end with. */
export const promptMark = String.raw`\e]133;B\a`;

const patienceMs = 20_000;

/** Starts `file` with `args` in a terminal of 100 columns. */
export async function startPseudoTerminal(
  file: string,
  args: readonly string[],
  options: { cwd: string; environment: Readonly<Record<string, string>> },
): Promise<PseudoTerminal> {
  const { spawn } = await import('@lydell/node-pty');
  const child = spawn(file, [...args], {
    cols: 100,
    rows: 30,
    cwd: options.cwd,
    env: { ...options.environment },
  });
  let raw = '';
  const shown = () =>
    stripVTControlCharacters(raw.replaceAll('\x1b]133;B\x07', promptEnd)).replace(/\r+\n/g, '\n');
  child.onData((text) => {
    raw += text;
    // "What are you?" A VT100, as every terminal answers; fish 4 waits for it.
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
