import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Sandbox } from '../../src/demo/index.ts';
import { Canaries } from './canaries.ts';
import { packageFolder } from './run-awsh.ts';
import type { ShellTerminal } from './terminal.ts';

const launcher = join(packageFolder, 'bin/awsh');

interface Options {
  readonly cwd?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** True where the secret belongs on stdout. */
  readonly prints?: boolean;
}

/** Somebody's machine, on which every command is run with `--debug` and everything is written down that can be seen of it. */
export class CanaryWalk {
  readonly canaries = new Canaries();
  /** What was printed where no secret belongs, by the command that printed it. */
  readonly printed: [command: string, text: string][] = [];
  /** Commands that ended with another status than they should. */
  readonly unexpected: string[] = [];
  readonly shell: ShellTerminal;
  readonly #sandbox: Sandbox;
  readonly #environment: Record<string, string>;

  constructor(sandbox: Sandbox, environment: Record<string, string>, shell: ShellTerminal) {
    this.#sandbox = sandbox;
    this.#environment = environment;
    this.shell = shell;
  }

  /** A command without a terminal, through the launcher. It must end with this status. */
  async run(status: number, line: string, options: Options = {}): Promise<string> {
    const [words, command] = line.split(' -- ');
    const args = [...(words ?? '').split(' '), '--debug', ...(command ? ['--', ...command.split(' ')] : [])];
    // As on a machine whose crashes leave core files; Node is to be started without.
    const child = spawn('/bin/bash', ['-c', 'ulimit -S -c unlimited; exec "$@"', '-', launcher, ...args], {
      cwd: options.cwd ?? this.#sandbox.home,
      env: { ...this.#environment, ...options.environment },
      detached: true,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    const ended = await new Promise((resolve) => child.once('close', resolve));
    this.collect();
    this.printed.push([line, options.prints ? err : out + err]);
    if (ended !== status) this.unexpected.push(`${line} ended with ${ended}: ${err}`);
    return out;
  }

  /** A line at the terminal, with the answers to what it asks. It must end with this status. */
  async type(status: number, line: string, ...answers: [question: string, answer: string][]): Promise<void> {
    this.shell.type(`${line}\r`);
    for (const [question, answer] of answers) {
      await this.shell.waitFor(question);
      this.shell.type(`${answer}\r`);
    }
    const ended = (await this.shell.prompt(30_000)).status;
    this.collect();
    if (ended !== status) this.unexpected.push(`${line} ended with ${ended}`);
  }

  /** The emulated AWS knows every key, session and code that there was. */
  collect(): void {
    const { cloud, calls } = this.#sandbox.emulator;
    for (const { name, keys } of cloud.users) {
      for (const { id, secret } of keys) this.canaries.add(`the secret key ${id} of ${name}`, secret);
    }
    for (const { accessKeyId, secret, token } of cloud.sessions.values()) {
      this.canaries.add(`the secret of session ${accessKeyId}`, secret);
      this.canaries.add(`the token of session ${accessKeyId}`, token);
    }
    for (const { params } of calls) {
      if (params.TokenCode) this.canaries.add(`the MFA code ${params.TokenCode}`, params.TokenCode);
    }
  }
}
