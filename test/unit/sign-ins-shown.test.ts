import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const config = `
[profile sso]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Admin
[profile above]
role_arn = arn:aws:iam::444455556666:role/Above
source_profile = sso
[profile old]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 444455556666
sso_role_name = Admin
[profile keys]
region = eu-west-1
[profile signed]
login_session = arn:aws:iam::444455556666:user/jane
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
`;

const inHours = (hours: number) => new Date(Date.now() + hours * 3600_000).toISOString();
const digest = (algorithm: 'sha1' | 'sha256', text: string) =>
  createHash(algorithm).update(text).digest('hex');
const loginFile = `.aws/login/cache/${digest('sha256', 'arn:aws:iam::444455556666:user/jane')}.json`;

/**
 * A home with these profiles. Each token lasts this many hours, and `corp` is renewable if the test
 * asks for it.
 */
function homeWith({ corp, old, isRenewed = true }: { corp?: number; old?: number; isRenewed?: boolean }) {
  const home = temporaryHome();
  home.write('.aws/config', config);
  const renewal = {
    clientId: 'CANARY-CLIENT',
    clientSecret: 'CANARY-SECRET',
    registrationExpiresAt: inHours(1000),
    refreshToken: 'CANARY-REFRESH',
  };
  const write = (key: string, hours: number | undefined, more: object) => {
    if (hours === undefined) return;
    const fields = { accessToken: 'CANARY-TOKEN', expiresAt: inHours(hours), ...more };
    home.write(`.aws/sso/cache/${digest('sha1', key)}.json`, JSON.stringify(fields));
  };
  write('corp', corp, isRenewed ? renewal : {});
  write('https://old.awsapps.com/start', old, {});
  const environment = { ...home.environment, AWSH_BACKEND: 'file' };
  const awsh = async (words: string[], more: Record<string, string> = {}) => {
    const { status, out } = await runHere(words, { ...environment, ...more });
    expect([status, out]).toEqual([0, expect.not.stringContaining('CANARY')]);
    return out;
  };
  return { home, awsh };
}

const row = (text: string, label: string) =>
  text.split('\n').find((line) => line.trim().startsWith(label)) ?? '';

describe('awsh explain', () => {
  it.each<[string, Parameters<typeof homeWith>[0], string, RegExp]>([
    [
      'renewed',
      { corp: 2 },
      'sso',
      /until \S+ \S+ \(1h59m left\), by another program; renewed automatically$/,
    ],
    ['of a source profile', { corp: 2 }, 'above', /; renewed automatically$/],
    [
      'renewed on use',
      { corp: -1 },
      'sso',
      /the token ended at \S+ \S+, by another program; it is renewed when it is needed$/,
    ],
    [
      'without a session',
      { old: 2 },
      'old',
      /it cannot be renewed: the profile has sso_start_url and no sso_session/,
    ],
    [
      'ended',
      { corp: -1, isRenewed: false },
      'sso',
      /ended at .*; it cannot be renewed: its file has no refresh/,
    ],
    ['missing', {}, 'sso', /none$/],
  ])('shows a sign-in that is %s', async (_, signIns, profile, expected) => {
    const { awsh } = homeWith(signIns);
    const text = await awsh(['explain', profile], { COLUMNS: '300' });
    expect(row(text, 'sign-in')).toMatch(expected);
    expect(JSON.parse(await awsh(['explain', profile, '--json'])).steps[0].signIn).toMatchObject({
      session: profile === 'old' ? 'https://old.awsapps.com/start' : 'corp',
    });
  });
});

describe('awsh list', () => {
  it('has a column for sign-ins if a profile needs one', async () => {
    const { awsh, home } = homeWith({ corp: 2 });
    const cells = (text: string) =>
      Object.fromEntries(text.split('\n').map((line) => [line.split(' ')[0], line.split(/ {2,}/).at(-1)]));
    expect(cells(await awsh(['list'], { COLUMNS: '300' }))).toMatchObject({
      PROFILE: 'SIGN-IN',
      sso: '1h59m, renewable',
      old: 'needs sign-in',
      keys: '-',
      signed: 'needs sign-in',
    });
    const [sso, , , keys] = JSON.parse(await awsh(['list', '--json']));
    expect(sso.signIn).toMatchObject({ session: 'corp', state: 'signed in', renewable: true, next: null });
    expect(keys).not.toHaveProperty('signIn');
    home.write('.aws/config', '[profile keys]\nregion = eu-west-1\n');
    expect(await awsh(['list'])).not.toContain('SIGN-IN');
  });

  it('shows a sign-in of aws login', async () => {
    const { awsh, home } = homeWith({});
    const accessToken = { accessKeyId: 'ASIA', secretAccessKey: 'CANARY', expiresAt: inHours(0.2) };
    const fields = { accessToken, refreshToken: 'CANARY', dpopKey: 'CANARY' };
    home.write(loginFile, JSON.stringify(fields));
    expect(row(await awsh(['list'], { COLUMNS: '300' }), 'signed')).toMatch(/ 1[12]m, renewable$/);
    home.write(loginFile, JSON.stringify({ accessToken: { ...accessToken, expiresAt: inHours(-1) } }));
    expect(row(await awsh(['list'], { COLUMNS: '300' }), 'signed')).toMatch(/needs sign-in$/);
  });
});

describe('awsh status', () => {
  it('shows the sign-in of the directory’s profile, and the command if there is none', async () => {
    const { awsh, home } = homeWith({});
    home.write('.awsprofile', 'above\n');
    const here = (...more: string[]) => awsh(['status', ...more], { COLUMNS: '300' });
    expect(row(await here(), 'sign-in')).toMatch(/none; to sign in: awsh sso login corp$/);
    expect(JSON.parse(await here('--json')).signIn).toMatchObject({
      session: 'corp',
      state: 'not signed in',
      next: 'awsh sso login corp',
    });
  });

  it('shows no sign-in for a profile that uses none', async () => {
    const { awsh } = homeWith({ corp: 2 });
    const loaded = { AWSH_LOADED: `1 pin ${process.getuid?.()} keys -` };
    const text = await awsh(['status', '--json'], loaded);
    expect(JSON.parse(text)).toMatchObject({ loaded: { profile: 'keys' }, signIn: null });
  });
});
