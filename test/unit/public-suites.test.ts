import { describe, expect, it } from 'vitest';
import type { AwshError } from '../../src/system/index.ts';
import { inWords, type PlanCase, planOf } from '../support/plans.ts';

/*
 * The expectations of public test suites of other projects, rewritten: the profile-provider and
 * default-credential-provider-chain data of smithy-rs, and aws-vault's tests of its config reader.
 * Key ids and accounts have AWS's form. docs/differences.md counts the cases and explains each
 * difference.
 */
const role = 'role_arn = arn:aws:iam::123456789012:role/integration-test';
const plainKeys = (id = 'AKIABASE000000000000') => `aws_access_key_id = ${id}\naws_secret_access_key = s`;
const overBase = (more = '') =>
  `[default]\nregion = us-east-1\n${role}\nsource_profile = base\n${more}\n[profile base]\nregion = us-east-1`;
const credentials = `[base]\n${plainKeys()}`;
const session =
  '[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://d-abc123.awsapps.com/start';
const ssoRole = 'sso_session = dev\nsso_account_id = 123456789012\nsso_role_name = SampleRole';
const inlineSso =
  'sso_start_url = https://a.awsapps.com/start\nsso_region = us-east-2\nsso_account_id = 123456789012\nsso_role_name = R';
const process = '[default]\nsource_profile = base\ncredential_process = /bin/creds\n[profile base]';

type Case = Omit<PlanCase, 'config'> & { config: string };
const steps = (request: Case) => planOf({ profile: 'default', ...request }).steps;
const last = (request: Case) => steps(request).at(-1);

describe('planning, by the profile-provider cases of smithy-rs', () => {
  it.each<[string, Case, object]>([
    [
      'AWS_ENDPOINT_URL',
      { config: overBase(), environment: { AWS_ENDPOINT_URL: 'http://e' } },
      { endpoint: 'http://e' },
    ],
    ['endpoint_url', { config: overBase('endpoint_url = http://p') }, { endpoint: 'http://p' }],
    [
      'AWS_ENDPOINT_URL_STS',
      { config: overBase(), environment: { AWS_ENDPOINT_URL_STS: 'http://s' } },
      { endpoint: 'http://s' },
    ],
    [
      'a services section',
      { config: overBase('services = t\n[services t]\nsts =\n  endpoint_url = http://v') },
      { endpoint: 'http://v' },
    ],
    ['nothing', { config: overBase() }, { endpoint: null, region: 'us-east-1' }],
    [
      'AWS_REGION before region',
      { config: overBase(), environment: { AWS_REGION: 'us-east-2' } },
      { endpoint: null, region: 'us-east-2' },
    ],
    [
      'FIPS and dual-stack',
      { config: overBase('use_fips_endpoint = true\nuse_dualstack_endpoint = true') },
      { fips: true, dualstack: true },
    ],
    [
      'the profile, and no keys of the environment',
      {
        config: overBase(),
        environment: { AWS_ACCESS_KEY_ID: 'AKIAENV0000000000000', AWS_SECRET_ACCESS_KEY: 's' },
      },
      { endpoint: null },
    ],
  ])('sends AssumeRole to STS with %s', (_, request, target) => {
    expect(steps({ ...request, credentials }).map(inWords)).toEqual([
      'static-keys base',
      'AssumeRole default 3600',
    ]);
    expect(last({ ...request, credentials })).toMatchObject({ target });
  });

  it('uses a profile’s own credential_process before the keys of a source_profile without a role', () => {
    expect(steps({ config: process, credentials }).map(inWords)).toEqual(['process default']);
  });

  it('uses the SSO role of a session, and no endpoint from the environment', () => {
    const config = `[profile default]\n${ssoRole}\nregion = us-east-1\n${session}`;
    const environment = { AWS_ENDPOINT_URL: 'http://e' };
    expect(last({ config, environment })).toMatchObject({
      kind: 'GetRoleCredentials',
      roleName: 'SampleRole',
      target: { region: 'us-east-1', endpoint: null },
    });
  });

  it.each<[string, string, string, number]>([
    ['nothing at all', '', 'no profile "default"', 3],
    [
      'a line without a key',
      '[default]\n= us-east-1\n[profile base]\nregion = x',
      'config:2 is malformed',
      2,
    ],
    ['SSO for tokens alone', `[profile default]\nsso_session = dev\n${session}`, 'no sso_account_id', 2],
  ])('stops at %s', (_, config, what, exitStatus) => {
    expect(() => steps({ config })).toThrow(
      expect.objectContaining({ what: expect.stringContaining(what), exitStatus }),
    );
  });
});

const metadata = `[default]\n${role}\ncredential_source = Ec2InstanceMetadata`;
const webRole = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}`;
const odd = 'some-thing:long/the_one%only.foo@bar+';

describe('planning, by the default-credential-provider-chain cases of smithy-rs', () => {
  it.each<[string, Case, string[]]>([
    [
      'the role of a machine, and a role by it',
      { config: metadata },
      ['instance default', 'AssumeRole default 3600'],
    ],
    [
      'the credentials of a container, and a role by them',
      {
        config: `[default]\n${role}\ncredential_source = EcsContainer`,
        environment: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/52b' },
      },
      ['container default', 'AssumeRole default 3600'],
    ],
    [
      'the keys of AWS_PROFILE, and no blank keys of the environment',
      {
        profile: 'some_profile',
        config: `[default]\n${plainKeys('AKIAWRONG00000000000')}\n[profile some_profile]\n${plainKeys()}`,
        environment: { AWS_ACCESS_KEY_ID: ' ', AWS_SECRET_ACCESS_KEY: ' ' },
      },
      ['static-keys some_profile', 'GetSessionToken some_profile 3600'],
    ],
    [
      'a name of every sign that is allowed',
      { profile: odd, config: `[default]\n${plainKeys()}\n[profile ${odd}]\n${plainKeys()}` },
      [`static-keys ${odd}`, `GetSessionToken ${odd} 3600`],
    ],
    [
      'keys in capital letters',
      { config: '[default]\nregion = us-east-1', credentials: `[default]\n${plainKeys().toUpperCase()}` },
      ['static-keys default', 'GetSessionToken default 3600'],
    ],
    ['an SSO role with its start URL', { config: `[default]\n${inlineSso}` }, ['GetRoleCredentials default']],
    [
      'a web identity token',
      { profile: 'A', config: `[profile A]\n${webRole('A')}\nweb_identity_token_file = /token.jwt` },
      ['AssumeRoleWithWebIdentity A 3600'],
    ],
    [
      'a role by a web identity token',
      {
        profile: 'A',
        config: `[profile A]\n${webRole('A')}\nsource_profile = B\n[profile B]\n${webRole('B')}\nweb_identity_token_file = /token.jwt`,
      },
      ['AssumeRoleWithWebIdentity B 3600', 'AssumeRole A 3600'],
    ],
  ])('uses %s', (_, request, expected) => {
    expect(steps(request).map(inWords)).toEqual(expected);
  });

  it('uses the SSO portal for FIPS and dual-stack according to the variables', () => {
    const environment = { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' };
    expect(last({ config: `[default]\n${inlineSso}`, environment })).toMatchObject({
      target: { region: 'us-east-2', fips: true, dualstack: true },
    });
  });

  it('uses keys in the credentials file before those in the config file', () => {
    const [first] = steps({
      config: `[default]\n${plainKeys('AKIACONFIG0000000000')}`,
      credentials: `[default]\n${plainKeys('AKIACREDENTIALS00000')}`,
    });
    expect(first).toMatchObject({ accessKeyId: 'AKIACREDENTIALS00000' });
  });

  it.each<[string, Case, number]>([
    ['a profile with settings alone', { config: '[default]\nmax_attempts = 1' }, 4],
    [
      'Environment as the source, with no keys there, and a web identity beside it',
      {
        profile: 'A',
        config: `[profile A]\n${webRole('A')}\ncredential_source = Environment`,
        environment: { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/B', AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      },
      4,
    ],
    [
      'a source profile with a token and no role, whatever AWS_ROLE_ARN holds',
      {
        profile: 'A',
        config: `[profile A]\n${webRole('A')}\nsource_profile = B\n[profile B]\nweb_identity_token_file = /t`,
        environment: { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/B' },
      },
      2,
    ],
    ['no profile', { config: '', environment: { AWS_EC2_METADATA_DISABLED: 'True' } }, 3],
  ])('stops at %s, with a reason and a next command', (_, request, exitStatus) => {
    const failure = (): AwshError => {
      try {
        steps(request);
      } catch (error) {
        return error as AwshError;
      }
      throw new Error('there is a plan');
    };
    expect(failure().exitStatus).toBe(exitStatus);
    expect(failure().why).toBeTruthy();
    if (exitStatus !== 3) expect(failure().next).toBeTruthy();
  });
});

describe.each([
  ['keys', plainKeys(), 'static-keys dev'],
  ['credential_process', 'credential_process = /bin/own', 'process dev'],
  ['SSO', `${ssoRole}\n${session}`, 'GetRoleCredentials dev'],
  ['login_session', 'login_session = arn:aws:iam::123456789012:user/x\nregion = eu-west-1', 'login dev'],
])('a profile with source_profile, no role_arn and its own %s', (_, own, step) => {
  const config = `[profile dev]\nsource_profile = base\n${own}\n[profile base]`;

  it('has its own identity', () => {
    expect(planOf({ config, credentials }).steps.map(inWords)[0]).toBe(step);
  });

  it('has the source’s role if it names one', () => {
    const withRole = config.replace('source_profile', `${role}\nsource_profile`);
    expect(planOf({ config: withRole, credentials }).steps.map(inWords)).toEqual([
      'static-keys base',
      'AssumeRole dev 3600',
    ]);
  });
});
