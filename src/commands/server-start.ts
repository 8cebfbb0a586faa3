import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { agentEnvironment } from '../agent/index.ts';
import type { Context, GlobalOptions } from '../cli/index.ts';
import { ordersText, type ServerOrders, toldFailure } from '../serving/index.ts';
import { AwshError, closedInspector, type Environment } from '../system/index.ts';

/** The part of the command line that a server needs to open the same vault. */
export interface VaultChoice {
  readonly globals: GlobalOptions;
  /** The folder that relative paths refer to. */
  readonly cwd: string;
}

export interface StartedServer {
  /** 0 for a grant, which has a socket. */
  readonly port: number;
  stop(): void;
}

const startMs = 10_000;

/**
 * Starts the server and waits for its port. It is separate from this terminal, so that Ctrl-C and
 * Ctrl-Z go only to the command. It inherits none of the caller's descriptors, so that a pipe ends
 * with the command.
 */
export async function startServer(
  { packageFolder, environment }: Pick<Context, 'packageFolder' | 'environment'>,
  orders: ServerOrders<VaultChoice>,
): Promise<StartedServer> {
  const child = spawn(
    process.execPath,
    [closedInspector, join(packageFolder, 'dist', 'awsh.cjs'), '_serve'],
    {
      cwd: '/',
      env: serverEnvironment(environment),
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    },
  );
  // The process may end before it has read them; then there is no port either.
  child.stdin.on('error', () => {});
  child.stdin.end(ordersText(orders));
  const line = await firstLine(child);
  child.stdout.destroy();
  child.unref();
  const port = orders.grant !== null && line === 'ready' ? '0' : line;
  if (port !== null && /^(0|[1-9][0-9]{0,4})$/.test(port))
    return { port: Number(port), stop: () => child.kill() };
  child.kill();
  const told = toldFailure(line ?? '');
  if (told !== null) throw told;
  throw new AwshError(
    'other',
    orders.grant === null
      ? 'the server of exec --server did not start'
      : 'the server of the grant did not start',
    orders.grant === null ? 'it gave no port in time' : 'it gave no answer in time',
    orders.grant === null ? 'leave out --server' : 'awsh doctor',
  );
}

function firstLine(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(resolve, startMs, null);
    const settle = (line: string | null) => {
      clearTimeout(timer);
      resolve(line);
    };
    child.on('error', () => settle(null));
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (data: string) => {
      text += data;
      if (text.includes('\n')) settle(text.slice(0, text.indexOf('\n')));
    });
    child.stdout?.on('close', () => settle(null));
  });
}

/** The agent's environment, and the variables that locate and open the vault. */
function serverEnvironment(environment: Environment): Environment {
  const ofVault = Object.entries(environment).filter(([name]) => /^(AWSH|AWS_VAULT)_/.test(name));
  const { AWSH_REPLY_FD: _, AWSH_LOADED: __, AWSH_SAVED: ___, ...kept } = Object.fromEntries(ofVault);
  return { ...agentEnvironment(environment), ...kept };
}
