import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Environment, WatchedProcess } from '../system/index.ts';
import { closedOrdersText } from './server-orders.ts';

export interface KeptPort {
  readonly packageFolder: string;
  /** Of the listening socket. */
  readonly descriptor: number;
  readonly command: WatchedProcess;
  /** The digest of the token that the command and its children have. */
  readonly tokenDigest: string;
  /** The environment of the keeper, and of the program that it may start: no secret. */
  readonly environment: Environment;
}

const startMs = 5000;

/**
 * The second process with the listening socket of an `exec --server`, `shell/keep-port.bash`: the
 * port outlives the server for as long as the command, or a process with its token, is running
 * (security rule 25). If the keeper dies, the server starts another one.
 */
export class PortKeeper {
  readonly #port: KeptPort;
  #keeper: ChildProcess | null = null;

  constructor(port: KeptPort) {
    this.#port = port;
  }

  /** False if there is none and none could be started. */
  async ensure(): Promise<boolean> {
    if (this.#keeper !== null) return true;
    const { packageFolder, descriptor, command, environment, tokenDigest } = this.#port;
    const script = join(packageFolder, 'shell', 'keep-port.bash');
    const program = join(packageFolder, 'dist', 'awsh.cjs');
    const orders = closedOrdersText({ closedFor: command, tokenDigest });
    const words = [process.execPath, program, String(command.pid), orders];
    const keeper = spawn('/bin/bash', ['-p', script, ...words], {
      cwd: '/',
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore', descriptor],
      detached: true,
    });
    keeper.stdin?.on('error', () => {});
    keeper.once('exit', () => {
      if (this.#keeper === keeper) this.#keeper = null;
    });
    if (!(await isReady(keeper))) {
      keeper.kill('SIGKILL');
      return false;
    }
    this.#keeper = keeper;
    return true;
  }

  /**
   * The command and all processes with its token have ended, so no process trusts the port any
   * more.
   */
  async end(): Promise<void> {
    const input = this.#keeper?.stdin;
    if (input) await new Promise<void>((resolve) => input.end('over\n', resolve));
  }
}

function isReady(keeper: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, startMs, false);
    const settle = (ready: boolean) => {
      clearTimeout(timer);
      keeper.stdout?.destroy();
      resolve(ready);
    };
    keeper.once('error', () => settle(false));
    keeper.once('exit', () => settle(false));
    keeper.stdout?.once('data', (data: Buffer) => settle(String(data) === 'ready\n'));
  });
}
