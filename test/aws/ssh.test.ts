import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../src/system/index.ts';
import { canBeAnotherUser } from '../support/another-user.ts';
import { renewedTwice } from '../support/aws-clients.ts';
import { grantSandbox } from '../support/grants.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { canServeSsh, startSshServer } from '../support/ssh-server.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** Prints the id of its key twice, with the key's expiry in between, and the path of the token. */
const boto3 = `
import boto3, os, time
credentials = boto3.Session().get_credentials()
for pause in (4, 0):
    print(credentials.get_frozen_credentials().access_key)
    time.sleep(pause)
print(os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'], oct(os.stat(os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']).st_mode))
`;

/** The remote shell has neither this package's folder nor this PATH. */
const javascript = `cd '${packageFolder}' && AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true exec '${process.execPath}' --input-type=module -e "$1"`;
const otherClients: readonly (readonly string[])[] = [
  ['the SDK for JavaScript', 'sh', '-c', javascript, 'sh', renewedTwice],
  ...(process.env.TEST_GO_CLIENT === undefined ? [] : [['the SDK for Go', process.env.TEST_GO_CLIENT, '4s']]),
];

/**
 * As another user of the remote host: reads the token file, and uses the port with a wrong token.
 */
const strangersProgram = `
const [file, uri] = process.argv.slice(1);
try { console.log(require('fs').readFileSync(file, 'utf8')); } catch ({ code }) { console.log(code); }
const ask = (Authorization) => require('http').get(uri, { headers: { Authorization } }, ({ statusCode }) => console.log(statusCode));
ask('');
ask('0'.repeat(64));`;
const stranger = `setpriv --reuid=65534 --regid=65534 --clear-groups -- "$0" -e "$1" \
  "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; exit 7`;

/** Ways in which a session can end. The first ones run in CI. */
const endings = ['SIGHUP', 'SIGKILL', 'lock', 'both killed', 'SIGTERM', 'revoke'].slice(
  0,
  process.env.TEST_CLIENTS ? 6 : 4,
);

/** The environment of the remote program. */
interface Remote {
  readonly port: number;
  readonly token: string;
}

/** A session whose remote program runs until the test ends; `folder` is the grant's. */
async function openSession() {
  const { awsh, environment } = await grantSandbox(3600);
  const { config } = await startSshServer();
  const line =
    'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"; exec sleep 50';
  const words = ['ssh', '--ssh-config', config, 'dev', 'far', '--', 'sh', '-c', line];
  const child = spawn(join(packageFolder, 'bin/awsh'), words, {
    env: environment,
    cwd: environment.HOME,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid = 0 } = child;
  const session = new Promise<{ status: number | null }>((resolve) =>
    child.once('exit', (status) => resolve({ status })),
  );
  const [data] = await once(child.stdout, 'data');
  const [, port, token = ''] = /:(\d+)\/\S* (\S+)/.exec(String(data)) ?? [];
  const [grant] = JSON.parse((await awsh('serve', '--list', '--json')).out);
  return { awsh, session, pid, remote: { port: Number(port), token }, folder: dirname(grant.socket) };
}

function isOpen({ port }: Remote): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** The processes with this path in their command line. */
function processesNaming(path: string): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => commandLine(pid)?.some((word) => word.includes(path)));
}

/** In `npm run test:long`. */
const itLong = it.skipIf(!process.env.TEST_CLIENTS);

describe.skipIf(!canServeSsh || !canBeAnotherUser)('awsh ssh', () => {
  itLong(
    'gives a program on the other side keys that renew, and leaves nothing',
    {
      timeout: 90_000,
    },
    async () => {
      const { awsh } = await grantSandbox(3);
      const { config } = await startSshServer();
      const run = await awsh(
        'ssh',
        '--read-write',
        '--ssh-config',
        config,
        'dev',
        'far',
        '--',
        'python3',
        '-c',
        boto3,
      );
      expect(run).toMatchObject({ status: 0, err: '' });
      const [first, second, file = ''] = run.out.trim().split('\n');
      expect([first, second]).toEqual([expect.stringMatching(/^ASIA/), expect.stringMatching(/^ASIA/)]);
      expect(first).not.toBe(second);
      const [token = '', mode] = file.split(' ');
      expect({ mode, isThere: existsSync(token) }).toEqual({ mode: '0o100600', isThere: false });
      expect(JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
    },
  );

  // In `npm run test:long`, too.
  const others = process.env.TEST_CLIENTS ? otherClients : [];
  it.each(others)('gives %s keys that renew', { timeout: 90_000 }, async (_, ...command) => {
    const { awsh } = await grantSandbox(3);
    const { config } = await startSshServer();
    const run = await awsh('ssh', '--read-write', '--ssh-config', config, 'dev', 'far', '--', ...command);
    expect(run).toMatchObject({ status: 0, err: '' });
    const [first, second, ...more] = run.out.trim().split('\n');
    expect([first, second, more]).toEqual([
      expect.stringMatching(/^ASIA/),
      expect.stringMatching(/^ASIA/),
      [],
    ]);
    expect(first).not.toBe(second);
  });

  it('gives nothing to another user there, narrows, and ends as the command does', {
    timeout: 90_000,
  }, async () => {
    const { awsh, sandbox } = await grantSandbox(3600);
    const { config } = await startSshServer();
    const run = await awsh(
      'ssh',
      '--ssh-config',
      config,
      'dev',
      'far',
      'sh',
      '-c',
      stranger,
      process.execPath,
      strangersProgram,
    );
    expect(run).toEqual({ status: 7, out: 'EACCES\n403\n403\n', err: '' });
    const last = JSON.parse((await awsh('log', '--json')).out.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ verb: 'serve', policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
    expect(sandbox.emulator.calls.some(({ action }) => action === 'AssumeRole')).toBe(true);
  });

  itLong('says what the other side does not allow, and ends the grant', { timeout: 90_000 }, async () => {
    const { awsh } = await grantSandbox(3600);
    const { config } = await startSshServer('AllowTcpForwarding no\n');
    const run = await awsh('ssh', '--ssh-config', config, 'dev', 'far', 'true');
    expect(run).toMatchObject({ status: 9, out: '' });
    expect(run.err).toMatch(
      /^awsh: far: the port cannot be forwarded\n {2}why: {2}.*AllowTcpForwarding.*\n {2}next: ssh -v far true\n$/,
    );
    expect(JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
  });

  it.each(endings)(
    'ends the grant, the port, the token and the connection together: %s',
    { timeout: 60_000 },
    async (way) => {
      const { awsh, session, pid, remote, folder } = await openSession();
      expect(await isOpen(remote)).toBe(true);
      const { server } = JSON.parse(readFileSync(join(folder, 'grant'), 'utf8'));
      if (way === 'both killed') process.kill(server.pid, 'SIGKILL');
      if (way === 'lock') await awsh('lock');
      else if (way === 'revoke') await awsh('serve', '--revoke', basename(folder));
      else process.kill(pid, way === 'both killed' ? 'SIGKILL' : way);
      if (way === 'both killed') await awsh('serve', '--list');
      await expect.poll(() => isOpen(remote), { timeout: 20_000 }).toBe(false);
      await expect.poll(() => existsSync(remote.token), { timeout: 20_000 }).toBe(false);
      await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
      expect(processesNaming(folder)).toEqual([]);
      expect(JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
      const status = { SIGHUP: 129, SIGTERM: 143, lock: 255, revoke: 255 }[way] ?? null;
      expect((await session).status).toBe(status);
    },
  );

  it('removes the token when the connection breaks while the program goes on', async () => {
    const { session, remote, folder } = await openSession();
    const master = processesNaming(join(folder, 'ctl')).find((pid) => commandLine(pid)?.includes('-M'));
    process.kill(master ?? 0, 'SIGKILL');
    expect((await session).status).toBe(255);
    await expect.poll(() => existsSync(remote.token), { timeout: 20_000 }).toBe(false);
  });

  it('does not read an option of ssh as a host', async () => {
    const { environment } = temporaryHome();
    const run = await runInstalled(['ssh', 'dev', '--', '-oProxyCommand=id'], environment);
    expect(run).toMatchObject({ status: 2, out: '' });
  });
});
