import { describe, expect, it } from 'vitest';
import { type PlanCase, planOf } from '../support/plans.ts';

const arn = 'arn:aws:iam::111122223333:role/X';
const id = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE';
const secret = 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const dev = (...lines: string[]) => `[profile dev]\n${lines.join('\n')}\n[profile k]\n`;
const role = `role_arn = ${arn}`;
const start = 'sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1';
const signIn = `${start}\nsso_account_id = 111122223333\nsso_role_name = X`;

const refused: [config: string, key: string, more?: Partial<PlanCase>][] = [
  [dev(`role_arn = #${arn}`, 'source_profile = k'), 'role_arn'],
  [dev('role_arn =', 'source_profile = k'), 'role_arn'],
  [dev('role_arn =', id, secret), 'role_arn'],
  [dev('role_arn ='), 'role_arn', { stored: ['dev'] }],
  [dev('role_arn =', 'include_profile = k') + role, 'role_arn', { stored: ['dev'] }],
  [dev('source_profile = # k', role, id, secret), 'source_profile'],
  [dev('credential_source =', role, 'source_profile = k'), 'credential_source'],
  [dev('web_identity_token_file =', role, 'source_profile = k'), 'web_identity_token_file'],
  [dev('sso_session = #corp', signIn), 'sso_session'],
  [dev('credential_process =', id, secret), 'credential_process'],
  [dev('credential_process ='), 'credential_process'],
  [dev('login_session =', id, secret), 'login_session'],
  [dev('login_session = # arn'), 'login_session'],
];

const passed: [does: string, plan: PlanCase, first: string][] = [
  ['source_profile without a role', { config: dev('source_profile =', id, secret) }, 'static-keys'],
  ['credential_source without a role', { config: dev('credential_source =', id, secret) }, 'static-keys'],
  [
    'credential_process beside keys of the credentials file',
    { config: dev('credential_process ='), credentials: `[dev]\n${id}\n${secret}` },
    'static-keys',
  ],
  [
    'login_session beside keys of the credentials file',
    { config: dev('login_session ='), credentials: `[dev]\n${id}\n${secret}` },
    'static-keys',
  ],
  [
    'role_arn where AWS_ROLE_ARN names the role',
    { config: dev('role_arn =', 'source_profile = k'), environment: { AWS_ROLE_ARN: arn } },
    'stored-keys',
  ],
];

describe('an empty identity property', () => {
  it.each(refused)('is an error with its line: %j', (config, key, more) => {
    const plan = () => planOf({ config, stored: ['k'], ...more });
    expect(plan).toThrow(
      expect.objectContaining({
        what: `/home/me/.aws/config:2: ${key} of profile "dev" is empty`,
        exitStatus: 2,
        next: 'vi +2 /home/me/.aws/config',
      }),
    );
  });

  it('is an error at the source of a role, too', () => {
    const config = `${dev(role, 'source_profile = mid')}[profile mid]\nrole_arn = ;\nsource_profile = k`;
    expect(() => planOf({ config, stored: ['k'] })).toThrow(/config:6: role_arn of profile "mid" is empty/);
  });

  it.each(passed)('that no SDK uses is ignored: %s', (_, plan, first) => {
    expect(planOf({ stored: ['k'], ...plan }).steps[0]?.kind).toBe(first);
  });
});

describe('half a key pair', () => {
  const source = 'credential_source = Ec2InstanceMetadata';
  const process = 'credential_process = /own';
  const uses = (key: string, line: number) =>
    `the AWS CLI ignores it and uses ${key} (/home/me/.aws/config:${line})`;
  const partial = 'the AWS CLI stops here, too (partial credentials)';
  /** What botocore 1.43 does with each. */
  it.each<[string, string[], string[], string]>([
    ['an id', [id], [], partial],
    ['an id in the credentials file', [], [id], partial],
    ['a secret', [secret], [], 'the AWS CLI finds no credentials here (unable to locate credentials)'],
    ['an id and a program', [id, process], [], uses('credential_process', 3)],
    ['an id in the credentials file and a program', [process], [id], partial],
    ['a secret there and a program', [process], [secret], uses('credential_process', 2)],
    ['an id there and a sign-in', [signIn], [id], uses('sso_account_id', 4)],
    ['an id and a role with its source', [id, role, source], [], uses('credential_source', 4)],
    ['a secret and a role without one', [secret, role], [], partial],
  ])('is an error that tells what the AWS CLI does: %s', (_, config, credentials, does) => {
    const plan = () => planOf({ config: dev(...config), credentials: `[dev]\n${credentials.join('\n')}` });
    expect(plan).toThrow(
      expect.objectContaining({
        exitStatus: 2,
        why: expect.stringContaining(`half a key cannot sign requests; ${does}:`),
      }),
    );
  });
});

describe('a key in two files', () => {
  it.each([
    ['the id', [id, secret], [id], 'aws_secret_access_key', 'credentials:2', 'config:3'],
    ['the secret', [id, secret], [secret], 'aws_secret_access_key', 'config:2', 'credentials:2'],
    ['each half', [id], [secret], 'aws_secret_access_key', 'config:2', 'credentials:2'],
    [
      'all but the token',
      [id, secret, 'aws_session_token = t'],
      [id, secret],
      'aws_session_token',
      'credentials:2',
      'config:4',
    ],
  ])(
    'is an error that names both lines, with %s in the credentials file',
    (_, config, credentials, key, one, other) => {
      const plan = () => planOf({ config: dev(...config), credentials: `[dev]\n${credentials.join('\n')}` });
      expect(plan).toThrow(
        expect.objectContaining({
          what: `profile "dev" has its aws_access_key_id in one file (/home/me/.aws/${one}) and its ${key} in the other (/home/me/.aws/${other})`,
          exitStatus: 2,
        }),
      );
    },
  );

  it('is ignored if one file has all of it twice, or if the vault has it', () => {
    const credentials = `[dev]\n${id}\n${secret}`;
    expect(planOf({ config: dev(id, secret), credentials }).steps[0]?.kind).toBe('static-keys');
    const half = { config: dev(id, secret), credentials: `[dev]\n${id}`, stored: ['dev'] };
    expect(planOf(half).steps[0]?.kind).toBe('stored-keys');
  });
});
