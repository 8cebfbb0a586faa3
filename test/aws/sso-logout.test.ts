import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpHome } from '../support/corp-home.ts';
import { runInstalled } from '../support/run-awsh.ts';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const roleFile = (session: string) =>
  `.aws/cli/cache/${sha1(`{"accountId":"444455556666","roleName":"Dev","sessionName":"${session}"}`)}.json`;

describe('awsh sso logout', () => {
  it('makes AWS forget the token, and removes what was made with it, of this session alone', async () => {
    const corp = await corpHome(3600);
    const { home, environment } = corp;
    const [own, other] = [home.write(roleFile('corp'), '{}'), home.write(roleFile('other'), '{}')];
    const awsh = (...words: string[]) => runInstalled(words, environment);
    await awsh('export', 'corp', '--format', 'json');
    const { status, err } = await awsh('sso', 'logout', 'corp');
    expect([status, err]).toEqual([
      0,
      expect.stringContaining('signed out of corp; 1 stored sessions removed'),
    ]);
    expect(corp.emulator.actions).toEqual(['GetRoleCredentials', 'Logout']);
    expect([corp.path, own, other].map((path) => existsSync(path))).toEqual([false, false, true]);
    expect(await awsh('export', 'corp', '--format', 'json')).toMatchObject({ status: 6 });
  });

  it('is done on this machine if AWS does not answer', async () => {
    const corp = await corpHome(3600);
    corp.emulator.misbehave({ kind: 'refuse', action: 'Logout' });
    const { status, err } = await runInstalled(['sso', 'logout'], corp.environment);
    expect([status, err]).toEqual([0, expect.stringContaining('AWS was not told')]);
    expect(existsSync(corp.path)).toBe(false);
  });

  it('without a sign-in changes nothing', async () => {
    const corp = await corpHome(null);
    const { status, err } = await runInstalled(['sso', 'logout'], corp.environment);
    expect([status, err]).toEqual([0, 'awsh: you were not signed in to corp\n']);
    expect(corp.emulator.calls).toEqual([]);
  });
});

describe('awsh sso status', () => {
  it.each([
    [3600, {}, { state: 'signed in', renewable: true, by: 'another program' }],
    [3600, { refreshToken: undefined }, { state: 'signed in', renewable: false }],
    [-60, {}, { state: 'renewed when needed', renewable: true }],
    [-60, { refreshToken: undefined }, { state: 'ended', renewable: false }],
    [null, {}, { state: 'not signed in', renewable: false, until: null, by: null }],
  ])('%s seconds left, %j: says so without a call', async (seconds, changes, expected) => {
    const corp = await corpHome(seconds, changes);
    const { status, out } = await runInstalled(['sso', 'status', '--json'], corp.environment);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ session: 'corp', profiles: ['corp'], ...expected }]);
    expect(corp.emulator.calls).toEqual([]);
  });
});
