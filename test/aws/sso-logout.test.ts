import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpHome } from '../support/corp-home.ts';
import { runInstalled } from '../support/run-awsh.ts';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const roleFile = (session: string) =>
  `.aws/cli/cache/${sha1(`{"accountId":"444455556666","roleName":"Dev","sessionName":"${session}"}`)}.json`;

describe('awsh sso logout', () => {
  it('revokes the token at AWS, and removes what was made with it, for this session only', async () => {
    const corp = await corpHome(3600);
    const { home, environment } = corp;
    const [own, other] = [home.write(roleFile('corp'), '{}'), home.write(roleFile('other'), '{}')];
    const awsh = (...words: string[]) => runInstalled(words, environment);
    await awsh('export', 'corp', '--format', 'json');
    const { status, err } = await awsh('sso', 'logout', 'corp');
    expect([status, err]).toEqual([
      0,
      expect.stringContaining('signed out of corp; 1 stored session removed'),
    ]);
    expect(corp.emulator.actions).toEqual(['GetRoleCredentials', 'Logout']);
    expect([corp.path, own, other].map((path) => existsSync(path))).toEqual([false, false, true]);
    expect(await awsh('export', 'corp', '--format', 'json')).toMatchObject({ status: 6 });
  });

  it('leaves another session of the same start URL, and a profile with that URL, signed in', async () => {
    const corp = await corpHome(3600);
    const url = 'https://corp.awsapps.com/start';
    const twin =
      '[sso-session twin]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n';
    const role = 'sso_account_id = 444455556666\nsso_role_name = Dev\nregion = eu-west-1\n';
    const at = `endpoint_url = ${corp.emulator.url}\n`;
    const old = `[profile old]\nsso_start_url = ${url}\nsso_region = eu-west-1\n${role}${at}`;
    const hash = `[profile hash]\nsso_start_url = ${url}#/\nsso_region = eu-west-1\n${role}${at}`;
    const two = `[profile two]\nsso_session = twin\n${role}${at}`;
    corp.home.write('.aws/config', `${corp.config}${twin}${two}${old}${hash}`);
    for (const key of ['twin', url]) {
      const { accessToken } = corp.signIns.signIn();
      const fields = { accessToken, expiresAt: corp.at(3600) };
      corp.home.write(`.aws/sso/cache/${sha1(key)}.json`, JSON.stringify(fields));
    }
    expect((await runInstalled(['sso', 'logout', 'corp'], corp.environment)).status).toBe(0);
    const statuses: Record<string, number | null> = {};
    for (const profile of ['corp', 'two', 'old', 'hash'])
      statuses[profile] = (await runInstalled(['export', profile], corp.environment)).status;
    // The AWS CLI also uses the URL as it is written.
    expect(statuses).toEqual({ corp: 6, two: 0, old: 0, hash: 6 });
  });

  it('is done on this machine if AWS does not answer', async () => {
    const corp = await corpHome(3600);
    corp.emulator.misbehave({ kind: 'refuse', action: 'Logout' });
    const { status, err } = await runInstalled(['sso', 'logout'], corp.environment);
    expect([status, err]).toEqual([0, expect.stringContaining('could not revoke the sign-in')]);
    expect(existsSync(corp.path)).toBe(false);
  });

  it('also removes the sessions of roles that were assumed with it', async () => {
    const corp = await corpHome(3600);
    corp.emulator.addRole({ account: '444455556666', name: 'Deep' });
    const chained = `[profile chained]\nsource_profile = corp\nrole_arn = arn:aws:iam::444455556666:role/Deep\nregion = eu-west-1\nendpoint_url = ${corp.emulator.url}\n`;
    corp.home.write('.aws/config', `${corp.config}${chained}`);
    expect(await runInstalled(['export', 'chained', '--format', 'json'], corp.environment)).toMatchObject({
      status: 0,
    });
    await runInstalled(['sso', 'logout', 'corp'], corp.environment);
    expect(await runInstalled(['export', 'chained', '--format', 'json'], corp.environment)).toMatchObject({
      status: 6,
    });
  });

  it('ends a sign-in whose token has expired, as long as it can be renewed', async () => {
    const corp = await corpHome(-60);
    await runInstalled(['sso', 'logout', 'corp'], corp.environment);
    expect(corp.emulator.actions).toEqual(['CreateToken', 'Logout']);
  });

  it.each([500, 403])('reports it if AWS answers %d', async (status) => {
    const corp = await corpHome(3600);
    corp.emulator.misbehave({ kind: 'error', action: 'Logout', code: 'X', message: '', status });
    const { err } = await runInstalled(['sso', 'logout', 'corp'], corp.environment);
    expect(err).toContain('could not revoke the sign-in to corp at AWS');
    expect(existsSync(corp.path)).toBe(false);
  });

  it.each([['corp'], ['--all']])(
    '%s: removes a sign-in whose section can no longer be read',
    async (word) => {
      const corp = await corpHome(3600);
      corp.home.write('.aws/config', corp.config.replace('https://', 'http://'));
      const { status, err } = await runInstalled(['sso', 'logout', word], corp.environment);
      expect([status, err]).toEqual([0, expect.stringContaining('removed the sign-in to corp')]);
      expect(existsSync(corp.path)).toBe(false);
    },
  );

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
  ])('%s seconds left, %j: shown without a call', async (seconds, changes, expected) => {
    const corp = await corpHome(seconds, changes);
    const { status, out } = await runInstalled(['sso', 'status', '--json'], corp.environment);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ session: 'corp', profiles: ['corp'], ...expected }]);
    expect(corp.emulator.calls).toEqual([]);
  });
});
