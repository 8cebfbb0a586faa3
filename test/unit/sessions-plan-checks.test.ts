import { describe, expect, it } from 'vitest';
import { settingFaults } from '../../src/sessions/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { awsFiles, type PlanCase, planOf, storedKeys } from '../support/plans.ts';

const roleArn = 'role_arn = arn:aws:iam::444455556666:role/Dev';
const withKey = (line: string): PlanCase => ({
  config: `[profile dev]\n${roleArn}\nsource_profile = me\n${line}\n[profile me]`,
  stored: ['me'],
});
const policy = (size: number) => JSON.stringify({ Statement: 'x'.repeat(size - '{"Statement":""}'.length) });
const tags = (count: number) => Array.from({ length: count }, (_, at) => `t${at}=v`).join(',');

/** A line that AWS would refuse in a call, and the expected error. */
const refused: [line: string, words: RegExp][] = [
  ['role_session_name = ${USER}', /variables are not replaced/],
  ['role_session_name = $USER', /variables are not replaced/],
  ['role_session_name = jane doe', /letters, digits/],
  ['role_session_name = jané', /letters, digits/],
  ['role_session_name = x', /2 to 64 characters, and it has 1/],
  [`role_session_name = ${'x'.repeat(65)}`, /and it has 65/],
  ['role_session_name = "jane"', /quotes/],
  ['external_id = a', /2 to 1224/],
  [`external_id = ${'x'.repeat(1225)}`, /2 to 1224/],
  ['external_id = a b', /letters, digits/],
  ["external_id = 'abc'", /quotes/],
  ['source_identity = j', /2 to 64/],
  [`source_identity = ${'x'.repeat(65)}`, /2 to 64/],
  ['source_identity = jane/doe', /letters, digits/],
  ['source_identity = aws:jane', /letters, digits/],
  ['session_tags = team', /key=value/],
  ['session_tags = =core', /no name/],
  ['session_tags = team=core,Team=web', /twice/],
  ['session_tags = team=core!', /team/],
  ['session_tags = aws:team=core', /aws:/],
  [`session_tags = ${'k'.repeat(129)}=v`, /too long/],
  [`session_tags = k=${'v'.repeat(257)}`, /too long/],
  [`session_tags = ${tags(51)}`, /50 tags/],
  ['transitive_session_tags = a!b', /characters that AWS does not accept/],
  ['policy = {"Version"', /JSON object/],
  ['policy = []', /JSON object/],
  ['policy = arn:aws:iam::aws:policy/ReadOnlyAccess', /JSON object/],
  [`policy = ${policy(2049)}`, /2,048/],
  ['policy = {"a":"日"}', /Latin-1/],
  ['policy_arns = ReadOnlyAccess', /ARN of a policy/],
  [`policy_arns = ${Array(11).fill('arn:aws:iam::aws:policy/X').join(',')}`, /ten/],
  ['mfa_serial = arn:aws:iam::111122223333:u2f/user/jane/key-ABC', /security key.*authenticator app/s],
  ['mfa_serial = arn:aws:iam::111122223333:fido/me', /security key.*authenticator app/s],
  ['mfa_serial = "arn:aws:iam::111122223333:mfa/jane"', /quotes/],
  ['mfa_serial = arn:aws:iam::111122223333:user/jane', /not the ARN of an MFA device/],
  ['transitive_session_tags = a,b\nsession_tags = a=1', /"b" is not one of session_tags/],
  ['mfa_serial = jane', /9 to 256/],
  ['mfa_serial = 12345678', /9 to 256/],
  [`mfa_serial = arn:aws:iam::111122223333:mfa/${'x'.repeat(227)}`, /9 to 256 characters, and it has 257/],
  ['mfa_serial = arn:aws:iam::111122223333:mfa/${USER}', /variables are not replaced/],
  ['duration_seconds = 60', /900/],
  ['duration_seconds = 1h', /number of seconds/],
];

describe('values that AWS would refuse', () => {
  it.each(refused)('%s is found in the plan, with its line', (line, words) => {
    const error = errorOf(() => planOf(withKey(line)));
    expect(error.exitStatus).toBe(2);
    expect(error.what).toContain('/home/me/.aws/config:4');
    expect(`${error.what}\n${error.why}\n${error.next}`).toMatch(words);
  });

  it.each(refused)('%s is among all faults of the profile, and of one that uses it', (line) => {
    const { config } = withKey(line);
    const files = awsFiles(`${config}\n[profile user]\n${roleArn}\nsource_profile = dev`);
    const request = { files, keys: storedKeys('me'), environment: {} };
    const { what } = errorOf(() => planOf(withKey(line)));
    for (const profile of ['dev', 'user'])
      expect(settingFaults({ ...request, profile }).map((fault) => fault.what)).toEqual([what]);
  });

  it.each([
    'role_session_name = jane.doe+x=1,@-_',
    `role_session_name = ${'x'.repeat(64)}`,
    'external_id = a:b/c=d@e.f-g_h,i+j',
    'source_identity = jane@example.com',
    `session_tags = ${tags(50)}`,
    'session_tags = Größe=ü: a/b@c+d-e_f.g,leer=',
    `policy = ${policy(2048)}`,
    'policy = {"Version":"2012-10-17",\n  "Statement":[]}',
    'policy_arns = arn:aws:iam::aws:policy/job-function/ViewOnlyAccess,arn:aws-cn:iam::111122223333:policy/mine',
    'role_session_name = jd',
    'external_id = ab',
    `external_id = ${'x'.repeat(1224)}`,
    'source_identity = jd',
    `source_identity = ${'x'.repeat(64)}`,
    `session_tags = ${'k'.repeat(128)}=${'v'.repeat(256)}`,
    `policy_arns = ${Array(10).fill('arn:aws:iam::aws:policy/X').join(',')}`,
    'mfa_serial = 123456789',
    `mfa_serial = arn:aws:iam::111122223333:mfa/${'x'.repeat(226)}`,
    'mfa_serial = GAHT12345678',
    'mfa_serial = arn:aws:iam::111122223333:mfa/jane',
  ])('%s is accepted', (line) => {
    const plan = withKey(line);
    expect(planOf(plan).steps.at(-1)?.kind).toBe('AssumeRole');
    const request = { files: awsFiles(plan.config), keys: storedKeys('me'), environment: {} };
    expect(settingFaults({ ...request, profile: 'dev' })).toEqual([]);
  });

  it('are found in a variable, by its name', () => {
    const environment = { AWS_ROLE_SESSION_NAME: 'a b' };
    const plan = { ...withKey('region = eu-west-1'), environment };
    expect(errorOf(() => planOf(plan)).what).toMatch(
      /^AWS_ROLE_SESSION_NAME: AWS does not accept this value for role_session_name/,
    );
  });

  it('are found with a web identity, and for a user without a role', () => {
    const config = `[profile dev]\n${roleArn}\nrole_session_name = a b\nweb_identity_token_file = /t`;
    expect(errorOf(() => planOf({ config })).what).toContain('config:3');
    const user = '[profile dev]\nmfa_serial = arn:aws:iam::111122223333:u2f/user/jane/key';
    expect(errorOf(() => planOf({ config: user, stored: ['dev'] })).what).toContain('config:2');
  });

  it('never show an external_id, which may be a secret', () => {
    const error = errorOf(() => planOf(withKey('external_id = canary!')));
    expect(`${error.what}${error.why}`).not.toContain('canary');
  });
});

const key = (id: string, secret: string) =>
  `[dev]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}`;

describe('a key in plain text that AWS never issued', () => {
  it.each([
    ['"AKIAIOSFODNN7EXAMPLE"', 'secret', 2, /quotes/],
    ['“AKIAIOSFODNN7EXAMPLE”', 'secret', 2, /quotes/],
    ['AKIAIOSFODNN7', 'secret', 2, /16 to 128/],
    ['akiaiosfodnn7example', 'secret', 2, /capital letters/],
    ['AKIAIOSFODNN7EXAMPLE,', 'secret', 2, /capital letters/],
    ['AKIAIOSFODNN7EXAMPLE', '"canary"', 3, /quotes/],
    ['AKIAIOSFODNN7EXAMPLE', 'canary canary', 3, /a space/],
  ])('%s with %s is found with its line, and never shown', (id, secret, line, why) => {
    const error = errorOf(() => planOf({ config: '', credentials: key(id, secret) }));
    expect(error).toMatchObject({ exitStatus: 2, why: expect.stringMatching(why) });
    expect(error.what).toContain(`/home/me/.aws/credentials:${line}`);
    expect(`${error.what}${error.why}${error.next}`).not.toContain('canary');
  });

  it('is accepted as an emulator’s own if calls go to one', () => {
    const config = '[profile dev]\nendpoint_url = http://127.0.0.1:4566';
    expect(planOf({ config, credentials: key('test', 'test') }).steps[0]?.kind).toBe('static-keys');
  });
});

const corp = '[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start';
const sso = 'sso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Dev';

/** Each row: a profile with a contradiction, and the lines that the error names. */
const contradictions: [name: string, plan: PlanCase, status: number, lines: number[], words: RegExp][] = [
  [
    'source_profile and credential_source',
    {
      config: `[profile dev]\n${roleArn}\nsource_profile = me\ncredential_source = Environment\n[profile me]`,
    },
    2,
    [3, 4],
    /AWS CLI stops/,
  ],
  [
    'an inline sso_region and the session’s',
    { config: `[profile dev]\n${sso}\nsso_region = us-east-1\n${corp}` },
    2,
    [5, 7],
    /AWS CLI stops/,
  ],
  [
    'an inline sso_start_url and the session’s',
    { config: `[profile dev]\n${sso}\nsso_start_url = https://old.awsapps.com/start\n${corp}` },
    2,
    [5, 8],
    /AWS CLI stops/,
  ],
  [
    'an sso_session that is not there, beside an inline sign-in',
    { config: `[profile dev]\n${sso}\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start` },
    2,
    [2],
    /AWS CLI stops/,
  ],
  [
    'a key id alone',
    { config: '[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE' },
    2,
    [2],
    /AWS CLI stops/,
  ],
  [
    'a secret alone',
    { config: '[profile dev]\naws_secret_access_key = x' },
    2,
    [2],
    /AWS CLI finds no credentials/,
  ],
  [
    'an empty secret',
    { config: '[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key =' },
    2,
    [2, 3],
    /AWS CLI stops/,
  ],
  [
    'a role without a source',
    { config: `[profile dev]\n${roleArn}` },
    4,
    [2],
    /AWS CLI stops.*awsh add dev/s,
  ],
];

describe('contradictory properties', () => {
  it.each(contradictions)('%s', (_, plan, status, lines, words) => {
    const error = errorOf(() => planOf(plan));
    expect(error.exitStatus).toBe(status);
    const text = `${error.what}\n${error.why}\n${error.next}`;
    for (const line of lines) expect(text).toContain(`/home/me/.aws/config:${line}`);
    expect(text).toMatch(words);
  });

  it('with the same value twice are accepted', () => {
    const config = `[profile dev]\n${sso}\nsso_region = eu-west-1\n${corp}`;
    expect(planOf({ config }).steps[0]?.kind).toBe('GetRoleCredentials');
  });

  it('do not include half a key next to a stored one', () => {
    const config = '[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE';
    expect(planOf({ config, stored: ['dev'] }).steps[0]?.kind).toBe('stored-keys');
  });

  it('do not include a sign-in for tokens only next to another source', () => {
    const config = `[profile dev]\nsso_session = corp\ncredential_process = /bin/creds\n${corp}`;
    expect(planOf({ config }).steps[0]?.kind).toBe('process');
  });
});

describe('a malformed section', () => {
  const odd = `[profile dev]\n${roleArn}\nsource_profile me\n[profile me]\n[profile ops]\nsource_profile = dev`;
  it.each(['dev', 'ops'])('stops each profile that uses it, with its name and line: %s', (profile) => {
    const error = errorOf(() => planOf({ config: odd, stored: ['me'], profile }));
    expect(error).toMatchObject({ exitStatus: 2, next: 'vi +3 /home/me/.aws/config' });
    expect(error.what).toBe('profile "dev" cannot be used: /home/me/.aws/config:3 is malformed');
  });

  it('does not stop other profiles', () => {
    expect(planOf({ config: odd, stored: ['me'], profile: 'me' }).steps[0]?.kind).toBe('stored-keys');
  });

  it('is named if it is an [sso-session]', () => {
    const error = errorOf(() => planOf({ config: `[profile dev]\n${sso}\n${corp}\noops` }));
    expect(error.what).toContain('[sso-session corp]');
    expect(error.what).toContain('/home/me/.aws/config:8 is malformed');
  });

  it('is named if it is ignored: [dev] without the word profile', () => {
    const error = errorOf(() => planOf({ config: '[dev]\nregion = eu-west-1\n[profile ops]' }));
    expect(error).toMatchObject({ exitStatus: 3, next: 'vi +1 /home/me/.aws/config' });
    expect(error.why).toMatch(/config:1: \[dev\] is ignored: .*\[profile dev\]/);
  });

  it.each([
    [
      'dev',
      '[profile\u00a0dev]',
      '[profile?dev] is ignored: the ? is an invisible character, and the profile is written [profile dev]',
    ],
    ['a]b', '[profile a]b]', '[profile a]b] is ignored: a name has no ]'],
  ])('is named if it is ignored for a character in its name: %s', (profile, header, why) => {
    const error = errorOf(() => planOf({ config: `${header}\nregion = eu-west-1\n`, profile }));
    expect(error).toMatchObject({ exitStatus: 3, next: 'vi +1 /home/me/.aws/config' });
    expect(error.why).toBe(`/home/me/.aws/config:1: ${why}`);
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
