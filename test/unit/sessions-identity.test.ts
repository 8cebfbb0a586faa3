import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/sessions/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { awsFiles, inWords, type PlanCase, planOf } from '../support/plans.ts';

const role = (name: string) => `role_arn = arn:aws:iam::444455556666:role/${name}`;
const sso = (account: string) =>
  `sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = ${account}\nsso_role_name = Admin`;
const key = 'aws_access_key_id = AKIAPLAIN00000000000\naws_secret_access_key = s';

/** Every source of identity, in [default]; the keys of `base` are stored. */
const somebody: Record<string, string> = {
  role: `${role('Default')}\nsource_profile = base`,
  source_profile: 'source_profile = base',
  credential_source: `${role('Default')}\ncredential_source = Ec2InstanceMetadata`,
  sso: sso('111111111111'),
  'web identity': `${role('Default')}\nweb_identity_token_file = /run/token`,
  process: 'credential_process = /bin/creds',
  login: 'login_session = arn:aws:iam::111111111111:user/x',
  keys: key,
};

/** Every source of identity for another profile, and the steps that follow. */
const own: Record<string, [text: string, steps: string[]]> = {
  role: [`${role('Own')}\nsource_profile = base`, ['stored-keys base', 'AssumeRole dev 3600']],
  credential_source: ['credential_source = Ec2InstanceMetadata', ['instance dev']],
  sso: [sso('222222222222'), ['GetRoleCredentials dev']],
  'an sso_session': [
    'sso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Own',
    ['GetRoleCredentials dev'],
  ],
  'web identity': [
    `${role('Own')}\nweb_identity_token_file = /run/own`,
    ['AssumeRoleWithWebIdentity dev 3600'],
  ],
  process: ['credential_process = /bin/own', ['process dev']],
  login: ['login_session = arn:aws:iam::222222222222:user/own', ['login dev']],
  keys: [key, ['static-keys dev', 'GetSessionToken dev 3600']],
  'stored keys': ['region = eu-west-1', ['stored-keys dev', 'GetSessionToken dev 3600']],
};

const corp = `[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start`;
/** [default] comes last, so that the numbers of all other lines stay the same. */
const withDefault = (fallback: string, text: string) =>
  `[profile dev]\n${text}\n[profile base]\n${corp}\n[default]\nregion = eu-west-1\n${fallback}`;

describe.each(Object.entries(somebody))('security rule 31: [default] with %s', (_, fallback) => {
  it.each(Object.entries(own))('changes nothing for a profile with its own %s', (name, [text, steps]) => {
    const stored = name === 'stored keys' ? ['base', 'dev'] : ['base'];
    const alone = planOf({ config: withDefault('', text), stored });
    const beside = planOf({ config: withDefault(fallback, text), stored });
    expect(beside.steps.map(inWords)).toEqual(steps);
    expect(beside).toEqual(alone);
  });

  it.each(Object.entries(own))('changes nothing for a source profile with its own %s', (name, [text]) => {
    if (name === 'role') return;
    const chained = `${role('Top')}\nsource_profile = mid\n[profile mid]\n${text}`;
    const stored = name === 'stored keys' ? ['base', 'mid'] : ['base'];
    const plan = planOf({ config: withDefault(fallback, chained), stored });
    expect(plan).toEqual(planOf({ config: withDefault('', chained), stored }));
  });

  it('gives no identity to a profile without one, and the reason tells how it could', () => {
    const plan: PlanCase = { config: withDefault(fallback, 'output = json'), stored: ['base'] };
    const error = errorOf(() => planOf(plan));
    expect(error).toMatchObject({ failure: 'noCredentials', exitStatus: 4 });
    expect(error.why).toContain('include_profile = default');
    expect(error.why).toContain('to store a key of its own instead: awsh add dev');
    expect(error.next).toBe('aws configure set include_profile default --profile dev');
    const followed = withDefault(fallback, 'output = json\ninclude_profile = default');
    const steps = planOf({ ...plan, config: followed }).steps.map(inWords);
    expect(steps.length).toBeGreaterThan(0);
    const asDefault = planOf({ ...plan, profile: 'default' }).steps.map(inWords);
    expect(steps.map((step) => step.split(' ')[0])).toEqual(asDefault.map((step) => step.split(' ')[0]));
  });

  it('gives none to a source profile without one', () => {
    const config = withDefault(fallback, `${role('Top')}\nsource_profile = mid\n[profile mid]`);
    const error = errorOf(() => planOf({ config, stored: ['base'] }));
    expect(error).toMatchObject({
      exitStatus: 4,
      why: expect.stringContaining('include_profile = default'),
    });
  });

  it('is not in what trust records about a profile', () => {
    const text = own.process?.[0] ?? '';
    const digest = (config: string) =>
      identityOf(planOf({ config, stored: ['base'] }), awsFiles(config)).digest;
    expect(digest(withDefault(fallback, text))).toBe(digest(withDefault('', text)));
  });
});

describe('what include_profile gives', () => {
  it('is the whole identity, including the stored key of the included profile', () => {
    const config = '[profile dev]\ninclude_profile = team\n[profile team]\nregion = eu-west-1';
    const plan = planOf({ config, stored: ['team'] });
    expect(plan.steps.map(inWords)).toEqual(['stored-keys team', 'GetSessionToken dev 3600']);
    expect(identityOf(plan, awsFiles(config)).source).toBe('team');
  });

  it('is no second source of credentials in addition to a nearer one', () => {
    const config = `[profile dev]\ncredential_process = /bin/own\ninclude_profile = team\n[profile team]\n${sso('111111111111')}\n${key}`;
    expect(planOf({ config }).steps.map(inWords)).toEqual(['process dev']);
  });

  it('is the missing part of a sign-in, as in aws-vault', () => {
    const config = `[profile dev]\nsso_account_id = 222222222222\nsso_role_name = Dev\ninclude_profile = team\n[profile team]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1`;
    expect(planOf({ config }).steps[0]).toMatchObject({ account: '222222222222', roleName: 'Dev' });
  });

  it('is never half of a key pair', () => {
    const config = `[profile dev]\naws_access_key_id = AKIAPLAIN00000000000\ninclude_profile = team\n[profile team]\n${key}`;
    expect(errorOf(() => planOf({ config }))).toMatchObject({
      exitStatus: 2,
      what: expect.stringContaining('/home/me/.aws/config:2'),
    });
  });
});

describe('identityOf', () => {
  const signedIn = `[profile dev]
sso_session = corp
sso_account_id = 222222222222
sso_role_name = Own
services = local
region = eu-west-1
source_profile = base
${corp}
[services local]
s3 =
  endpoint_url = http://127.0.0.1:9000
  region = eu-west-1
[profile base]
output = json
`;
  const chained = `[profile dev]
${role('Dev')}
source_profile = mid
external_id = xy
[profile mid]
${role('Mid')}
source_profile = base
[profile base]
aws_access_key_id = AKIAPLAIN00000000000
aws_secret_access_key = s
`;
  const digestOf = (config: string) => identityOf(planOf({ config }), awsFiles(config)).digest;

  it.each([
    ['the account', signedIn, ['222222222222', '333333333333']],
    ['the role of a sign-in', signedIn, ['= Own', '= Admin']],
    ['the address of its [sso-session]', signedIn, ['//corp.', '//evil.']],
    ['the region of its [sso-session]', signedIn, ['sso_region = eu-west-1', 'sso_region = us-east-1']],
    ['an endpoint of its [services]', signedIn, [':9000', ':9001']],
    ['the service of an endpoint', signedIn, ['s3 =', 'sts =']],
    ['another setting of a service', signedIn, ['  region = eu-west-1', '  region = eu-west-2']],
    ['a new property', signedIn, ['services =', 'ca_bundle = /tmp/ca.pem\nservices =']],
    ['the role', chained, ['role/Dev', 'role/Admin']],
    ['the role of its source', chained, ['role/Mid', 'role/Admin']],
    ['the key of the last source', chained, ['AKIAPLAIN0', 'AKIAPLAIN1']],
    ['the external id', chained, ['= xy', '= xz']],
    ['the name of its source', chained, [/\bmid\b/g, 'middle']],
  ] as const)('gives another digest for %s', (_, config, [from, to]) => {
    const changed = config.replace(from, to);
    expect(changed).not.toBe(config);
    expect(digestOf(changed)).not.toBe(digestOf(config));
  });

  it.each([
    ['the region', signedIn, ['\nregion = eu-west-1', '\nregion = us-east-1']],
    ['the output format', signedIn, ['output = json\n', 'output = text\n']],
    [
      'the order of lines',
      signedIn,
      [
        'sso_account_id = 222222222222\nsso_role_name = Own',
        'sso_role_name = Own\nsso_account_id = 222222222222',
      ],
    ],
    ['the secret of a key', chained, ['key = s', 'key = renewed']],
    ['a session token beside a key', chained, ['key = s', 'key = s\naws_session_token = t']],
    ['another profile', chained, ['[profile base]', '[profile other]\nregion = eu-west-1\n[profile base]']],
  ] as const)('gives the same digest for %s', (_, config, [from, to]) => {
    const changed = config.replace(from, to);
    expect(changed).not.toBe(config);
    expect(digestOf(changed)).toBe(digestOf(config));
  });

  it('gives another digest for the same lines in another file', () => {
    const files = { ...awsFiles(chained), configPath: '/tmp/config' };
    const plan = planOf({ config: chained });
    expect(identityOf({ ...plan, configPath: '/tmp/config' }, files).digest).not.toBe(digestOf(chained));
  });

  it.each([
    ['a role', chained, '444455556666', 'arn:aws:iam::444455556666:role/Dev', 'base'],
    ['a sign-in', signedIn, '222222222222', 'Own', 'dev'],
    ['a key', `[profile dev]\n${key}`, null, null, 'dev'],
  ])('names the account, the role and the source of %s', (_, config, account, roleName, source) => {
    const found = identityOf(planOf({ config }), awsFiles(config));
    expect(found).toMatchObject({ profile: 'dev', account, role: roleName, source });
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
