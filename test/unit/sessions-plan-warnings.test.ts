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
  it.each(rows)('is ignored, with one warning, beside %s', (_, plan, line, kind) => {
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
