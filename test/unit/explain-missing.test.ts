import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const config = `
[profile sso]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Admin
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
[profile above]
role_arn = arn:aws:iam::444455556666:role/Above
source_profile = sso
[profile pod]
role_arn = arn:aws:iam::444455556666:role/Pod
web_identity_token_file = ~/token
[profile signed]
login_session = arn:aws:iam::444455556666:user/jane
region = eu-west-1
`;

const hash = (algorithm: 'sha1' | 'sha256', text: string) => createHash(algorithm).update(text).digest('hex');
const ssoFile = `.aws/sso/cache/${hash('sha1', 'corp')}.json`;
const loginFile = `.aws/login/cache/${hash('sha256', 'arn:aws:iam::444455556666:user/jane')}.json`;
const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'CANARY-KEY', sessionToken: 'CANARY-SESSION' };
const login = JSON.stringify({
  accessToken: { ...keys, accountId: '444455556666', expiresAt: '2020-01-01T00:00:00Z' },
  refreshToken: 'CANARY-REFRESH',
  dpopKey: 'CANARY-DPOP',
});
const token = (expiresAt: string) => JSON.stringify({ accessToken: 'CANARY-TOKEN', expiresAt });

function explain(profile: string, files: Record<string, string>, ...options: string[]) {
  const home = temporaryHome();
  home.write('.aws/config', config);
  for (const [path, text] of Object.entries(files)) home.write(path, text);
  return runHere(['explain', profile, ...options], { ...home.environment, AWSH_BACKEND: 'file' });
}

describe('awsh explain', () => {
  it.each<[string, string, Record<string, string>, string, string]>([
    ['no SSO token', 'sso', {}, 'you are not signed in to the session corp', 'awsh sso login corp'],
    [
      'an SSO token that has ended',
      'sso',
      { [ssoFile]: token('2020-01-01T00:00:00Z') },
      'the sign-in to the session corp has ended',
      'awsh sso login corp',
    ],
    [
      'the SSO token of a source profile',
      'above',
      {},
      'you are not signed in to the session corp',
      'awsh sso login corp',
    ],
    ['no web identity token', 'pod', {}, 'there is no file', 'vi +'],
    ['no sign-in by aws login', 'signed', {}, 'you are not signed in', 'awsh sso login signed'],
  ])('names what exec would stop at: %s', async (_, profile, files, why, next) => {
    const { status, out } = await explain(profile, files);
    expect(status).toBe(0);
    const lines = out.split('\n').filter((line) => /^(missing|next)/.test(line));
    expect(lines[0]).toMatch(/^missing {3}/);
    expect(lines[0]).toContain(why);
    expect(lines[1]).toMatch(/^next {6}/);
    expect(lines[1]).toContain(next);
    expect(out).not.toContain('CANARY');
  });

  it.each<[string, Record<string, string>]>([
    ['sso', { [ssoFile]: token('2199-01-01T00:00:00Z') }],
    ['pod', { token: 'x' }],
    ['signed', { [loginFile]: login }],
  ])('reports nothing missing if %s has what it needs', async (profile, files) => {
    const { out } = await explain(profile, files);
    expect(out).not.toMatch(/^(missing|next)/m);
    expect(out).not.toContain('CANARY');
  });

  it('prints what is missing as JSON, with the exit status of exec', async () => {
    const { out } = await explain('above', {}, '--json');
    expect(JSON.parse(out).missing).toEqual([
      {
        step: 1,
        what: 'profile "sso" needs a sign-in to IAM Identity Center',
        why: 'you are not signed in to the session corp',
        next: 'awsh sso login corp',
        exitStatus: 6,
      },
    ]);
  });
});
