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
  /** True if stdout should contain the secret. */
  readonly prints?: boolean;
}

/** A home in which every command runs with `--debug`, and everything visible of it is recorded. */
export class CanaryWalk {
  readonly canaries = new Canaries();
  /** Output that should contain no secret, by the command that printed it. */
  readonly printed: [command: string, text: string][] = [];
  /** Commands that exited with an unexpected status. */
  readonly unexpected: string[] = [];
  readonly shell: ShellTerminal;
  readonly #sandbox: Sandbox;
  readonly #environment: Record<string, string>;

  constructor(sandbox: Sandbox, environment: Record<string, string>, shell: ShellTerminal) {
    this.#sandbox = sandbox;
    this.#environment = environment;
    this.shell = shell;
  }

  /** Runs a command without a terminal, through the launcher. It must exit with this status. */
  async run(status: number, line: string, options: Options = {}): Promise<string> {
    const [words, command] = line.split(' -- ');
    const args = [...(words ?? '').split(' '), '--debug', ...(command ? ['--', ...command.split(' ')] : [])];
    // As on a machine that writes core files after crashes. Node must start without that.
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

  /**
   * Runs a line in the terminal, with the answers to its questions. It must exit with this status.
   */
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

  /** The emulated AWS knows every key, session and code of the test. */
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
