import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AwsFileText,
  addSection,
  editAwsFile,
  resolveProfile,
  setKey,
} from '../../src/profiles/index.ts';
import { awsFiles, inWords, planOf } from '../support/plans.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/*
 * The expectations of the AWS CLI's tests of its config writer and of aws-vault's tests of its
 * config reader, rewritten. docs/differences.md counts the cases and explains each difference.
 */
const edited = (before: string, edit: (text: AwsFileText) => AwsFileText) =>
  edit({ path: '/home/me/.aws/config', kind: 'config', bytes: before }).bytes;
const set = (before: string, key: string, value: string, name = 'default') =>
  edited(before, (text) => setKey(text, { kind: 'profile', name }, key, value));

describe('setKey, by the cases of the AWS CLI’s writer', () => {
  it.each<[string, string, [key: string, value: string, name?: string], string]>([
    ['a value', '[default]\na = 1\nb = 1', ['a', 'new'], '[default]\na = new\nb = 1'],
    ['a value with brackets', '[default]\na = o[l]\nb = 1', ['a', 'n[w]'], '[default]\na = n[w]\nb = 1'],
    ['a new key', '[default]\na = 1\nb = 2', ['c', 'n'], '[default]\na = 1\nb = 2\nc = n\n'],
    ['a new key below tight ones', '[default]\na=1\nb=2', ['c', 'n'], '[default]\na=1\nb=2\nc = n\n'],
    [
      'a value in the middle',
      '[profile a]\nx = y\n\n[profile b]\n\nx = y\n[profile c]\nx = y\n',
      ['x', 'n', 'b'],
      '[profile a]\nx = y\n\n[profile b]\n\nx = n\n[profile c]\nx = y\n',
    ],
    [
      'a new key in the middle',
      '[profile a]\nx = y\n\n[profile b]\n\nx = y\n\n[profile c]\nx = y\n',
      ['n', 'n', 'b'],
      '[profile a]\nx = y\n\n[profile b]\n\nx = y\nn = n\n\n[profile c]\nx = y\n',
    ],
    ['a section below an empty line', '\n', ['a', 'v'], '\n[default]\na = v\n'],
    ['no comment', '[default]\n#a = 1\nb = 1\n', ['a', 'n'], '[default]\n#a = 1\nb = 1\na = n\n'],
    [
      'no section in a comment',
      '#[default]\n[default]\nb = 1\n',
      ['a', 'n'],
      '#[default]\n[default]\nb = 1\na = n\n',
    ],
    ['a profile without quotes', '[profile x]\na = 1\n', ['a', 'n', 'x'], '[profile x]\na = n\n'],
    ['a profile in quotes', '[profile "x"]\na = 1\n', ['a', 'n', 'x'], '[profile "x"]\na = n\n'],
    ['a name of two spaces', '[profile "x  y"]\na = 1\n', ['a', 'n', 'x  y'], '[profile "x  y"]\na = n\n'],
    ['an empty section', '[default]\n', ['region', 'x'], '[default]\nregion = x\n'],
    // Different on purpose: a line keeps its spacing, and a blank line separates a new section from
    // the one above.
    ['a tight value, which stays tight', '[default]\na=1\nb=1', ['a', 'n'], '[default]\na=n\nb=1'],
    [
      'a section that is not there',
      '[profile a]\nx = y\n\n\n[other "section"]\n\nx = y\n',
      ['a', 'v'],
      '[profile a]\nx = y\n\n\n[other "section"]\n\nx = y\n\n[default]\na = v\n',
    ],
    [
      'a section below a last line without its break',
      '[a]\nx = y',
      ['a', 'v'],
      '[a]\nx = y\n\n[default]\na = v\n',
    ],
  ])('writes %s', (_, before, change, after) => {
    expect(set(before, ...change)).toBe(after);
  });

  it('creates a missing file as a private one', async () => {
    const home = temporaryHome();
    const path = join(home.path, '.aws', 'config');
    const file = { path, kind: 'config', lock: join(home.path, 'lock') } as const;
    await editAwsFile(file, (text) => setKey(text, { kind: 'profile', name: 'default' }, 'a', 'v'));
    expect(readFileSync(path, 'utf8')).toBe('[default]\na = v\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves nested properties unchanged, and writes none', () => {
    const nested = '[default]\ns3 =\n    other = foo\nec2 = bar\n';
    expect(set(nested, 'region', 'x')).toBe(`${nested}region = x\n`);
    expect(() => set(nested, 's3', '\n  signature_version = s3v4')).toThrow('cannot be written');
  });
});

const example = `[default]
region=us-west-2
output=json
[profile user2]
REGION=us-east-1
[profile withsource]
source_profile=user2
region=us-east-1
[profile withMFA]
source_profile=user2
Role_Arn=arn:aws:iam::445123451344:role/aws_admin
mfa_Serial=arn:aws:iam::123451344100:mfa/blah
Region=us-east-1
duration_seconds=1200
sts_regional_endpoints=legacy
[profile includes]
include_profile=user2
[profile with-sso-session]
sso_session = moon-sso
sso_account_id=123456789012
sso_role_name=Admin
region = eu-west-1 # Different from sso region
[sso-session moon-sso]
sso_start_url = https://d-123456789.example.com/start
sso_region = eu-west-2  # Different from profile region
`;
const role = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}`;

describe('the config file, by the cases of aws-vault', () => {
  it('has the profiles in their order, and properties in any case', () => {
    const files = awsFiles(example);
    expect([...files.profiles.keys()]).toEqual([
      'default',
      'user2',
      'withsource',
      'withMFA',
      'includes',
      'with-sso-session',
    ]);
    const region = (name: string) => resolveProfile(files, name).properties.get('region')?.value;
    expect(['default', 'user2', 'includes', 'with-sso-session'].map(region)).toEqual([
      'us-west-2',
      'us-east-1',
      'us-east-1',
      'eu-west-1',
    ]);
    expect(files.profiles.has('nopenotthere')).toBe(false);
  });

  it('plans a role by all its properties', () => {
    const plan = planOf({ config: example, profile: 'withMFA', stored: ['user2'] });
    expect(plan.steps.at(-1)).toMatchObject({
      roleArn: 'arn:aws:iam::445123451344:role/aws_admin',
      duration: { seconds: 1200 },
      target: { global: true },
    });
    expect(plan.steps.map(inWords)).toContain('AssumeRole withMFA 1200 mfa');
  });

  it('uses the portal of the [sso-session], and the region of the profile', () => {
    const { steps, region } = planOf({ config: example, profile: 'with-sso-session' });
    expect(region).toBe('eu-west-1');
    expect(steps[0]).toMatchObject({
      startUrl: 'https://d-123456789.example.com/start',
      target: { region: 'eu-west-2' },
    });
  });

  it('does not read [DEFAULT] as [default]', () => {
    const files = awsFiles('[DEFAULT]\nregion=us-east-1\n[default]\nregion=us-west-2\n');
    expect(resolveProfile(files, 'default').properties.get('region')?.value).toBe('us-west-2');
  });

  it('reads a profile that names itself as one with its own key', () => {
    const config = '[profile dev]\nsource_profile=dev\n';
    expect(planOf({ config, stored: ['dev'] }).chain).toEqual(['dev']);
  });

  it('takes credentials from the profile that it includes, too', () => {
    const config = '[profile root]\n[profile dev]\ninclude_profile=root\nsource_profile=root\n';
    expect(planOf({ config, stored: ['root'] }).chain).toEqual(['dev', 'root']);
  });

  it('appends a profile below nested properties, with a blank line', () => {
    const nested = '[default]\n\n[profile testing]\nregion=us-west-2\ns3=\n  max_queue_size=1000\n';
    const added = edited(nested, (text) =>
      addSection(text, { kind: 'profile', name: 'llamas' }, [['mfa_serial', 'x']]),
    );
    expect(added).toBe(`${nested}\n[profile llamas]\nmfa_serial = x\n`);
  });

  it('refuses a start URL that differs from the session’s, as the AWS CLI does and aws-vault does not', () => {
    const both = example.replace(
      'sso_role_name',
      'sso_start_url=https://inline.example.com/start\nsso_role_name',
    );
    expect(() => planOf({ config: both, profile: 'with-sso-session' })).toThrow(/sso_start_url/);
  });
});

const tagged = (keys: string, environment: Record<string, string> = {}) => {
  const config = `[profile dev]\n${role('Dev')}\nsource_profile = mid\n${keys}\n[profile mid]\n${role('Mid')}\nsource_profile = base\nsession_tags = m=1\ntransitive_session_tags = m\n[profile base]`;
  const { steps } = planOf({ config, environment, stored: ['base'] });
  return steps.flatMap((step) =>
    step.kind === 'AssumeRole'
      ? [[step.tags.map(({ key, value }) => `${key}=${value}`).join(), step.transitiveTagKeys.join()]]
      : [],
  );
};

describe('session tags, by the cases of aws-vault', () => {
  it.each([
    ['tag1=value1', 'tag1=value1'],
    ['tag2=value2,tag3=value3', 'tag2=value2,tag3=value3'],
    [' tagA = valueA ,  tagB  =  valueB ', 'tagA=valueA,tagB=valueB'],
    ['', ''],
  ])('reads %j', (text, tags) => {
    expect(tagged(`session_tags = ${text}`)[1]?.[0]).toBe(tags);
  });

  it.each(['t=v,', 't=v,u', 't,u=v', 't=v,u,w=x'])('refuses %j, with the line', (text) => {
    expect(() => tagged(`session_tags = ${text}`)).toThrow(
      expect.objectContaining({
        what: expect.stringContaining('config:4: session_tags'),
        why: expect.stringMatching(/^".*" has no =$/),
        next: 'vi +4 /home/me/.aws/config',
      }),
    );
  });

  it.each([
    ['tag1', 'tag1'],
    ['tag2,tag3,tag4', 'tag2,tag3,tag4'],
    [' tagA ,  tagB ', 'tagA,tagB'],
    ['tag1,', 'tag1'],
    [',tagA', 'tagA'],
    ['', ''],
    [',', ''],
  ])('reads the transitive ones of %j', (text, keys) => {
    const tags = 'session_tags = tag1=1,tag2=2,tag3=3,tag4=4,tagA=5,tagB=6';
    expect(tagged(`transitive_session_tags = ${text}\n${tags}`)[1]?.[1]).toBe(keys);
  });

  it('uses those in the environment only for the requested profile', () => {
    const environment = { AWS_SESSION_TAGS: ' e = 1 , f=2', AWS_TRANSITIVE_TAGS: ' e ,f' };
    expect(tagged('session_tags = t=v\ntransitive_session_tags = t', environment)).toEqual([
      ['m=1', 'm'],
      ['e=1,f=2', 'e,f'],
    ]);
  });
});
