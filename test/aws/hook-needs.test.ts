import { describe, expect, it } from 'vitest';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const serial = 'arn:aws:iam::111122223333:mfa/jane';
const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';
const config = `
[default]
region = eu-west-1
endpoint_url = http://127.0.0.1:9
[profile me]
[profile code]
${role}
source_profile = me
mfa_serial = ${serial}
[profile phone]
${role}
source_profile = me
mfa_serial = ${serial}
mfa_process = /opt/phone
[profile sso]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Admin
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
[profile login]
login_session = arn:aws:iam::111122223333:user/jane
[profile tool]
credential_process = /opt/tool
[profile pod]
${role}
web_identity_token_process = /opt/token
`;

/** The hook's reply if awsh may not ask: the first prompt of a shell. */
async function firstPrompt(profile: string, environment: Record<string, string> = {}) {
  const home = temporaryHome();
  home.write('.aws/config', config);
  const around = { ...home.environment, AWSH_BACKEND: 'file' };
  const key = `AKIAIOSFODNN7EXAMPLE\n${'k'.repeat(40)}\n`;
  const passphrase = { AWSH_FILE_PASSPHRASE: 'correct horse' };
  await runInstalled(['add', 'me', '--stdin'], { ...around, ...passphrase }, key);
  home.write('.config/awsh/config', 'backend = file\n');
  const lines = ['- load 1', `cwd ${home.path}`, `pin ${profile}`, 'quiet 1', `env HOME ${home.path}`, 'end'];
  const AWSH_REQUEST = `${lines.join('\n')}\n`;
  const { out } = await runInstalled(['_load'], { ...around, ...passphrase, ...environment, AWSH_REQUEST });
  const answered = out.split('\n');
  const word = (name: string) => answered.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  return { answer: answered[0], reason: word('reason'), next: word('next') };
}

describe('if the user may not be asked, the segment shows what is needed', () => {
  it.each([
    [
      'code',
      'needs MFA',
      /needs an MFA code; awsh asks for nothing at the first prompt[^(]*$/,
      'awsh refresh',
    ],
    ['phone', 'needs refresh', /has to run a command of its own/, 'awsh refresh'],
    ['tool', 'needs refresh', /has to run a command of its own/, 'awsh refresh'],
    ['pod', 'needs refresh', /has to run a command of its own/, 'awsh refresh'],
    ['sso', 'needs sign-in', /needs a sign-in to IAM Identity Center/, 'awsh sso login corp'],
    ['login', 'needs sign-in', /needs a sign-in/, 'awsh sso login login && awsh refresh'],
  ])('%s: %s', async (profile, label, reason, next) => {
    const answer = await firstPrompt(profile);
    // Without an agent, the hook looks for a sign-in again two seconds later.
    const renew = label === 'needs sign-in' ? '[1-9]\\d{9}' : '0';
    expect(answer.answer).toMatch(new RegExp(`^- person ${renew} ${label}$`));
    expect(answer.reason).toMatch(reason);
    expect(answer.next).toBe(next);
  });

  it('shows needs passphrase if the vault is locked', async () => {
    const { answer, reason } = await firstPrompt('me', { AWSH_FILE_PASSPHRASE: '' });
    expect(answer).toBe('- person 0 needs passphrase');
    expect(reason).toMatch(/passphrase of the awsh vault; awsh asks for nothing at the first prompt[^(]*$/);
  });
});
