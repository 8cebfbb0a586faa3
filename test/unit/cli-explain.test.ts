import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const mfa = 'mfa_serial = arn:aws:iam::111122223333:mfa/jane';
const config = `
[default]
region = eu-west-1
[profile me]
${mfa}
[profile hub]
role_arn = arn:aws:iam::444455556666:role/Hub
source_profile = me
${mfa}
[profile dev]
role_arn = arn:aws:iam::444455556666:role/Dev
source_profile = hub
duration_seconds = 7200
[profile tool]
credential_process = /opt/tool --all
[profile phone]
role_arn = arn:aws:iam::444455556666:role/Dev
source_profile = keys
${mfa}
mfa_process = /opt/phone --code
[profile keys]
[profile pod]
role_arn = arn:aws:iam::444455556666:role/Pod
web_identity_token_file = /run/token
[profile sso]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Admin
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
`;

/** A home with these profiles. The key of `me` is in plain text, so that no vault is needed. */
function setting() {
  const home = temporaryHome();
  home.write('.aws/config', config);
  home.write(
    '.aws/credentials',
    '[me]\naws_access_key_id = AKIAEXAMPLE000001234\naws_secret_access_key = CANARY\n' +
      '[keys]\naws_access_key_id = AKIAEXAMPLE000005678\naws_secret_access_key = CANARY\n',
  );
  const environment = { ...home.environment, AWSH_BACKEND: 'file' };
  return (...args: string[]) => runHere(['explain', ...args], environment);
}

describe('awsh explain', () => {
  it('shows what the profile sets for programs', async () => {
    const home = temporaryHome();
    home.write(
      '.aws/config',
      '[profile me]\nservices = own\nca_bundle = ~/ca.pem\n[services own]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n',
    );
    home.write(
      '.aws/credentials',
      '[me]\naws_access_key_id = AKIAEXAMPLE000001234\naws_secret_access_key = X\n',
    );
    const { out } = await runHere(['explain', 'me'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(out).toMatch(
      /sets +AWS_ENDPOINT_URL_S3=http:\/\/127\.0\.0\.1:1\n.*sets +AWS_CA_BUNDLE=~\/ca\.pem\n/,
    );
  });

  it('shows paths below the home with ~, and commands as they are', async () => {
    const home = temporaryHome();
    home.write(
      '.aws/config',
      `[profile pod]\nrole_arn = arn:aws:iam::444455556666:role/Pod\nweb_identity_token_file = ${home.path}/token\n` +
        `[profile tool]\ncredential_process = ${home.path}/tool\n`,
    );
    const explain = (name: string) => runHere(['explain', name], home.environment);
    const { out } = await explain('pod');
    expect(out).toContain('reads     ~/token\n');
    expect(out).toContain('there is no file ~/token');
    expect(out).toContain('role_arn                 ~/.aws/config:2\n');
    expect(out.replace(/^next .*$/m, '')).not.toContain(home.path);
    expect((await explain('tool')).out).toContain(`runs      ${home.path}/tool\n`);
  });

  it('shows for each step the signer, the MFA code, the duration and its limit', async () => {
    const { status, out, err } = await setting()('dev');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('dev (through hub, me)\n\n1. the access key ****1234 of profile me, in plain text');
    expect(out).toContain(`2. GetSessionToken for profile me
   at        eu-west-1
   signed by the key of step 1
   MFA       arn:aws:iam::111122223333:mfa/jane, you are asked for its code
   lasts     8h00m (default)
   cached    no`);
    expect(out).toContain('   MFA       carried by the session of step 2');
    expect(out).toMatch(
      /lasts {5}1h00m \(duration_seconds\); 2h00m was asked for, but AWS gives at most 1h00m to a role/,
    );
    expect(out).toContain('now       makes 3 calls to AWS, asks for one MFA code\n');
    expect(out).not.toContain('CANARY');
  });

  it.each([
    [
      'tool',
      [
        '1. the credential_process of profile tool',
        'runs      /opt/tool --all',
        'now       makes no call to AWS, runs one command of yours, asks for nothing\n',
      ],
    ],
    [
      'phone',
      [
        'MFA       arn:aws:iam::111122223333:mfa/jane, its code by mfa_process',
        'runs      /opt/phone --code',
        'now       makes one call to AWS, runs one command of yours, asks for nothing\n',
      ],
    ],
    [
      'pod',
      [
        'AssumeRoleWithWebIdentity arn:aws:iam::444455556666:role/Pod',
        'reads     /run/token',
        'no key: the web identity token is sent instead',
        'one call to AWS',
      ],
    ],
    [
      'sso',
      [
        'GetRoleCredentials Admin in account 444455556666',
        'reads     sso-session corp',
        'makes one call to AWS, asks for nothing',
      ],
    ],
  ])('%s', async (profile, words) => {
    const { out } = await setting()(profile);
    for (const word of words) expect(out).toContain(word);
  });

  it('prints the same as JSON', async () => {
    expect((await setting()('dev', '--duration', '45m10s')).out).toContain('lasts     45m10s (--duration)');
    const { out } = await setting()('dev', '--json', '--duration', '30m');
    const plan = JSON.parse(out);
    expect(plan).toMatchObject({
      profile: 'dev',
      chain: ['dev', 'hub', 'me'],
      region: 'eu-west-1',
      now: [1, 2, 3, 4],
    });
    expect(plan.steps.at(-1)).toEqual({
      step: 4,
      does: 'AssumeRole',
      profile: 'dev',
      key: null,
      role: 'arn:aws:iam::444455556666:role/Dev',
      signedBy: 3,
      mfa: null,
      seconds: 1800,
      secondsFrom: '--duration',
      capped: null,
      runs: null,
      at: 'eu-west-1',
      reads: null,
      cachedUntil: null,
    });
  });

  it('shows what is wrong with a plan that cannot be made', async () => {
    const { status, err } = await setting()('prodd');
    expect({ status, err: err.split('\n')[0] }).toMatchObject({
      status: 3,
      err: expect.stringContaining('"prodd"'),
    });
  });

  it('shows where a missing region could come from', async () => {
    const home = temporaryHome();
    home.write(
      '.aws/credentials',
      '[dev]\naws_access_key_id = AKIAEXAMPLE000001234\naws_secret_access_key = x\n',
    );
    const { out } = await runHere(['explain', 'dev'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(out).toContain(
      'region    none: programs that need a region stop; set it with --region, AWS_REGION or region in the profile',
    );
  });
});
