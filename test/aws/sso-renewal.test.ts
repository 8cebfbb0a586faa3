import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../src/demo/emulator/service.ts';
import type { AwshError } from '../../src/system/index.ts';
import { corpHome } from '../support/corp-home.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { machine } from '../support/session-runs.ts';

const canMount = spawnSync('unshare', ['-m', 'mount', '--bind', '/tmp', '/tmp']).status === 0;

type Corp = Awaited<ReturnType<typeof corpHome>>;

/** Gets keys of profile corp in this process, each time without a session from the cache. */
function get({ config, home }: Corp, own = machine({}), changes = {}) {
  const surroundings = { HOME: home.path, PATH: '/usr/bin:/bin' };
  return own.get({ config, profile: 'corp' }, { surroundings, refresh: true, ...changes });
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AwshError) => ({ status: error.exitStatus, why: error.why, next: error.next }),
  );

const ended = {
  status: 6,
  why: 'the sign-in to the session corp has ended',
  next: 'awsh sso login corp',
};

describe('the renewal of a sign-in to IAM Identity Center', () => {
  it('renews an expired token, and keeps every field of another program', async () => {
    const corp = await corpHome(-60, { other: { tool: 'kept' } });
    corp.setMode(0o644);
    const before = corp.file();
    expect(await get(corp)).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
    expect(corp.renewals()).toBe(1);
    const { accessToken, refreshToken, expiresAt, ...rest } = corp.file();
    const { accessToken: oldAccess, refreshToken: oldRefresh, expiresAt: _, ...old } = before;
    expect(rest).toEqual(old);
    expect(accessToken).not.toBe(oldAccess);
    expect(refreshToken).not.toBe(oldRefresh);
    expect(expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(String(expiresAt)) - Date.now()).toBeGreaterThan(3_500_000);
    expect(corp.mode()).toBe(0o600);
  });

  it.each([
    [299, 1],
    [330, 0],
  ])('with %d seconds left renews %d times before the token is used', async (seconds, renewals) => {
    const corp = await corpHome(seconds);
    await get(corp);
    expect(corp.renewals()).toBe(renewals);
  });

  it('renews 20 minutes before the end if only the clock asks, as in the agent', async () => {
    const corp = await corpHome(19 * 60);
    await get(corp, machine({}), { runsCommands: false });
    expect(corp.renewals()).toBe(1);
  });

  it('writes through a link, and leaves the link', async () => {
    const corp = await corpHome(-60);
    const elsewhere = join(corp.home.path, 'token.json');
    renameSync(corp.path, elsewhere);
    symlinkSync(elsewhere, corp.path);
    const before = corp.file();
    await get(corp);
    expect(lstatSync(corp.path).isSymbolicLink()).toBe(true);
    expect(corp.file().refreshToken).not.toBe(before.refreshToken);
  });

  it.skipIf(!canMount)('renews a file that is mounted by itself, as into a container', async () => {
    const corp = await corpHome(-60);
    const before = corp.file();
    const script = 'mount --bind "$1" "$1"; shift; "$@"';
    const words = ['-m', 'sh', '-c', script, 'sh', corp.path, `${packageFolder}/bin/awsh`, 'export', 'corp'];
    const { stdout, stderr } = await promisify(execFile)('unshare', words, { env: corp.environment });
    expect(stderr).toBe('');
    expect(stdout).toContain('AWS_ACCESS_KEY_ID=ASIA');
    expect(corp.file().refreshToken).not.toBe(before.refreshToken);
  });

  it('keeps the refresh token if the reply has none', async () => {
    const corp = await corpHome();
    Object.assign(corp.signIns.rules, { repliesRefreshToken: false, rotates: false });
    const { refreshToken } = corp.file();
    await get(corp);
    expect(corp.file().refreshToken).toBe(refreshToken);
  });

  it.each([
    ['no refresh token', { refreshToken: undefined }],
    ['no client', { clientId: undefined }],
    ['no client secret', { clientSecret: undefined }],
    ['a registration that is over', { registrationExpiresAt: '2020-01-01T00:00:00Z' }],
  ])('%s: the token is used until it ends, then exit 6 without a call', async (_, changes) => {
    const corp = await corpHome(120, changes);
    await get(corp);
    corp.leave(-1, changes);
    expect(await errorOf(get(corp))).toEqual(ended);
    expect(corp.renewals()).toBe(0);
  });

  it('that AWS refuses is exit 6, leaves the file unchanged, and is not tried again for a minute', async () => {
    const corp = await corpHome();
    corp.signIns.rules.isOver = true;
    const before = corp.file();
    const own = machine({});
    expect(await errorOf(get(corp, own))).toEqual(ended);
    expect(await errorOf(get(corp, own))).toEqual(ended);
    expect(corp.renewals()).toBe(1);
    expect(corp.file()).toEqual(before);
    // A new sign-in has a new refresh token, and awsh tries that at once.
    corp.signIns.rules.isOver = false;
    corp.leave(-60);
    expect(await get(corp, own)).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
  });

  it.each(['signed out', 'signed in as another user'])(
    'does not undo what happened while AWS was asked: the user %s',
    async (what) => {
      const corp = await corpHome();
      const renew = corp.signIns.renew.bind(corp.signIns);
      let other = '';
      corp.signIns.renew = (fields) => {
        if (what === 'signed out') rmSync(corp.path);
        else other = corp.leave(3600).accessToken;
        return renew(fields);
      };
      const outcome = await get(corp).catch((error: AwshError) => error.exitStatus);
      if (what === 'signed out') expect([outcome, existsSync(corp.path)]).toEqual([6, false]);
      else expect(corp.file().accessToken).toBe(other);
    },
  );

  it('after another program’s renewal uses that program’s token', async () => {
    const corp = await corpHome();
    corp.signIns.renew = () => {
      corp.leave(3600);
      throw new AwsError('InvalidGrantException', 400, 'Invalid grant');
    };
    expect(await get(corp)).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
  });

  it.each([
    ['a network without an answer', 9, { kind: 'refuse' }],
    ['a page of some hotel', 9, { kind: 'reply', body: 'welcome', contentType: 'text/html' }],
    [
      'a service that is down',
      8,
      { kind: 'error', code: 'InternalServerException', message: '', status: 500 },
    ],
  ] as const)('%s: the token is used while it is good, then exit %d', async (_, status, fault) => {
    const corp = await corpHome(120);
    corp.emulator.misbehave({ ...fault, action: 'CreateToken' });
    await get(corp);
    const before = corp.leave(-1).accessToken;
    expect(await errorOf(get(corp))).toMatchObject({ status });
    expect(corp.file().accessToken).toBe(before);
  });
});

describe('a clock that differs from that of AWS', () => {
  it.each([
    ['behind', 3 * 3600_000],
    ['ahead of', -3 * 3600_000],
  ])('(3 hours %s) does not change how long a role can be used here', async (word, offset) => {
    const corp = await corpHome(3600);
    corp.emulator.cloud.clockOffset = offset;
    corp.signIns.accessTokens.set(String(corp.file().accessToken), new Date(Date.now() + offset + 3600_000));
    const own = machine({});
    const { expiration } = await get(corp, own);
    expect(Math.abs((expiration?.getTime() ?? 0) - Date.now() - 3600_000)).toBeLessThan(60_000);
    expect(own.said.join()).toContain(`this machine's clock is 3h00m ${word} AWS's`);
  });
});

describe('a token that the portal refuses before its end', () => {
  it('is renewed once, and the role is requested once more', async () => {
    const corp = await corpHome(3000);
    corp.signIns.revoke(String(corp.file().accessToken));
    expect(await get(corp)).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
    expect(corp.emulator.actions).toEqual(['GetRoleCredentials', 'CreateToken', 'GetRoleCredentials']);
  });

  it('is exit 6 if the new one is refused, too', async () => {
    const corp = await corpHome(3000);
    const message = 'Session token not found or invalid';
    corp.emulator.misbehave({
      kind: 'error',
      action: 'GetRoleCredentials',
      code: 'UnauthorizedException',
      message,
      status: 401,
    });
    const refused = { ...ended, why: 'the portal no longer accepts the token of the session corp' };
    const own = machine({});
    expect(await errorOf(get(corp, own))).toEqual(refused);
    expect(await errorOf(get(corp, own))).toEqual(refused);
    expect(corp.renewals()).toBe(1);
  });
});

describe('a sign-in that AWS ended early', () => {
  it('is shown as ended until the next sign-in, although its time has not come', async () => {
    const corp = await corpHome(3600);
    const awsh = (...words: string[]) => runInstalled(words, corp.environment);
    const shown = async () => JSON.parse((await awsh('sso', 'status', '--json')).out)[0];
    corp.signIns.revoke(String(corp.file().accessToken));
    corp.signIns.rules.isOver = true;
    expect((await awsh('export', 'corp')).status).toBe(6);
    const why = 'AWS no longer accepts its token';
    expect(await shown()).toMatchObject({ state: 'ended', until: null, renewable: false, why });
    expect((await awsh('list')).out).toContain('needs sign-in');
    expect((await awsh('doctor', '--offline')).out).toContain('the sign-in to corp ended');
    corp.leave(3600);
    expect(await shown()).toMatchObject({ state: 'signed in', renewable: true });
  });

  it('is used to its end if AWS only refuses to renew it', async () => {
    const corp = await corpHome(120);
    corp.signIns.rules.isOver = true;
    const awsh = (...words: string[]) => runInstalled(words, corp.environment);
    expect((await awsh('export', 'corp')).status).toBe(0);
    const [shown] = JSON.parse((await awsh('sso', 'status', '--json')).out);
    expect(shown).toMatchObject({ state: 'signed in', renewable: false, why: 'AWS refused to renew it' });
  });
});

describe('a token file', () => {
  it('that another program is writing is read again', async () => {
    const corp = await corpHome(3000);
    const whole = readFileSync(corp.path, 'utf8');
    writeFileSync(corp.path, whole.slice(0, 40));
    const worker = new Worker(
      `const { parentPort, workerData: [path, text] } = require('node:worker_threads');
      parentPort.once('message', () => setTimeout(() => require('node:fs').writeFileSync(path, text), 20));
      parentPort.postMessage('ready');`,
      { eval: true, workerData: [corp.path, whole] },
    );
    await once(worker, 'message');
    worker.postMessage('begin');
    expect(await get(corp)).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
    await worker.terminate();
  });
});

describe('simultaneous commands', () => {
  it.each([
    ['off', 10],
    ['', 20],
  ])('with AWSH_AGENT=%j %d of them use a one-time refresh token only once', async (agent, count) => {
    const corp = await corpHome();
    const environment = { ...corp.environment, AWSH_AGENT: agent };
    if (agent === '') await runInstalled(['agent', 'start'], environment);
    const words = ['export', 'corp', '--format', 'json', '--no-session'];
    const answers = await Promise.all(Array.from({ length: count }, () => runInstalled(words, environment)));
    if (agent === '') await runInstalled(['agent', 'stop'], environment);
    expect(answers.map(({ status }) => status)).toEqual(Array(count).fill(0));
    expect(corp.renewals()).toBe(1);
  });
});
