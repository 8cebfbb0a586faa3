import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whileGranted } from '../../src/commands/serve-grant.ts';
import { claimGrant, removeDeadGrant, runningGrants } from '../../src/serving/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { describeWithAnotherUser, startStranger } from '../support/another-user.ts';
import { renewedTwice } from '../support/aws-clients.ts';
import { askSocket, grantSandbox, type MadeGrant } from '../support/grants.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const tokenOf = ({ tokenFile }: MadeGrant) => readFileSync(tokenFile, 'utf8');
const ask = (grant: MadeGrant, host = '127.0.0.1:9911', more: Record<string, string> = {}) =>
  askSocket(grant.socket, { Host: host, Authorization: tokenOf(grant), ...more });

describe('a grant', () => {
  it('ends at its time, by whichever clock comes first, and stays ended', () => {
    const { path } = temporaryHome();
    let now = Date.now();
    const context = { paths: { ...appPaths({ HOME: path }), state: path }, clock: { now: () => now } };
    const holds = whileGranted(context, { ends: now + 60_000 }, () => false);
    now += 59_000;
    expect(holds()).toBe(true);
    now += 1000;
    expect(holds()).toBe(false);
    now -= 50_000;
    expect(holds()).toBe(false);
    // Already expired by the second clock, whatever this one shows.
    expect(whileGranted(context, { ends: now }, () => false)()).toBe(false);
    // The clock was set back after the start, and real time goes on.
    const short = whileGranted(context, { ends: now + 1 }, () => false);
    now -= 3_600_000;
    const begun = performance.now();
    while (performance.now() - begun < 2);
    expect(short()).toBe(false);
    expect(whileGranted(context, { ends: Number.POSITIVE_INFINITY }, () => false)()).toBe(true);
  });
});

const canUnshareMounts = spawnSync('unshare', ['-m', 'true']).status === 0;

describe('awsh serve', () => {
  it('gives keys on a socket and by a token that only its user can use', async () => {
    const { serve, awsh } = await grantSandbox(3600);
    const grant = await serve('--name', 'app');
    expect(lstatSync(grant.socket).mode & 0o777).toBe(0o600);
    expect(statSync(grant.tokenFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(grant.socket)).mode & 0o777).toBe(0o700);
    expect(tokenOf(grant)).toMatch(/^[0-9a-f]{64}$/);
    for (const host of ['127.0.0.1:1', 'localhost:54321', 'localhost'])
      expect(await ask(grant, host)).toMatchObject({
        status: 200,
        body: { AccessKeyId: expect.stringMatching(/^ASIA/) },
      });
    const { out } = await awsh('serve', '--list');
    expect(out).toMatch(/^app +dev +- +20[0-9: -]+ {2}.*\/grants\/app\/sock$/m);
    const [line] = (await awsh('log', '--json')).out
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(line).toMatchObject({
      verb: 'serve',
      profile: 'dev',
      accessKeyId: (await ask(grant)).body.AccessKeyId,
    });
  });

  it('refuses a wrong token, a browser, another host and another role', async () => {
    const { serve, sandbox } = await grantSandbox(3600);
    const grant = await serve();
    const Authorization = tokenOf(grant).replace(/^./, (first) => (first === '0' ? '1' : '0'));
    const rows: [number, Promise<{ status: number }>][] = [
      [403, ask(grant, '127.0.0.1:9911', { Authorization })],
      [403, ask(grant, '127.0.0.1:9911', { Origin: 'http://127.0.0.1:9911' })],
      [403, ask(grant, '127.0.0.1:9911', { 'Sec-Fetch-Site': 'none' })],
      [403, ask(grant, 'evil.example:9911')],
      [403, ask(grant, 'localhost.evil.example')],
      [403, ask(grant, '169.254.170.2')],
      [404, askSocket(grant.socket, { Host: 'localhost', Authorization: tokenOf(grant) }, '/')],
    ];
    for (const [status, answer] of rows) expect((await answer).status).toBe(status);
    const role = `/role-arn/${sandbox.projects[0]?.roleArn}`;
    const headers = { Host: 'localhost', Authorization: tokenOf(grant) };
    expect((await askSocket(grant.socket, headers, role)).status).toBe(404);
  });

  it('ends by --revoke and by awsh lock, and leaves no token', { timeout: 60_000 }, async () => {
    const { serve, awsh } = await grantSandbox(3600);
    const [one, three] = [await serve('--name', 'one'), await serve('--for', '5m')];
    const again = await awsh('serve', 'dev', '--name', 'one');
    expect(again).toMatchObject({ status: 1, out: '' });
    expect(again.err).toMatch(/\n {2}next: awsh serve --revoke one\n$/);
    expect((await awsh('serve', '--revoke', 'one')).status).toBe(0);
    const headers = { Host: 'localhost', Authorization: tokenOf(three) };
    expect((await askSocket(three.socket, headers)).status).toBe(200);
    await awsh('lock');
    expect([0, 403]).toContain((await askSocket(three.socket, headers)).status);
    await expect.poll(() => existsSync(three.tokenFile), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => readdirSync(dirname(dirname(one.socket)))).toEqual(['one']);
    expect(readdirSync(dirname(one.socket))).toEqual([]);
    expect(JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
    expect((await awsh('serve', '--revoke', 'one')).err).toMatch(/\n {2}next: awsh serve --list\n$/);
  });

  it('leaves nothing usable when its server is killed, and its name can be used again', async () => {
    const { serve, awsh } = await grantSandbox(3600);
    const grant = await serve('--name', 'app');
    const { server } = JSON.parse(readFileSync(join(dirname(grant.socket), 'grant'), 'utf8'));
    process.kill(server.pid, 'SIGKILL');
    await expect.poll(async () => JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
    expect(existsSync(grant.tokenFile)).toBe(false);
    const second = await serve('--name', 'app');
    expect((await ask(second)).status).toBe(200);
  });

  it('gives a name to only one of eight servers that start at once', { timeout: 120_000 }, async () => {
    const { awsh, sandbox, environment } = await grantSandbox(3600);
    const [folder, name] = [join(appPaths(environment).runtime, 'grants'), 'same'];
    const account = { dev: '111122223333', prod: '777788889999' };
    const asked = Object.keys(account) as (keyof typeof account)[];
    for (const profile of asked) await awsh('exec', profile, '--', 'true');
    for (let round = 0; round < (process.env.TEST_CLIENTS ? 5 : 1); round++) {
      const runs = await Promise.all(
        Array.from({ length: 8 }, (_, at) => awsh('serve', asked[at % 2] ?? '', '--name', name, '--json')),
      );
      const [winner, ...others] = runs.filter(({ status }) => status === 0);
      expect({ winner: winner !== undefined, others }).toEqual({ winner: true, others: [] });
      const losers = runs.filter(({ status }) => status !== 0);
      for (const { status, err } of losers)
        expect({ status, err }).toEqual({
          status: 1,
          err: expect.stringContaining('there is a grant same already'),
        });
      const made: MadeGrant & { profile: 'dev' | 'prod' } = JSON.parse(winner?.out ?? '');
      const [listed, ...more] = JSON.parse((await awsh('serve', '--list', '--json')).out);
      expect([listed.profile, more]).toEqual([made.profile, []]);
      expect(await ask(made)).toMatchObject({ status: 200, body: { AccountId: account[made.profile] } });
      expect((await awsh('serve', '--revoke', name)).status).toBe(0);
      expect(readdirSync(join(folder, name))).toEqual([]);
    }
    expect(sandbox.emulator.calls.length).toBeGreaterThan(0);
  });

  it('keeps a running grant if another start with its name fails', async () => {
    const { serve, environment } = await grantSandbox(3600);
    const grant = await serve('--name', 'app');
    expect(() => claimGrant({ ...readGrant(grant), profile: 'prod' })).toThrow(/already/);
    await removeDeadGrant({ folder: dirname(grant.socket), id: 'app' });
    expect(await ask(grant)).toMatchObject({ status: 200 });
    expect(await runningGrants(appPaths(environment))).toMatchObject([{ id: 'app', profile: 'dev' }]);
  });

  it.skipIf(!canUnshareMounts).each([
    [
      'a full disk',
      'mount -t tmpfs -o size=64k none "$R"; cat /dev/zero >"$R/fill" 2>/dev/null',
      /disk is full/,
      'df -h',
    ],
    ['a limit on files', 'ulimit -f 0', /may not write files of that size/, 'ulimit -f unlimited'],
  ])('names the cause and the path with %s', async (_, prepare, why, next) => {
    const { environment } = await grantSandbox(3600);
    const { runtime } = appPaths(environment);
    const script = `R=${dirname(runtime)}; mkdir -p "$R"; ${prepare}; exec 3>&-; "$@" 2>&1 | cat; exit \${PIPESTATUS[0]}`;
    const words = [join(packageFolder, 'bin/awsh'), 'serve', 'dev', '--name', 'app'];
    const run = await runInstalled(
      ['-m', 'bash', '-c', script, 'bash', ...words],
      environment,
      '',
      'unshare',
    );
    expect(run.status).toBe(1);
    const [what, reason, command] = run.out.trimEnd().split('\n').slice(-3);
    expect(what).toContain('~/.run/awsh/grants/app');
    expect(reason).toMatch(why);
    expect(command).toContain(next);
  });

  it('prints lines for a devcontainer', async () => {
    const { environment } = temporaryHome();
    const print = (...words: string[]) => runInstalled(['serve', '--print', ...words], environment);
    const { out } = await print('devcontainer');
    const { mounts, containerEnv, postStartCommand } = JSON.parse(`{${out}}`);
    expect(mounts).toEqual([
      'source=${localEnv:XDG_RUNTIME_DIR}/awsh/grants/devcontainer,target=/run/awsh,type=bind',
    ]);
    expect(containerEnv.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE).toBe('/run/awsh/token');
    expect(postStartCommand).toContain('UNIX-CONNECT:/run/awsh/sock');
  });

  const hasYaml = spawnSync('python3', ['-c', 'import yaml']).status === 0;
  it.skipIf(!hasYaml)('prints lines that a parser of compose files reads, for any folder', async () => {
    const { environment, path } = temporaryHome();
    const parsed = async (more: Record<string, string>) => {
      const own = { ...environment, ...more };
      const { out } = await runInstalled(['serve', '--print', 'compose', '--name', 'app'], own);
      const program = 'import sys, yaml, json; print(json.dumps(yaml.safe_load(sys.stdin)))';
      return JSON.parse(spawnSync('python3', ['-c', program], { input: out, encoding: 'utf8' }).stdout);
    };
    const { app, 'awsh-relay': relay } = (await parsed({})).services;
    expect(app.volumes).toEqual(['${XDG_RUNTIME_DIR}/awsh/grants/app:/run/awsh']);
    expect(relay.volumes).toEqual(app.volumes);
    expect(relay.user).toBe(`\${UID:-${process.getuid?.()}}`);
    const state = join(path, 'a: $b # "c"');
    const without = await parsed({ XDG_RUNTIME_DIR: '', XDG_STATE_HOME: state });
    expect(without.services.app.volumes[0].source).toBe(`${state.replace('$', '$$$$')}/awsh/grants/app`);
  });
});

const readGrant = (grant: MadeGrant) => {
  const folder = dirname(grant.socket);
  return { folder, ...JSON.parse(readFileSync(join(folder, 'grant'), 'utf8')) };
};

/**
 * Each prints the id of its key, lets the key expire, and prints the id again, with one client or
 * provider.
 */
const clients = {
  boto3: [
    'python3',
    '-c',
    `
import boto3, time
credentials = boto3.Session().get_credentials()
for pause in (4, 0):
    print(credentials.get_frozen_credentials().access_key)
    time.sleep(pause)
`,
  ],
  'the SDK for JavaScript': [
    'sh',
    '-c',
    'cd "$PACKAGE" && exec node --input-type=module -e "$1"',
    'sh',
    renewedTwice,
  ],
  'the SDK for Go': ['awsh-go-client', '4s'],
  'the SDK for Java': [
    'sh',
    '-c',
    'cd "$HOME" && printf %s "$1" > Keys.java && exec java -cp "$JAVA_SDK/*" Keys.java',
    'sh',
    `
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
public class Keys {
  public static void main(String[] words) throws Exception {
    var provider = DefaultCredentialsProvider.create();
    for (int pause : new int[] {4000, 0}) {
      System.out.println(provider.resolveCredentials().accessKeyId());
      Thread.sleep(pause);
    }
  }
}
`,
  ],
};
const relays = {
  'awsh relay': `"$PACKAGE/bin/awsh" relay --socket "$SOCKET" --port 9911`,
  socat: `socat TCP-LISTEN:9911,bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:"$SOCKET"`,
};
/**
 * The first one runs in CI, all of them in `npm run test:long`. Java's runs if TEST_JAVA_SDK names
 * a folder with the jars of software.amazon.awssdk:auth, url-connection-client and their
 * dependencies.
 */
const all = [
  ['boto3', 'awsh relay'],
  ['the SDK for JavaScript', 'awsh relay'],
  ['boto3', 'socat'],
  ['the SDK for JavaScript', 'socat'],
  ['the SDK for Go', 'awsh relay'],
  ['the SDK for Java', 'awsh relay'],
] as const;
const canUnshare = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0;

describe.skipIf(!canUnshare || !has('python3'))('a network namespace with only its loopback', () => {
  /**
   * Runs a command in the container, with the relay, the two variables and no other AWS variable.
   */
  const runInside = (grant: MadeGrant, home: Record<string, string>, relay: string, command: string[]) => {
    const script = `ip link set lo up; ${relay} >/dev/null 2>&1 & relay=$!
      for i in $(seq 100); do (: </dev/tcp/127.0.0.1/9911) 2>/dev/null && break; sleep 0.1; done
      "$@"; status=$?; kill $relay; exit $status`;
    return runInstalled(
      ['-n', 'bash', '-c', script, 'bash', ...command],
      {
        ...home,
        PACKAGE: packageFolder,
        JAVA_SDK: process.env.TEST_JAVA_SDK ?? '',
        AWS_REGION: 'eu-west-1',
        SOCKET: grant.socket,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9911/credentials',
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: grant.tokenFile,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      },
      '',
      'unshare',
    );
  };

  const tried = (process.env.TEST_CLIENTS ? all : all.slice(0, 1)).filter(
    ([client, relay]) =>
      (relay !== 'socat' || has('socat')) &&
      (client !== 'the SDK for Go' || has('awsh-go-client')) &&
      (client !== 'the SDK for Java' || process.env.TEST_JAVA_SDK !== undefined),
  );
  it.each(tried)('%s gets keys that renew, through %s', { timeout: 60_000 }, async (client, relay) => {
    const { serve, environment } = await grantSandbox(3);
    const run = await runInside(await serve(), environment, relays[relay], clients[client]);
    const ids = run.out.trim().split('\n');
    expect({ ...run, out: ids }).toEqual({
      status: 0,
      err: '',
      out: [expect.stringMatching(/^ASIA/), expect.stringMatching(/^ASIA/)],
    });
    expect(new Set(ids).size).toBe(2);
  });
});

describeWithAnotherUser('another user', () => {
  it('cannot reach the socket or read the token', async () => {
    const { serve } = await grantSandbox(3600);
    const grant = await serve();
    const stranger = startStranger(
      `const [socket, token] = process.argv.slice(1);
       try { console.log(require('node:fs').readFileSync(token, 'utf8')); } catch ({ code }) { console.log(code); }
       require('node:net').connect(socket).on('error', ({ code }) => console.log(code)).on('connect', () => console.log('in'));`,
      grant.socket,
      grant.tokenFile,
    );
    expect([await stranger.line(), await stranger.line()]).toEqual(['EACCES', 'EACCES']);
  });
});
