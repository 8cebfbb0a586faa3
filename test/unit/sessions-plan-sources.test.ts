import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/sessions/index.ts';
import { awsFiles, inWords, type PlanCase, planOf } from '../support/plans.ts';

const role = (name: string) => `role_arn = arn:aws:iam::444455556666:role/${name}`;
const mfa = 'mfa_serial = arn:aws:iam::111122223333:mfa/jane';
const sso = `sso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Dev`;
const corp = `[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start#/`;
const from = (source: string) =>
  `[profile dev]\n${role('Dev')}\nsource_profile = base\n[profile base]\n${source}`;

/** Each row: the content of the files, and the steps that follow. */
const rows: [name: string, plan: PlanCase, steps: string[]][] = [
  ['a program', { config: '[profile dev]\ncredential_process = /bin/creds' }, ['process dev']],
  [
    'a role by what a program gives',
    { config: from('credential_process = /bin/creds') },
    ['process base', 'AssumeRole dev 3600'],
  ],
  [
    'a role by a program that stands beside it',
    { config: `[profile dev]\n${role('Dev')}\ncredential_process = /bin/creds` },
    ['process dev', 'AssumeRole dev 3600'],
  ],
  [
    'an hour at most for a role by what a program gives, which may be a session',
    { config: from('credential_process = /bin/creds').replace('source', 'duration_seconds = 7200\nsource') },
    ['process base', 'AssumeRole dev 3600'],
  ],
  [
    'the MFA device of a user whose keys a program gives',
    { config: from('credential_process = /bin/creds').replace('source', `${mfa}\nsource`) },
    ['process base', 'AssumeRole dev 3600 mfa'],
  ],
  [
    'stored keys before a program',
    { config: '[profile dev]\ncredential_process = /bin/creds', stored: ['dev'] },
    ['stored-keys dev', 'GetSessionToken dev 3600'],
  ],
  ['SSO', { config: `[profile dev]\n${sso}\n${corp}` }, ['GetRoleCredentials dev']],
  [
    'SSO before a program',
    { config: `[profile dev]\n${sso}\ncredential_process = /bin/creds\n${corp}` },
    ['GetRoleCredentials dev'],
  ],
  [
    'a role by SSO: an hour, and no device, for it is a role that asks',
    { config: `${from(sso).replace('source', `duration_seconds = 7200\n${mfa}\nsource`)}\n${corp}` },
    ['GetRoleCredentials base', 'AssumeRole dev 3600'],
  ],
  [
    'a web identity',
    { config: `[profile dev]\n${role('Dev')}\nweb_identity_token_file = /t\nduration_seconds = 7200` },
    ['AssumeRoleWithWebIdentity dev 7200'],
  ],
  [
    'a role by a web identity',
    { config: from(`${role('Base')}\nweb_identity_token_process = /bin/token`) },
    ['AssumeRoleWithWebIdentity base 3600', 'AssumeRole dev 3600'],
  ],
  [
    'a web identity of the environment',
    {
      config: '[profile dev]',
      environment: { AWS_ROLE_ARN: 'arn:aws:iam::444455556666:role/Pod', AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
    },
    ['AssumeRoleWithWebIdentity dev 3600'],
  ],
  [
    'aws login',
    { config: from('login_session = arn:aws:iam::1:user/x') },
    ['login base', 'AssumeRole dev 3600'],
  ],
  [
    'the environment’s key',
    {
      config: `[profile dev]\n${role('Dev')}\n${mfa}\ncredential_source = Environment`,
      environment: { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT00000' },
    },
    ['environment-keys dev', 'AssumeRole dev 3600 mfa'],
  ],
  [
    'the environment’s session, which caps a role',
    {
      config: `[profile dev]\n${role('Dev')}\nduration_seconds = 7200\ncredential_source = Environment`,
      environment: { AWS_ACCESS_KEY_ID: 'ASIAENVIRONMENT00000' },
    },
    ['environment-keys dev', 'AssumeRole dev 3600'],
  ],
  [
    'the container’s',
    {
      config: `[profile dev]\n${role('Dev')}\n${mfa}\ncredential_source = EcsContainer`,
      environment: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/keys' },
    },
    ['container dev', 'AssumeRole dev 3600'],
  ],
  [
    'the machine’s',
    { config: `[profile dev]\n${role('Dev')}\ncredential_source = Ec2InstanceMetadata` },
    ['instance dev', 'AssumeRole dev 3600'],
  ],
  [
    'stored keys before the profile’s own sign-in',
    { config: `[profile dev]\n${sso}\n${corp}`, stored: ['dev'] },
    ['stored-keys dev', 'GetSessionToken dev 3600'],
  ],
];

describe('the source of a chain', () => {
  it.each(rows)('%s', (_, plan, steps) => {
    expect(planOf(plan).steps.map(inWords)).toEqual(steps);
  });

  it('is cached only if it is a session, not for keys and what others renew', () => {
    const ids = ([, plan]: (typeof rows)[number]) => planOf(plan).sessionIds.map((id) => id !== null);
    const byKind = Object.fromEntries(
      rows.map((row) => [inWords(planOf(row[1]).steps[0] as never).split(' ')[0], ids(row)[0]]),
    );
    expect(byKind).toEqual({
      process: true,
      GetRoleCredentials: true,
      AssumeRoleWithWebIdentity: true,
      'stored-keys': false,
      'environment-keys': false,
      container: false,
      instance: false,
      login: false,
    });
  });
});

describe('the request for SSO credentials', () => {
  it('uses the session’s values before those of an included profile', () => {
    const config = `[profile dev]\n${sso}\ninclude_profile = old\n${corp}\n[profile old]\nsso_region = us-east-1\nsso_start_url = https://old.awsapps.com/start`;
    expect(planOf({ config }).steps[0]).toMatchObject({
      session: 'corp',
      startUrl: 'https://corp.awsapps.com/start#/',
      account: '444455556666',
      roleName: 'Dev',
      target: { region: 'eu-west-1', endpoint: null },
    });
  });

  it('takes the endpoint from the files, whatever the environment contains', () => {
    const config = `[profile dev]\n${sso}\nservices = local\n${corp}\n[services local]\nsso =\n  endpoint_url = http://127.0.0.1:4566`;
    const environment = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_SSO: 'http://127.0.0.1:1',
      AWS_REGION: 'us-west-2',
    };
    expect(planOf({ config, environment }).steps[0]).toMatchObject({
      target: { region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' },
    });
    expect(planOf({ config: `[profile dev]\n${sso}\n${corp}`, environment }).steps[0]).toMatchObject({
      target: { endpoint: null },
    });
  });
});

/** Each row: a setting, and the STS endpoint for it. */
const targets: [name: string, setting: string, environment: Record<string, string>, target: object][] = [
  ['by region', 'region = eu-west-1', {}, { region: 'eu-west-1', endpoint: null }],
  ['aws-global', 'region = aws-global', {}, { region: 'us-east-1', endpoint: null, global: true }],
  [
    'aws-global, with FIPS',
    'region = aws-global\nuse_fips_endpoint = true',
    {},
    { region: 'us-east-1', endpoint: null, fips: true },
  ],
  ['FIPS by the region', 'region = fips-us-east-2', {}, { region: 'us-east-2', endpoint: null, fips: true }],
  [
    'FIPS by the region of a variable',
    'region = us-east-1',
    { AWS_REGION: 'us-gov-west-1-fips' },
    { region: 'us-gov-west-1', endpoint: null, fips: true },
  ],
  [
    'aws-global, beside an endpoint',
    'region = aws-global\nendpoint_url = http://127.0.0.1:1',
    {},
    { region: 'us-east-1', endpoint: 'http://127.0.0.1:1' },
  ],
  [
    'legacy',
    'region = eu-west-1\nsts_regional_endpoints = legacy',
    {},
    { region: 'us-east-1', endpoint: null, global: true },
  ],
  [
    'legacy, in a region that never had it',
    'region = eu-south-1\nsts_regional_endpoints = legacy',
    {},
    { region: 'eu-south-1', endpoint: null },
  ],
  [
    'legacy, by a variable',
    'region = eu-west-1',
    { AWS_STS_REGIONAL_ENDPOINTS: 'legacy' },
    { region: 'us-east-1', endpoint: null, global: true },
  ],
  [
    'regional, though the file says legacy',
    'region = eu-west-1\nsts_regional_endpoints = legacy',
    { AWS_STS_REGIONAL_ENDPOINTS: 'regional' },
    { region: 'eu-west-1', endpoint: null },
  ],
  [
    'FIPS',
    'region = us-east-2\nuse_fips_endpoint = true',
    {},
    { region: 'us-east-2', endpoint: null, fips: true },
  ],
  [
    'FIPS, by a variable',
    'region = us-east-2',
    { AWS_USE_FIPS_ENDPOINT: 'true' },
    { region: 'us-east-2', endpoint: null, fips: true },
  ],
  [
    'dual-stack',
    'region = us-east-2\nuse_dualstack_endpoint = true',
    {},
    { region: 'us-east-2', endpoint: null, dualstack: true },
  ],
  [
    '[services] before endpoint_url',
    'endpoint_url = http://127.0.0.1:1\nservices = s\n[services s]\nsts =\n  endpoint_url = http://127.0.0.1:2',
    {},
    { region: 'us-east-1', endpoint: 'http://127.0.0.1:2' },
  ],
];

describe('the endpoint of STS', () => {
  it.each(targets)('%s', (_, setting, environment, target) => {
    const plan = planOf({ config: `[profile dev]\n${setting}`, stored: ['dev'], environment });
    expect(plan.steps[1]).toMatchObject({ kind: 'GetSessionToken', target });
    expect(plan.target).toEqual(target);
  });

  it('each endpoint has its own session', () => {
    const ids = targets.map(
      ([, setting, environment]) =>
        planOf({ config: `[profile dev]\n${setting}`, stored: ['dev'], environment }).sessionIds[1],
    );
    const places = targets.map(([, , , target]) => JSON.stringify(target));
    expect(new Set(ids).size).toBe(new Set(places).size);
  });
});

describe('what trust records', () => {
  const identity = (config: string) => {
    const plan = planOf({ config });
    return identityOf(plan, awsFiles(config));
  };

  it.each([
    ['credential_process = /bin/creds --all', ['/bin/creds --all']],
    [`${role('Dev')}\nweb_identity_token_process = /bin/token`, ['/bin/token']],
    [
      `${role('Dev')}\n${mfa}\nmfa_process = pass otp aws\ncredential_process = /bin/creds`,
      ['/bin/creds', 'pass otp aws'],
    ],
    [`${role('Dev')}\nmfa_process = pass otp aws\ncredential_process = /bin/creds`, ['/bin/creds']],
  ])('contains the commands of %j', (keys, commands) => {
    expect(identity(`[profile dev]\n${keys}`).commands).toEqual(commands);
  });

  it('contains an SSO profile’s account and role', () => {
    expect(identity(`[profile dev]\n${sso}\n${corp}`)).toMatchObject({
      account: '444455556666',
      role: 'Dev',
    });
  });

  it('contains a web identity’s account and role', () => {
    expect(identity(`[profile dev]\n${role('Dev')}\nweb_identity_token_file = /t`)).toMatchObject({
      account: '444455556666',
      role: 'arn:aws:iam::444455556666:role/Dev',
    });
  });

  it.each([
    ['the command', 'credential_process = /bin/creds', 'credential_process = /bin/others'],
    ['the account', `${sso}\n${corp}`, `${sso.replace('4444', '9999')}\n${corp}`],
    ['the start URL', `${sso}\n${corp}`, `${sso}\n${corp.replace('corp.awsapps', 'evil.awsapps')}`],
    [
      'the token’s file',
      `${role('Dev')}\nweb_identity_token_file = /a`,
      `${role('Dev')}\nweb_identity_token_file = /b`,
    ],
  ])('differs, and so does the session, if %s changes', (_, before, after) => {
    const [one, two] = [before, after].map((keys) => `[profile dev]\n${keys}`);
    expect(identity(one ?? '').digest).not.toBe(identity(two ?? '').digest);
    expect(planOf({ config: one ?? '' }).sessionIds).not.toEqual(planOf({ config: two ?? '' }).sessionIds);
  });
});

describe('mfa_process', () => {
  const chain = (own: string, source: string) =>
    `[profile dev]\n${role('Dev')}\n${mfa}\nsource_profile = me\n${own}\n[profile me]\n${source}`;
  it.each([
    ['the role’s own', chain('mfa_process = one', 'mfa_process = two'), 'one'],
    ['its source’s', chain('', 'mfa_process = two'), 'two'],
    ['none', chain('', ''), null],
  ])('%s', (_, config, command) => {
    expect(planOf({ config, stored: ['me'] }).steps.at(-1)).toMatchObject({ mfaProcess: command });
  });

  it('is used for the session that roles share', () => {
    const config = chain('', `mfa_process = two\n${mfa}`);
    expect(planOf({ config, stored: ['me'] }).steps[1]).toMatchObject({
      kind: 'GetSessionToken',
      mfaProcess: 'two',
    });
  });
});
