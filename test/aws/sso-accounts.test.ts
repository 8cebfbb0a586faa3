import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { knownAccounts } from '../../src/sessions/index.ts';
import type { AwshError } from '../../src/system/index.ts';
import { json, loopbackServer } from '../support/loopback-server.ts';
import { manyAccounts, organisationHome } from '../support/organisation-home.ts';
import { runInstalled } from '../support/run-awsh.ts';

type Home = Awaited<ReturnType<typeof organisationHome>>;

const awsh = ({ environment }: Home, ...words: string[]) => runInstalled(['sso', ...words], environment);
const cacheOf = ({ home }: Home) =>
  join(home.path, `.cache/awsh/sso/${createHash('sha1').update('corp').digest('hex')}-accounts.json`);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ exitStatus, what, next }: AwshError) => ({ exitStatus, what, next }),
  );
const busy = {
  kind: 'reply',
  status: 429,
  contentType: 'application/json',
  body: '{"__type":"TooManyRequestsException","message":"Rate exceeded"}',
} as const;

describe('awsh sso accounts', () => {
  it('lists the accounts and roles, and asks AWS again only with --fresh', async () => {
    const home = await organisationHome();
    const { status, out } = await awsh(home, 'accounts', 'corp', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      session: 'corp',
      accounts: [
        { account: '111111111111', name: 'Production (EU)', roles: ['Admin', 'ReadOnly'] },
        { account: '111111111113', name: 'Shared / Tools', roles: ['Deploy', 'ViewOnly'] },
        { account: '111111111112', name: 'sandbox', roles: ['Admin'], email: '111111111112@example.com' },
      ],
    });
    expect(home.emulator.calls.length).toBe(4);
    expect((await awsh(home, 'accounts')).out).toMatch(/^sandbox +111111111112 +Admin +1111/m);
    expect(home.emulator.calls.length).toBe(4);
    home.organisation.addAccount('999999999999', 'new');
    expect((await awsh(home, 'accounts', '--fresh')).out).toContain('999999999999');
  });

  it('keeps the list for 24 hours, 0600, without a secret, and no longer than the sign-in', async () => {
    const home = await organisationHome();
    await awsh(home, 'accounts');
    const text = readFileSync(cacheOf(home), 'utf8');
    expect(statSync(cacheOf(home)).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(String(home.file().accessToken));
    expect(text).not.toContain(String(home.file().refreshToken));
    const kept = JSON.parse(text);
    writeFileSync(cacheOf(home), JSON.stringify({ ...kept, listed: kept.listed - 23 * 3600_000 }));
    expect((await awsh(home, 'accounts')).err).toContain('this list is 23h');
    expect(home.emulator.calls.length).toBe(4);
    writeFileSync(cacheOf(home), JSON.stringify({ ...kept, listed: kept.listed - 25 * 3600_000 }));
    await awsh(home, 'accounts');
    expect(home.emulator.calls.length).toBe(8);
    await awsh(home, 'logout', 'corp');
    expect(existsSync(cacheOf(home))).toBe(false);
  });

  it('ignores a damaged list', async () => {
    const home = await organisationHome({ dev: ['Admin'] });
    await awsh(home, 'accounts');
    const kept = JSON.parse(readFileSync(cacheOf(home), 'utf8'));
    const known = () => knownAccounts(home.session(), { cache: dirname(dirname(cacheOf(home))) }, Date.now());
    expect(known()).toMatchObject({ accounts: [{ id: '111111111111' }] });
    const bad = [{ accounts: [{ id: 'x' }] }, { place: 'https://other' }, { listed: 1e15 }];
    for (const text of ['{', ...bad.map((fields) => JSON.stringify({ ...kept, ...fields }))]) {
      writeFileSync(cacheOf(home), text);
      expect(known()).toBe(null);
    }
  });

  it('shows names from others as plain text', async () => {
    const home = await organisationHome({ 'a\u001b]0;evil\u0007\n[default]\u202e': ['Admin'] });
    const { out } = await awsh(home, 'accounts');
    expect(out).toContain('a?]0;evil??[default]?');
    expect((await awsh(home, 'accounts', '--json')).out).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it('shows its progress on a terminal', async () => {
    const home = await organisationHome();
    const terminal = await home.start('sso', 'accounts');
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(terminal.received).toContain('3/3 accounts');
  });

  it('exits with 6 and the command if the user is not signed in, and with 5 while awsh is locked', async () => {
    const home = await organisationHome({}, null);
    expect(await awsh(home, 'accounts')).toMatchObject({
      status: 6,
      out: '',
      err: expect.stringContaining('next: awsh sso login corp'),
    });
    await runInstalled(['lock'], home.environment);
    expect(await awsh(home, 'accounts')).toMatchObject({ status: 5 });
    expect(home.emulator.calls).toEqual([]);
  });
});

describe('the list of many accounts', () => {
  it('comes in pages of 100, complete, although the portal refuses every third call', async () => {
    const home = await organisationHome(manyAccounts(105));
    home.organisation.refusesEach = 3;
    const { accounts, calls, throttles } = await home.list();
    expect(accounts.map(({ name }) => name)).toEqual(Object.keys(manyAccounts(105)));
    expect(accounts.flatMap(({ roles }) => roles).length).toBe(210);
    expect(throttles).toBeGreaterThan(40);
    expect(calls - throttles).toBe(2 + 105);
    expect(home.renewals()).toBe(0);
  });

  it.each([
    ['busy', { kind: 'error', code: 'InternalServerException', message: '', status: 500 }, 8],
    ['refusing', { kind: 'error', code: 'ForbiddenException', message: 'No access', status: 403 }, 8],
    ['a hotel', { kind: 'reply', body: '<p>welcome', contentType: 'text/html' }, 9],
    ['gone', { kind: 'refuse' }, 9],
  ] as const)('is an error and nothing else if the portal is %s in the middle', async (_, fault, status) => {
    const home = await organisationHome(manyAccounts(60));
    home.emulator.misbehave({ ...fault, action: 'ListAccountRoles', skip: 30 });
    expect(await failureOf(home.list({ patienceMs: 200 }))).toMatchObject({ exitStatus: status });
    const calls = home.emulator.calls.length;
    await sleep(100);
    // Three other requests may have been in progress.
    expect(home.emulator.calls.length - calls).toBeLessThan(4);
  });
});

describe('a portal that limits the rate', () => {
  it.each([
    ['HTTP 429', busy],
    ['Throttling with HTTP 400', { kind: 'throttle' }],
  ] as const)('by %s is never a reason to sign in', async (_, fault) => {
    const home = await organisationHome();
    home.emulator.misbehave(fault);
    const failure = await failureOf(home.list({ patienceMs: 300 }));
    expect(failure).toMatchObject({ exitStatus: 8, what: expect.stringContaining('too many requests') });
    expect(home.renewals()).toBe(0);
  });

  it('is not asked again before the time in Retry-After', async () => {
    const home = await organisationHome();
    home.emulator.misbehave({ ...busy, headers: { 'retry-after': '1' }, times: 1, skip: 1 });
    await home.list();
    const [, refused, ...later] = home.emulator.calls.map(({ at }) => at.getTime());
    expect(later.length).toBe(3);
    // The requests that were in progress when it came.
    expect(later.filter((time) => time - (refused ?? 0) >= 950).length).toBeGreaterThan(0);
  });

  it('gets at most four requests at once, and ten a second', async () => {
    const home = await organisationHome();
    let [open, most] = [0, 0];
    const { url } = await loopbackServer(({ url: asked }, response) => {
      most = Math.max(most, ++open);
      const accountList = Array.from({ length: 8 }, (_, at) => ({ accountId: `11111111111${at}` }));
      const body = asked.includes('accounts') ? { accountList } : { roleList: [] };
      setTimeout(() => {
        open -= 1;
        json(response, 200, body);
      }, 30);
    });
    home.home.write('.aws/config', home.config.replace(home.emulator.url, url));
    await home.list();
    expect(most).toBe(4);
    const begun = performance.now();
    const { calls } = await home.list({ perSecond: 10 });
    expect([calls, performance.now() - begun > ((9 - 4) * 1000) / 10]).toEqual([9, true]);
  });
});

describe('a token that the portal refuses in the middle of a list', () => {
  it('is not shown if the refusal quotes it', async () => {
    const home = await organisationHome();
    const token = String(home.file().accessToken);
    const fault = {
      kind: 'error',
      code: 'InvalidRequestException',
      message: `bad ${token}`,
      status: 400,
    } as const;
    home.emulator.misbehave({ ...fault, action: 'ListAccounts' });
    const { err } = await awsh(home, 'accounts');
    expect(err).toContain('bad …');
    expect(err).not.toContain(token);
  });

  it('is renewed once for all requests', async () => {
    const home = await organisationHome(manyAccounts(12));
    const { accessToken } = home.file();
    const message = 'Session token not found or invalid';
    const fault = { kind: 'error', code: 'UnauthorizedException', message, status: 401 } as const;
    home.emulator.misbehave({ ...fault, action: 'ListAccountRoles', skip: 5, times: 1 });
    expect((await home.list()).accounts.length).toBe(12);
    expect(home.renewals()).toBe(1);
    expect(home.file().accessToken).not.toBe(accessToken);
  });

  it('is exit 6 if it cannot be renewed', async () => {
    const home = await organisationHome();
    home.signIns.revoke(String(home.file().accessToken));
    home.signIns.rules.isOver = true;
    expect(await failureOf(home.list())).toMatchObject({ exitStatus: 6, next: 'awsh sso login corp' });
  });
});
