import { describe, expect, it } from 'vitest';
import { AwshError } from '../../src/system/index.ts';
import { type PlanCase, planOf } from '../support/plans.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';

/** Each row: a plan that is not possible, its exit status, and the expected text of the error. */
const rows: [name: string, plan: PlanCase, status: number, words: string[]][] = [
  [
    'an unknown profile is named with its neighbours, and is never [default]',
    { config: '[default]\n[profile prod]\n[profile deve]', stored: ['default'] },
    3,
    ['"dev"', '/home/me/.aws/config', 'deve'],
  ],
  [
    'a source_profile that does not exist',
    { config: `[profile dev]\n${role}\nsource_profile = bas\n[profile base]` },
    2,
    ['/home/me/.aws/config:3', '"bas"', 'base'],
  ],
  [
    'a circle of source profiles',
    { config: `[profile dev]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = dev` },
    2,
    ['dev -> b -> dev', '/home/me/.aws/config:6'],
  ],
  ['no key anywhere', { config: '[profile dev]' }, 4, ['"dev"', 'awsh add dev']],
  [
    'no key at the end of a chain',
    { config: `[profile dev]\n${role}\nsource_profile = base\n[profile base]` },
    4,
    ['"base"', '"dev"', '/home/me/.aws/config:3', 'awsh add base'],
  ],
  [
    'static keys of [default] are nobody else’s',
    {
      config: '[profile dev]',
      credentials: '[default]\naws_access_key_id = AKIAX000000000000000\naws_secret_access_key = s',
    },
    4,
    ['"dev"'],
  ],
  [
    'a malformed AWSH_DURATION',
    { config: '[profile dev]', stored: ['dev'], environment: { AWSH_DURATION: 'soon' } },
    2,
    ['AWSH_DURATION is not a duration: "soon"', '1h30m', 'unset AWSH_DURATION'],
  ],
  [
    'a malformed AWS_VAULT_DURATION',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_VAULT_DURATION: 'soon' } },
    2,
    ['AWS_VAULT_DURATION is not a duration: "soon"', 'unset AWS_VAULT_DURATION'],
  ],
  [
    'a malformed role ARN',
    { config: '[profile dev]\nrole_arn = arn:aws:iam::12:role/Dev', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'twelve digits'],
  ],
  [
    'a malformed AWS_ROLE_ARN',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_ROLE_ARN: 'admin' } },
    2,
    ['AWS_ROLE_ARN is not'],
  ],
  [
    'a region that is none',
    { config: '[profile dev]\nregion = eu-west-1.evil.example', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'region'],
  ],
  [
    'a region of another partition than the role',
    { config: `[profile dev]\n${role}\nregion = cn-north-1`, stored: ['dev'] },
    2,
    ['/home/me/.aws/config:3', 'cn-north-1', 'aws'],
  ],
  [
    'a directory’s region of another partition',
    { config: `[profile dev]\n${role}`, stored: ['dev'], directoryRegion: 'us-gov-west-1' },
    2,
    ['the .awsprofile', 'us-gov-west-1'],
  ],
  [
    'an AWS_REGION that is none',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_REGION: '$(touch pwned)' } },
    2,
    ['AWS_REGION'],
  ],
  ...['http://h:65536', 'http://h.1', 'http://1.2.3.4.5', 'http://xn--a', 'https://me@h', 'ftp://h'].map(
    (url): (typeof rows)[number] => [
      `an endpoint that is none: ${url}`,
      { config: `[profile dev]\nendpoint_url = ${url}`, stored: ['dev'] },
      2,
      ['/home/me/.aws/config:2', 'an endpoint is an https://'],
    ],
  ),
  [
    'an endpoint that is no URL',
    { config: '[profile dev]\nendpoint_url = localhost:4566', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2'],
  ],
  [
    'a --duration that AWS does not give',
    { config: '[profile dev]', stored: ['dev'], options: { durationSeconds: 60 } },
    2,
    ['--duration', '900', 'add --duration 15m'],
  ],
  [
    'a variable with a duration that AWS does not give',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_SESSION_TOKEN_TTL: '37h' } },
    2,
    ['AWS_SESSION_TOKEN_TTL', '129600', 'unset AWS_SESSION_TOKEN_TTL'],
  ],
  [
    'an sso_session that does not exist',
    { config: '[profile dev]\nsso_session = corp\n[sso-session main]\nsso_region = eu-west-1' },
    2,
    ['/home/me/.aws/config:2', 'corp', 'main'],
  ],
  [
    'an SSO profile without an account',
    {
      config:
        '[profile dev]\nsso_session = corp\nsso_role_name = Dev\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start',
    },
    2,
    ['"dev"', 'sso_account_id', 'twelve digits'],
  ],
  [
    'an SSO profile without a region',
    { config: '[profile dev]\nsso_start_url = https://corp.awsapps.com/start#/' },
    2,
    ['"dev"', 'sso_region'],
  ],
  [
    'a web identity token without a role',
    { config: '[profile dev]\nweb_identity_token_file = /x' },
    2,
    ['/home/me/.aws/config:2', 'role_arn'],
  ],
  [
    'a web identity token that each folder would bring itself',
    { config: `[profile dev]\n${role}\nweb_identity_token_file = token` },
    2,
    ['/home/me/.aws/config:3', 'absolute'],
  ],
  [
    'a ca_bundle that each folder would bring itself',
    { config: '[profile dev]\nca_bundle = corp.pem', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'absolute'],
  ],
  [
    'a credential_source that there is not',
    { config: `[profile dev]\n${role}\ncredential_source = Ec2` },
    2,
    ['/home/me/.aws/config:3', 'Ec2InstanceMetadata'],
  ],
  [
    'credential_source = Environment for a directory',
    { config: `[profile dev]\n${role}\ncredential_source = Environment` },
    4,
    ['/home/me/.aws/config:3', 'AWS_ACCESS_KEY_ID', 'awsh exec'],
  ],
  [
    'credential_source = EcsContainer for a directory',
    { config: `[profile dev]\n${role}\ncredential_source = EcsContainer` },
    4,
    ['/home/me/.aws/config:3', 'AWS_CONTAINER_CREDENTIALS'],
  ],
  [
    'container credentials from anywhere by plain http',
    {
      config: `[profile dev]\n${role}\ncredential_source = EcsContainer`,
      environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://evil.example/keys' },
    },
    2,
    ['AWS_CONTAINER_CREDENTIALS'],
  ],
  [
    'a machine whose metadata is turned off',
    {
      config: `[profile dev]\n${role}\ncredential_source = Ec2InstanceMetadata`,
      environment: { AWS_EC2_METADATA_DISABLED: 'true' },
    },
    4,
    ['AWS_EC2_METADATA_DISABLED'],
  ],
  [
    'a use_fips_endpoint that says neither yes nor no',
    { config: '[profile dev]\nuse_fips_endpoint = yes', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'true'],
  ],
  [
    'an sts_regional_endpoints that there is not',
    { config: '[profile dev]\nsts_regional_endpoints = global', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'legacy'],
  ],
];

describe('an impossible plan gives the reason before AWS is asked', () => {
  it.each(rows)('%s', (_, plan, status, words) => {
    const error = errorOf(() => planOf(plan));
    expect(error.exitStatus).toBe(status);
    const text = `${error.what}\n${error.why}\n${error.next}`;
    for (const word of words) expect(text).toContain(word);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

function errorOf(work: () => unknown): AwshError {
  try {
    work();
  } catch (error) {
    if (error instanceof AwshError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
