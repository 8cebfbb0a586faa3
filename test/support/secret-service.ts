import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TemporaryHome } from './temporary-home.ts';

/** Without folders of services, so that a request starts no service. */
const busConfig = `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
`;

/** A test's own session bus with a real gnome-keyring, whose data are in the test's home. */
export interface TestSecretService {
  /** The home's environment, with the bus. */
  readonly environment: Record<string, string>;
  /** Locks the login keyring, as it is before signing in. */
  lock(): void;
  /** Unlocks it with the command that awsh's error names. */
  unlock(): Promise<void>;
  /** Ends the daemon that replaced this one, if another command started it. */
  endReplaced(): void;
  /** The process id of the daemon. */
  readonly daemon: number;
  /** What the daemon has printed on stderr so far. */
  readonly stderr: string;
  /** Makes the daemon stop answering, or answer again. */
  freeze(): void;
  thaw(): void;
  stop(): void;
}

/** With `keyring: 'none'`, there is a bus without a Secret Service. */
export async function startSecretService(
  home: TemporaryHome,
  keyring: 'unlocked' | 'none' = 'unlocked',
): Promise<TestSecretService> {
  const started: ChildProcess[] = [];
  const config = home.write('run/bus.conf', busConfig);
  mkdirSync(join(home.path, '.local/share/keyrings'), { recursive: true, mode: 0o700 });
  const bus = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], {
    env: home.environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(bus);
  const [address] = await once(bus.stdout, 'data');
  const environment = { ...home.environment, DBUS_SESSION_BUS_ADDRESS: String(address).trim() };
  const send = (...args: string[]) =>
    execFileSync('dbus-send', ['--session', '--print-reply', ...args], {
      env: environment,
      stdio: 'pipe',
    }).toString();

  let daemon: ChildProcess | undefined;
  let stderr = '';
  const startDaemon = async (...options: string[]) => {
    daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', ...options], {
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    started.push(daemon);
    daemon.stderr?.on('data', (text) => {
      stderr += text;
    });
    daemon.stdin?.end('password of the keyring');
    await untilOwned(send);
  };
  const stop = () => {
    for (const child of started.reverse()) child.kill('SIGKILL');
  };
  try {
    if (keyring === 'unlocked') await startDaemon('--components=secrets');
  } catch (error) {
    stop();
    throw error;
  }
  return {
    environment,
    lock: () =>
      void send(
        '--dest=org.freedesktop.secrets',
        '/org/freedesktop/secrets',
        'org.freedesktop.Secret.Service.Lock',
        'array:objpath:/org/freedesktop/secrets/collection/login',
      ),
    unlock: async () => {
      daemon?.kill('SIGTERM');
      await startDaemon('--replace');
    },
    endReplaced: () => {
      const owner = ownerOf(send);
      if (owner !== null) process.kill(owner);
    },
    get daemon() {
      return daemon?.pid ?? 0;
    },
    get stderr() {
      return stderr;
    },
    freeze: () => void daemon?.kill('SIGSTOP'),
    thaw: () => void daemon?.kill('SIGCONT'),
    stop,
  };
}

/** The process that provides the Secret Service now; null if there is none. */
function ownerOf(send: (...args: string[]) => string): number | null {
  try {
    const reply = send(
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.GetConnectionUnixProcessID',
      'string:org.freedesktop.secrets',
    );
    return Number(/uint32 (\d+)/.exec(reply)?.[1]);
  } catch {
    return null;
  }
}

/** Waits until the keyring is on the bus and has made its login collection. */
async function untilOwned(send: (...args: string[]) => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      const reply = send(
        '--dest=org.freedesktop.secrets',
        '/org/freedesktop/secrets',
        'org.freedesktop.Secret.Service.ReadAlias',
        'string:default',
      );
      if (reply.includes('/collection/login')) return;
    } catch {
      // Not there yet.
    }
    await sleep(50);
  }
  throw new Error('gnome-keyring-daemon did not come up');
}
