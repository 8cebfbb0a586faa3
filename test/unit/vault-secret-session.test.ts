import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeMessage, encodeCall, type MethodCall } from '../../src/vault/bus-message.ts';
import { openSecretSession } from '../../src/vault/secret-session.ts';
import { BusError, type SessionBus } from '../../src/vault/session-bus.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { startSecretService } from '../support/secret-service.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { vaultProcess } from '../support/vault-process.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

async function keyringOf(home: TemporaryHome) {
  const service = await startSecretService(home);
  onTestFinished(() => service.stop());
  return service;
}

/** Reads one item this many times, each in a new session, and counts the right answers. */
const readMany = `
  import { secretServiceItem } from './src/vault/secret-service.ts';
  const attributes = { service: 'awsh', account: 'access-key.dev', 'xdg:schema': 'org.freedesktop.Secret.Generic' };
  let right = 0;
  for (let i = 0; i < Number(process.argv[2]); i++) {
    const { value } = await secretServiceItem(process.env, attributes, 10_000);
    if (value?.reveal().includes(process.argv[3])) right++;
  }
  console.log(right);
`;

/**
 * The number of clients that are killed, this many at once. TEST_HANGUPS sets the number for a long
 * run.
 */
const kills = Number(process.env.TEST_HANGUPS || 100);
const atOnce = 10;

/**
 * Reads a key from the keyring; each fifth client stores one. It is killed after this many
 * milliseconds, or ends by itself.
 */
async function runKilled(environment: Record<string, string>, turn: number, killAfterMs: number | null) {
  const verb =
    turn % 5 === 4 ? ['add', `p${turn % atOnce}`, '--env', '-f'] : ['export', 'dev', '--no-session'];
  const begun = performance.now();
  const child = spawn(process.execPath, [join(packageFolder, 'dist/awsh.cjs'), ...verb], {
    env: { ...environment, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: secret },
    stdio: 'ignore',
  });
  const timer = killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { killed: signal === 'SIGKILL', ms: performance.now() - begun };
}

/** Counts the sessions that clients open. */
function countSessions(environment: Record<string, string>): () => number {
  const monitor = spawn('dbus-monitor', ['--session', "member='OpenSession'"], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void monitor.kill('SIGKILL'));
  let count = 0;
  monitor.stdout.on('data', (data) => {
    count += String(data).split('member=OpenSession').length - 1;
  });
  return () => count;
}

/** The traffic on the bus during `work`, as recorded by a monitor. */
async function overheard(environment: Record<string, string>, work: () => Promise<unknown>): Promise<string> {
  const monitor = spawn('dbus-monitor', ['--session'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void monitor.kill('SIGKILL'));
  let seen = '';
  monitor.stdout.on('data', (data) => {
    seen += data;
  });
  await once(monitor.stdout, 'data');
  await work();
  while (!seen.includes('GetSecret')) await once(monitor.stdout, 'data');
  return seen;
}

/**
 * A bus on which the service refuses OpenSession for one algorithm with this error, and otherwise
 * opens a session.
 */
function busThatRefuses(refused: string, errorName: string) {
  const asked: unknown[] = [];
  const message = encodeCall(
    {
      destination: '',
      path: '',
      interface: '',
      member: '',
      arguments: [{ variant: '' }, { object: '/s/1' }],
    },
    1,
  );
  const body = decodeMessage(message)?.body ?? Buffer.alloc(0);
  const call = async ({ arguments: [algorithm] }: MethodCall) => {
    asked.push(algorithm);
    if (algorithm !== refused) return body;
    throw new BusError({ is: 'error', replySerial: 1, errorName, body: Buffer.alloc(0), length: 0 });
  };
  return { asked, bus: { call } as unknown as SessionBus };
}

const encrypted = 'dh-ietf1024-sha256-aes128-cbc-pkcs7';

describe('a service without encryption', () => {
  it('is asked for a plain session when it reports that it does not support another', async () => {
    const { asked, bus } = busThatRefuses(encrypted, 'org.freedesktop.DBus.Error.NotSupported');
    await openSecretSession(bus);
    expect(asked).toEqual([encrypted, 'plain']);
  });

  it('is not asked for one after any other error', async () => {
    const { asked, bus } = busThatRefuses(encrypted, 'org.freedesktop.DBus.Error.Failed');
    await expect(openSecretSession(bus)).rejects.toThrow(BusError);
    expect(asked).toEqual([encrypted]);
  });

  it('gets no secret over a session with an invalid public key', async () => {
    const { bus } = busThatRefuses('', '');
    await expect(openSecretSession(bus)).rejects.toThrow('no public key');
  });
});

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon', 'dbus-monitor'))('a secret session', () => {
  it('is read every time, whatever the two sides agree on', async () => {
    const home = temporaryHome();
    const { environment } = await keyringOf(home);
    await vaultProcess(home, environment, ['store', 'dev', secret]);
    const script = bundledScript(home, readMany);
    // One shared secret in 256 begins with a zero byte.
    const right = execFileSync(process.execPath, [script, '600', secret], { env: environment });
    expect(Number(right)).toBe(600);
  });

  it('keeps the secret from other programs on the bus', async () => {
    const home = temporaryHome();
    const { environment } = await keyringOf(home);
    await vaultProcess(home, environment, ['store', 'dev', secret]);
    const seen = await overheard(environment, () => vaultProcess(home, environment, ['secret', 'dev']));
    expect(seen).toContain('dh-ietf1024-sha256-aes128-cbc-pkcs7');
    expect(seen).not.toContain('string "plain"');
    expect(seen).not.toContain(secret);
  });

  it.skipIf(!has('secret-tool'))('reads what libsecret wrote, and the other way round', async () => {
    const home = temporaryHome();
    const { environment } = await keyringOf(home);
    const attributes = ['service', 'awsh', 'account', 'access-key.dev'];
    await vaultProcess(home, environment, ['store', 'dev', secret]);
    const read = execFileSync('secret-tool', ['lookup', ...attributes], {
      env: environment,
      encoding: 'utf8',
    });
    expect(JSON.parse(read)).toMatchObject({ secretAccessKey: secret });
    const other = read.replace(secret, 'x'.repeat(40));
    execFileSync(
      'secret-tool',
      ['store', '--label=awsh', ...attributes, 'xdg:schema', 'org.freedesktop.Secret.Generic'],
      { env: environment, input: other },
    );
    expect((await vaultProcess(home, environment, ['secret', 'dev'])).results).toEqual(['x'.repeat(40)]);
  });

  it('keeps the daemon running when clients are killed', { timeout: 7_200_000 }, async () => {
    const home = temporaryHome();
    const service = await keyringOf(home);
    const { environment } = service;
    await vaultProcess(home, environment, ['store', 'dev', secret]);
    const opened = countSessions(environment);
    const before = service.stderr;
    const round = (killAfterMs: () => number | null) =>
      Promise.all(Array.from({ length: atOnce }, (_, turn) => runKilled(environment, turn, killAfterMs())));
    let longest = Math.max(...(await round(() => null)).map(({ ms }) => ms));
    let killed = 0;
    while (killed < kills) {
      // The first third of the time is Node's start.
      const runs = await round(() => longest * (0.3 + Math.random()));
      killed += runs.filter((run) => run.killed).length;
      // Later runs are faster, because the compiled code is cached.
      const ended = runs.filter((run) => !run.killed).map(({ ms }) => ms);
      if (ended.length > 0) longest = Math.max(...ended);
    }
    if (process.env.TEST_HANGUPS) console.log(`${killed} kills, ${opened()} sessions opened`);
    expect(() => process.kill(service.daemon, 0)).not.toThrow();
    expect(service.stderr).toBe(before);
    expect((await vaultProcess(home, environment, ['secret', 'dev'])).results).toEqual([secret]);
  });
});
