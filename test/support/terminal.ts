import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IPty } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import type { TemporaryHome } from './temporary-home.ts';

/*
 * Real programs at a real terminal, the way a person meets them.
 *
 *   const shell = await openShell('bash', { home, rc: 'source /…/awsh.bash' });
 *   const { shown, status } = await shell.run('cd project');
 *
 * It works like expect: what the program wrote is read once, in order; waitFor() goes on from where the last wait ended.
 */

export type ShellName = 'bash' | 'zsh' | 'fish';

export interface TerminalOptions {
  /** The whole environment of the program; TERM is added. */
  environment: Record<string, string>;
  cwd?: string;
  columns?: number;
  rows?: number;
  /** TERM; `xterm-256color` unless told. */
  term?: string;
  /** True if the caller ends it; otherwise it is killed when the test ends. */
  keep?: boolean;
}

export interface ShellOptions extends Omit<TerminalOptions, 'environment' | 'cwd'> {
  /** HOME, working directory and environment of the shell; its rc file is written there. */
  home: TemporaryHome;
  /** The lines of the shell's rc file, after the one that sets a prompt. */
  rc?: string;
  /** Keeps the rc file as it is, for the second shell of a home. */
  keepRc?: boolean;
  /** Added to the home's environment; undefined takes a variable away. */
  environment?: Record<string, string | undefined>;
  cwd?: string;
  /** The shell's executable, if not the one in PATH. */
  program?: string;
}

export interface ExitStatus {
  status: number;
  /** The signal's number, 0 if the program ended by itself. */
  signal: number;
}

/**
 * Keys by their usual names. `press('^C')`, or any other control character by its letter, works
 * too.
 */
const keys: Record<string, string> = {
  Enter: '\r',
  Tab: '\t',
  Escape: '\x1b',
  Backspace: '\x7f',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Left: '\x1b[D',
  Right: '\x1b[C',
};

export class Terminal {
  /** Everything that the program wrote, including escape sequences. */
  received = '';
  readonly exited: Promise<ExitStatus>;
  protected readonly pty: IPty;
  private position = 0;
  private ended: ExitStatus | undefined;
  private wake: () => void = () => {};

  constructor(pty: IPty) {
    this.pty = pty;
    pty.onData((text) => {
      this.received += text;
      // "What are you?" A VT100, as every terminal answers. fish 4 waits ten seconds for this
      // answer.
      if (/\x1b\[0?c/.test(text)) pty.write('\x1b[?1;2c');
      this.wake();
    });
    this.exited = new Promise((resolve) =>
      pty.onExit(({ exitCode, signal }) => {
        this.ended = { status: exitCode, signal: signal ?? 0 };
        this.wake();
        resolve(this.ended);
      }),
    );
  }

  get pid(): number {
    return this.pty.pid;
  }

  /** True once the program has ended. */
  get gone(): boolean {
    return this.ended !== undefined;
  }

  /** Types the text as it is, without Enter. */
  type(text: string): void {
    this.pty.write(text);
  }

  /** Presses one key: `^C`, `Enter`, `Tab`, `Up`… */
  press(key: string): void {
    const control = /^\^(.)$/.exec(key)?.[1];
    this.type(control ? String.fromCharCode(control.toUpperCase().charCodeAt(0) & 0x1f) : (keys[key] ?? key));
  }

  resize(columns: number, rows: number): void {
    this.pty.resize(columns, rows);
  }

  /**
   * Waits until the pattern appears, and returns the output from the last wait to its end, in the
   * form of plainText(). Searches the raw text, so a pattern can contain an escape sequence. Throws
   * after `timeout` milliseconds, or if the program ends first.
   */
  async waitFor(pattern: string | RegExp, timeout = 60_000): Promise<string> {
    return plainText((await this.take(pattern, timeout)).text);
  }

  /** The output since the last wait, without waiting. */
  shownSoFar(): string {
    return plainText(this.received.slice(this.position));
  }

  /** Skips the output so far. */
  skip(): void {
    this.position = this.received.length;
  }

  /** Waits until there was no output for `quiet` milliseconds. */
  async settle(quiet = 60): Promise<void> {
    for (let before = -1; before !== this.received.length; ) {
      before = this.received.length;
      await new Promise((resolve) => setTimeout(resolve, quiet));
    }
  }

  /** Ends the program as closing a terminal window does. */
  close(): void {
    if (!this.ended) this.pty.kill('SIGHUP');
    setTimeout(() => this.ended || this.pty.kill('SIGKILL'), 1000).unref();
  }

  protected async take(
    pattern: string | RegExp,
    timeout: number,
  ): Promise<{ text: string; match: RegExpExecArray }> {
    const expression = typeof pattern === 'string' ? new RegExp(escaped(pattern)) : pattern;
    const deadline = Date.now() + timeout;
    for (;;) {
      const rest = this.received.slice(this.position);
      // After a question, awsh turns on bracketed paste in the terminal, which shows nothing.
      const match = expression.exec(rest) ?? expression.exec(rest.replace(/(\x1b\[\?2004[hl])+$/, ''));
      if (match) {
        const from = this.position;
        this.position = from + match.index + match[0].length;
        return { text: this.received.slice(from, this.position), match };
      }
      const left = deadline - Date.now();
      if (left <= 0 || this.ended) {
        const why = this.ended
          ? `the program ended (${JSON.stringify(this.ended)})`
          : `${timeout} ms went by`;
        throw new Error(
          `${why} without ${expression}. Shown instead:\n${this.received.slice(this.position)}`,
        );
      }
      await this.activity(left);
    }
  }

  private async activity(limit: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, limit);
    });
    clearTimeout(timer);
  }
}

/**
 * A shell whose prompt ends with a mark, so that a test knows when a command has ended, and its
 * status.
 */
export class ShellTerminal extends Terminal {
  /**
   * Types a line and Enter, and waits for the next prompt. `shown` is the output between the typed
   * line and that prompt's mark, including the prompt (`$ ` unless the rc sets another). Earlier
   * unread output is dropped.
   */
  async run(line: string, timeout = 60_000): Promise<{ shown: string; status: number }> {
    this.skip();
    this.type(`${line}\r`);
    const { shown, status } = await this.prompt(timeout);
    const lines = shown.split('\n');
    return { shown: lines.slice(line.split('\n').length).join('\n'), status };
  }

  /**
   * Waits for the next prompt. Returns the output before it, and the status that the shell gives
   * its prompt.
   */
  async prompt(timeout = 60_000): Promise<{ shown: string; status: number }> {
    const { text, match } = await this.take(promptMark, timeout);
    return { shown: plainText(text), status: Number(match[1]) };
  }

  /** The command's stdout, without prompt and colours. */
  async output(line: string, timeout = 60_000): Promise<string> {
    const { shown } = await this.run(line, timeout);
    return shown.slice(0, Math.max(0, shown.lastIndexOf('\n')));
  }
}

/**
 * The standard mark for "the prompt ends here" (OSC 133;B), with the status of the last command.
 */
const promptMark = /\x1b\]133;B;(\d+)\x07/;

/** The mark at the end of a prompt in this shell's syntax, for an rc that sets its own prompt. */
export const promptEnd: Record<ShellName, string> = {
  bash: '\\[\\e]133;B;$?\\a\\]',
  zsh: '%{\x1b]133;B;%?\x07%}',
  fish: '\\e]133;B;$status\\a',
};

const firstLine: Record<ShellName, string> = {
  bash: `PS1='$ ${promptEnd.bash}' PS2='> '`,
  // Without PROMPT_SP, zsh draws no "%" after output without a newline.
  zsh: `unsetopt prompt_sp; PROMPT='$ ${promptEnd.zsh}' PS2='> '`,
  fish: `function fish_prompt; set -l s $status; builtin printf '$ \\e]133;B;%s\\a' $s; end; function fish_greeting; end; function fish_title; end`,
};

/** Starts a shell with the given rc, and waits for its first prompt. */
export async function openShell(name: ShellName, options: ShellOptions): Promise<ShellTerminal> {
  const { home } = options;
  const rcName = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/config.fish' }[name];
  const rc = join(home.path, rcName);
  mkdirSync(dirname(rc), { recursive: true, mode: 0o700 });
  // If this is missing, fish makes completions from all man pages in the background. fish 4 checks
  // the cache for it.
  if (name === 'fish')
    for (const folder of ['.local/share', '.cache'])
      mkdirSync(join(home.path, folder, 'fish/generated_completions'), { recursive: true });
  if (!options.keepRc) writeFileSync(rc, `${firstLine[name]}\n${options.rc ?? ''}\n`);
  const args = { bash: ['--noprofile', '--rcfile', rc, '-i'], zsh: ['-d', '-i'], fish: ['-i'] }[name];
  const environment: Record<string, string> = { ...home.environment, ZDOTDIR: home.path };
  for (const [key, value] of Object.entries(options.environment ?? {})) {
    if (value === undefined) delete environment[key];
    else environment[key] = value;
  }
  const pty = await spawnPty(options.program ?? name, args, {
    columns: 300,
    ...options,
    cwd: options.cwd ?? home.path,
    environment,
  });
  const shell = endWithTest(new ShellTerminal(pty), options.keep);
  await shell.prompt();
  return shell;
}

/** Starts any program in a terminal. */
export async function openTerminal(
  file: string,
  args: string[],
  options: TerminalOptions,
): Promise<Terminal> {
  return endWithTest(new Terminal(await spawnPty(file, args, options)), options.keep);
}

/** What fish writes before a prompt, which is visible only if the previous line has no end. */
const fishLineEnd = /(\x1b\[2m)?⏎(\x1b\(B)?(\x1b\[m)? +\r⏎ \r(\x1b\[K)?/g;

/** The text that a user sees: without colours, titles and marks; lines end with LF. */
export function plainText(text: string): string {
  return text
    .replace(fishLineEnd, '')
    .replace(/\x1b[\]P][^\x07\x1b]*(\x07|\x1b\\)/g, '')
    .replace(/\x1b\[[0-9;?>=]* ?[A-Za-z]/g, '')
    .replace(/\x1b[=>()][0-9A-B]?/g, '')
    .replace(/\r+\n/g, '\n')
    .replace(/[\r\x07\x0e\x0f]/g, '');
}

async function spawnPty(file: string, args: string[], options: TerminalOptions): Promise<IPty> {
  const { spawn } = await import('@lydell/node-pty');
  return spawn(file, args, {
    name: options.term ?? 'xterm-256color',
    cols: options.columns ?? 120,
    rows: options.rows ?? 40,
    env: options.environment,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

function endWithTest<T extends Terminal>(terminal: T, keep: boolean | undefined): T {
  if (keep) return terminal;
  // Waits, because an ending shell still writes its history into the home that is removed next.
  onTestFinished(async () => {
    terminal.close();
    await terminal.exited;
  });
  return terminal;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
