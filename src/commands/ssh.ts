// `awsh ssh PROFILE HOST`: opens a session on another machine, whose programs get credentials from
// a grant on this one.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { CommandInput, Context } from '../cli/index.ts';
import {
  controlPath,
  credentialsPath,
  endConnection,
  remoteFolder,
  runningGrants,
  type SshConnection,
} from '../serving/index.ts';
import type { PlanOptions } from '../sessions/index.ts';
import {
  AwshError,
  findProgram,
  printable,
  quotePosix,
  shellCommand,
  UsageError,
  watchedProcess,
} from '../system/index.ts';
import { type StartedGrant, startGrant } from './grant-start.ts';
import { endGrant } from './serve.ts';

/** ssh's exit status for a failed connection. */
const connectionStatus = 255;

export async function run(context: Context, input: CommandInput): Promise<number> {
  const host = hostOf(input.required('HOST'));
  const program = findProgram('ssh', context.environment.PATH);
  if (program === null)
    throw new AwshError('other', 'there is no ssh', 'no absolute folder in PATH has it', 'type -a ssh');
  const client = watchedProcess(process.pid);
  if (client === null) throw new ReferenceError('this process runs');
  const connection = { program, client, remoteName: `awsh.${randomBytes(16).toString('hex')}` };
  const grant = await startGrant(context, input, {
    id: undefined,
    options: leastPower(input),
    connection,
  });
  const config = input.value('ssh-config');
  const shared = new SharedConnection({ connection, host, config, grant, context });
  try {
    const status = await shared.session(input.command ?? []);
    // Its server removes the socket before it ends the connection.
    if (!existsSync(grant.socket))
      context.output.tell(`awsh: the grant has ended, and the connection to ${printable(host)} with it`);
    return shared.stoppedStatus ?? status;
  } catch (error) {
    if (shared.stoppedStatus === null) throw error;
    return shared.stoppedStatus;
  } finally {
    const running = (await runningGrants(context.paths)).find(({ id }) => id === grant.id);
    if (running !== undefined) await endGrant(running);
  }
}

/** ssh would take a word that begins with a dash as an option. */
function hostOf(host: string): string {
  if (/^[A-Za-z0-9_.:@%[\]/-]+$/.test(host) && !/^-|@-/.test(host)) return host;
  throw new UsageError(
    `not a host: ${printable(host)}`,
    'it is a name of your ssh config, a host, or user@host',
  );
}

/**
 * A remote host gets read-only access, unless the command line says otherwise, because root on that
 * host can use the credentials.
 */
function leastPower(input: CommandInput): PlanOptions {
  const isNarrowed =
    input.flag('read-only') || input.value('policy') !== undefined || input.list('policy-arn').length > 0;
  const isFull = input.flag('read-write');
  if (isNarrowed && isFull)
    throw new UsageError(
      '--read-write cannot be combined with options that reduce permissions',
      'the other options narrow what the profile may do',
    );
  return isNarrowed || isFull ? {} : { narrowing: { readOnly: true, by: 'awsh ssh without --read-write' } };
}

/** As a shell shows them: 128 and the signal's number. */
const stoppedStatuses = { SIGHUP: 129, SIGTERM: 143 } as const;

interface Way {
  readonly connection: SshConnection;
  readonly host: string;
  readonly config: string | undefined;
  readonly grant: StartedGrant;
  readonly context: Context;
}

/** One ssh connection, shared by all steps, so that the user is asked once. */
class SharedConnection {
  readonly #way: Way;
  #child: ChildProcess | null = null;
  /** The exit status after a signal that ended the session: the terminal was closed, for example. */
  stoppedStatus: number | null = null;

  constructor(way: Way) {
    this.#way = way;
  }

  /** Ctrl-C and Ctrl-\ go to the remote program. */
  async session(command: readonly string[]): Promise<number> {
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {});
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) process.on(signal, () => this.#stop(signal));
    const { grant, connection } = this.#way;
    try {
      const opened = await this.#ssh(['-M', '-f', '-N', '-o', 'ControlPersist=no'], [], 'terminal');
      if (opened.status !== 0) return this.#failed('there is no connection', 'ssh printed the reason');
      const port = await this.#forward();
      await this.#putToken();
      const isInteractive = command.length === 0 && process.stdin.isTTY === true;
      const script = remoteScript(connection, port, grant.region, command);
      const { status } = await this.#ssh([isInteractive ? '-t' : '-T'], [script], 'terminal');
      return status;
    } finally {
      endConnection(grant.folder, connection);
    }
  }

  #stop(signal: 'SIGHUP' | 'SIGTERM'): void {
    this.stoppedStatus ??= stoppedStatuses[signal];
    this.#child?.kill(signal);
  }

  /** Forwards a port of the remote loopback, chosen by its sshd, to the socket on this machine. */
  async #forward(): Promise<number> {
    const { status, out } = await this.#ssh(
      ['-O', 'forward', '-R', `127.0.0.1:0:${this.#way.grant.socket}`],
      [],
      '',
    );
    const [, port] = /^([1-9][0-9]{0,4})\s*$/.exec(out) ?? [];
    if (status === 0 && port !== undefined) return Number(port);
    return this.#failed(
      'the port cannot be forwarded',
      'its sshd does not allow it (AllowTcpForwarding, PermitListen)',
    );
  }

  /** Sent through stdin, so that it is in no command line and no environment on the remote host. */
  async #putToken(): Promise<void> {
    const folder = remoteFolder(this.#way.connection);
    const script = `umask 077; d=${folder}; mkdir "$d" && cat >"$d/token"`;
    const { status } = await this.#ssh(['-T'], [inSh(script)], this.#way.grant.token.reveal());
    if (status !== 0)
      this.#failed('the token cannot be written there', 'its temporary folder cannot be written');
  }

  #failed(what: string, why: string): never {
    const { host } = this.#way;
    throw new AwshError('network', `${printable(host)}: ${what}`, why, shellCommand`ssh -v ${host} true`);
  }

  #ssh(
    options: readonly string[],
    words: readonly string[],
    input: string,
  ): Promise<{ status: number; out: string }> {
    const { connection, host, config, context, grant } = this.#way;
    if (this.stoppedStatus !== null) return Promise.resolve({ status: connectionStatus, out: '' });
    const own = ['-o', 'ControlMaster=no', '-S', controlPath(grant.folder)];
    const shared = [
      ...(config === undefined ? [] : ['-F', config]),
      ...(options.includes('-M') ? own.slice(2) : own),
    ];
    const isTerminal = input === 'terminal';
    const child = spawn(connection.program, [...shared, ...options, '--', host, ...words], {
      env: context.environment as NodeJS.ProcessEnv,
      stdio: isTerminal ? 'inherit' : ['pipe', 'pipe', options.includes('-O') ? 'ignore' : 'inherit'],
    });
    this.#child = child;
    let out = '';
    child.stdout?.on('data', (chunk) => {
      out = `${out}${chunk}`.slice(0, 4096);
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    return new Promise((resolve) => {
      child.once('error', () => resolve({ status: connectionStatus, out }));
      child.once('close', (status) => resolve({ status: status ?? connectionStatus, out }));
    });
  }
}

/** A command that any remote shell passes on to sh. */
function inSh(script: string): string {
  return `exec sh -c ${quotePosix(script)}`;
}

/** Variables that remote programs would prefer to the grant. */
const rivals =
  'AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN';

/**
 * Removes the token when the program has ended. If the connection is lost, the remote server's
 * process ends, and a second process removes the token while the program goes on.
 */
function remoteScript(
  connection: SshConnection,
  port: number,
  region: string | null,
  command: readonly string[],
): string {
  const lines = [
    `d=${remoteFolder(connection)}`,
    // A shell may not ask about the processes of other users.
    'if kill -0 $PPID 2>/dev/null; then',
    `( trap '' 1 15; while kill -0 $PPID && [ -e "$d" ]; do sleep 2; done; rm -rf "$d" ) </dev/null >/dev/null 2>&1 &`,
    'fi',
    `trap 'rm -rf "$d"' 0`,
    "trap 'exit 129' 1 15",
    `unset ${rivals}`,
    `AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:${port}${credentialsPath}`,
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$d/token',
    'export AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    ...(region === null ? [] : [`AWS_REGION=${quotePosix(region)}; export AWS_REGION`]),
    command.length === 0 ? '"${SHELL:-/bin/sh}"' : command.map(quotePosix).join(' '),
  ];
  return inSh(lines.join('\n'));
}
