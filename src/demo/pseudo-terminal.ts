import { stripVTControlCharacters } from 'node:util';

/** A shell in a pseudo-terminal, typed into by a script. */
export interface PseudoTerminal {
  /** Everything shown so far, without colours and cursor movements. */
  readonly shown: () => string;
  readonly type: (keys: string) => void;
  /** Waits until what was shown after `since` characters matches; null after ten seconds without it. */
  readonly waitFor: (pattern: RegExp, since: number) => Promise<RegExpMatchArray | null>;
  /** The shell's exit status, once it has ended. */
  readonly ended: Promise<number>;
  readonly kill: () => void;
}

const patienceMs = 20_000;

/** Starts `file` with `args` in a terminal of 100 columns. Each piece of output is handed to `onText` as it comes. */
export async function startPseudoTerminal(
  file: string,
  args: readonly string[],
  options: { cwd: string; environment: Readonly<Record<string, string>>; onText: (text: string) => void },
): Promise<PseudoTerminal> {
  const { spawn } = await import('@lydell/node-pty');
  const child = spawn(file, [...args], {
    cols: 100,
    rows: 30,
    cwd: options.cwd,
    env: { ...options.environment },
  });
  let raw = '';
  const shown = () => stripVTControlCharacters(raw).replaceAll('\r\n', '\n');
  child.onData((text) => {
    raw += text;
    options.onText(text);
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
