import { describe, expect, it } from 'vitest';
import { type PlanCase, planOf } from '../support/plans.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';
const other = '[profile other]\ncredential_process = /other';
const sso =
  'sso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = R';
const keys =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('a source_profile without role_arn', () => {
  const rows: [name: string, plan: PlanCase, line: number, kind: string][] = [
    [
      'credential_process',
      { config: `[profile dev]\nsource_profile = other\ncredential_process = /own\n${other}` },
      2,
      'process',
    ],
    ['SSO', { config: `[profile dev]\nsource_profile = other\n${sso}\n${other}` }, 2, 'GetRoleCredentials'],
    ['keys', { config: `[profile dev]\nsource_profile = other\n${keys}\n${other}` }, 2, 'static-keys'],
    [
      'a stored key',
      { config: `[profile dev]\nsource_profile = other\n${other}`, stored: ['dev'] },
      2,
      'stored-keys',
    ],
    [
      'login_session',
      { config: `[profile dev]\nsource_profile = other\nlogin_session = x\n${other}` },
      2,
      'login',
    ],
    [
      'credentials that come with the source by include_profile',
      {
        config: `[profile dev]\ninclude_profile = b\n[profile b]\nsource_profile = other\n${keys}\n${other}`,
      },
      4,
      'static-keys',
    ],
    [
      'credentials of the source of a role',
      {
        config: `[profile dev]\n${role}\nsource_profile = b\n[profile b]\nsource_profile = other\n${keys}\n${other}`,
      },
      5,
      'static-keys',
    ],
  ];
  it.each(rows)('is ignored, with one warning, next to %s', (_, plan, line, kind) => {
    const { steps, warnings } = planOf(plan);
    expect(steps[0]?.kind).toBe(kind);
    expect(warnings).toEqual([
      expect.stringMatching(`^/home/me/.aws/config:${line}: source_profile is ignored`),
    ]);
  });

  it('is used if the profile has nothing else, as in aws-vault', () => {
    const { chain, warnings } = planOf({ config: `[profile dev]\nsource_profile = other\n${other}` });
    expect([chain, warnings]).toEqual([['dev', 'other'], []]);
  });
});

describe('another source of credentials next to a stored key', () => {
  const web = `${role}\nweb_identity_token_file = /token`;
  it.each([
    [sso, 4, 'sso_account_id'],
    ['credential_process = /own', 2, 'credential_process'],
    [web, 3, 'web_identity_token_file'],
    ['login_session = x', 2, 'login_session'],
    [`${role}\ncredential_source = Environment`, 3, 'credential_source'],
    [`${role}\nsource_profile = other`, 3, 'source_profile'],
  ])('is ignored, with one warning: %s', (lines, line, key) => {
    const { steps, warnings } = planOf({ config: `[profile dev]\n${lines}\n${other}`, stored: ['dev'] });
    expect(steps[0]?.kind).toBe('stored-keys');
    expect(warnings).toEqual([
      `/home/me/.aws/config:${line}: ${key} is ignored: the access key that is stored for profile "dev" is used`,
    ]);
  });
});

describe('keys in plain text next to a role_arn', () => {
  const own = `[profile dev]\n${role}\n${keys}\n`;
  const asSource = (...lines: string[]) =>
    `[profile a]\n${role}\nsource_profile = dev\n[profile dev]\n${[role, keys, ...lines].join('\n')}\n`;
  const ignoredKeys = (line: number, key: string) =>
    `config:${line}: aws_access_key_id is ignored: the role of profile "dev" begins with its ${key} (/home/me/.aws/config:`;
  const ignoredRole =
    'config:5: role_arn is ignored: profile "dev" is a source here, and AWS SDKs take its own keys (/home/me/.aws/config:6)';
  const web = ['AssumeRoleWithWebIdentity dev'];
  const machine = 'credential_source = Ec2InstanceMetadata';

  it.each<[name: string, plan: PlanCase, steps: string[], warning: string | null]>([
    [
      'credential_source',
      { config: `${own}${machine}` },
      ['instance dev', 'AssumeRole dev'],
      ignoredKeys(3, 'credential_source'),
    ],
    [
      'a web identity',
      { config: `${own}web_identity_token_file = /t` },
      web,
      ignoredKeys(3, 'web_identity_token_file'),
    ],
    [
      'a source_profile',
      { config: `${own}source_profile = other\n${other}` },
      ['process other', 'AssumeRole dev'],
      ignoredKeys(3, 'source_profile'),
    ],
    [
      'itself as its source',
      { config: `${own}source_profile = dev` },
      ['static-keys dev', 'AssumeRole dev'],
      null,
    ],
    [
      'a role that is assumed with them',
      { config: asSource(), profile: 'a' },
      ['static-keys dev', 'AssumeRole a'],
      ignoredRole,
    ],
    [
      'that, and credential_source',
      { config: asSource(machine), profile: 'a' },
      ['static-keys dev', 'AssumeRole a'],
      ignoredRole,
    ],
    [
      'that, and a source',
      { config: asSource('source_profile = other', other), profile: 'a' },
      ['static-keys dev', 'AssumeRole a'],
      ignoredRole,
    ],
    [
      'that, and a web identity',
      { config: asSource('web_identity_token_file = /t'), profile: 'a' },
      [...web, 'AssumeRole a'],
      ignoredKeys(6, 'web_identity_token_file'),
    ],
    ['a stored key', { config: own, stored: ['dev'] }, ['stored-keys dev', 'AssumeRole dev'], null],
    [
      'include_profile',
      { config: `[profile dev]\n${role}\ninclude_profile = b\n[profile b]\n${keys}` },
      ['static-keys dev', 'AssumeRole dev'],
      null,
    ],
  ])('are used or ignored as by the AWS CLI, with %s', (_, plan, steps, warning) => {
    const made = planOf(plan);
    expect(made.steps.map(({ kind, profile }) => `${kind} ${profile}`)).toEqual(steps);
    expect(made.warnings).toEqual(warning === null ? [] : [expect.stringContaining(warning)]);
  });

  it.each([
    ['alone', own],
    ['with a program', `${own}credential_process = /own`],
    ['with a sign-in', `${own}${sso}`],
    ['below a profile without a role', `[profile a]\nsource_profile = dev\n${own}`],
  ])('are an error %s, which tells how to assume the role with them', (_, config) => {
    expect(() => planOf({ config, profile: config.includes('[profile a]') ? 'a' : 'dev' })).toThrow(
      expect.objectContaining({
        exitStatus: 4,
        what: expect.stringMatching(
          /^profile "dev" has a role_arn \(.*:\d\) and no source .* keys of its own \(.*:\d\)$/,
        ),
        why: expect.stringContaining('write source_profile = dev below it'),
        next: expect.stringMatching(/^vi \+\d /),
      }),
    );
  });
});

describe('AWS_ROLE_ARN in the environment', () => {
  it('is announced by exec and export, in one line', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile dev]\nregion = eu-west-1\n');
    const environment = {
      ...home.environment,
      AWSH_BACKEND: 'file',
      AWSH_FILE_PASSPHRASE: 'correct horse',
      AWS_ROLE_ARN: 'arn:aws:iam::444455556666:role/Dev',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/no/such/token',
    };
    for (const words of [
      ['export', 'dev'],
      ['exec', 'dev', '--', 'true'],
    ]) {
      const { status, err } = await runInstalled(words, environment);
      expect(status).toBe(4);
      expect(err.match(/^awsh: role_arn comes from AWS_ROLE_ARN, .*unset AWS_ROLE_ARN$/gm)).toHaveLength(1);
      expect(err).toContain('AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment ask for it');
      expect(err).toContain('next: unset AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE');
    }
  });

  it('is not announced if the profile has that role itself', () => {
    const environment = { AWS_ROLE_ARN: 'arn:aws:iam::444455556666:role/Dev' };
    expect(planOf({ config: `[profile dev]\n${role}`, stored: ['dev'], environment }).warnings).toEqual([]);
  });
});
