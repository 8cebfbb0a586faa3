import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsConfigJson, parseAwsFiles } from '../../src/profiles/index.ts';
import { UsageError } from '../../src/system/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** The subjects of the 65 shared cases of the AWS SDKs, and what those do not cover. */
function read(config: string, credentials = '') {
  const files = parseAwsFiles(
    { path: '/home/me/.aws/config', text: config },
    { path: '/home/me/.aws/credentials', text: credentials },
    'strict',
  );
  return { files, json: JSON.parse(JSON.stringify(awsConfigJson(files))) };
}

type Case = [subject: string, config: string, profiles: object, credentials?: string];

const cases: Case[] = [
  ['an empty file', '', {}],
  ['a file of blanks and comments', '\n \t\n# one\n; two\n#\n', {}],
  ['a profile without keys', '[profile dev]', { dev: {} }],
  ['several profiles without keys', '[profile dev]\n[profile prod]\n', { dev: {}, prod: {} }],
  ['one key', '[profile dev]\nregion = eu-west-1', { dev: { region: 'eu-west-1' } }],
  ['several keys', '[profile dev]\na = 1\nb = 2\n', { dev: { a: '1', b: '2' } }],
  [
    'several profiles with keys',
    '[profile dev]\na = 1\n[profile prod]\nb = 2',
    { dev: { a: '1' }, prod: { b: '2' } },
  ],
  [
    'blank lines anywhere',
    '\t \n[profile dev]\n\t\n \na = 1\n\t \n[profile prod]\n \t',
    { dev: { a: '1' }, prod: {} },
  ],

  ['every character a name may have', '[profile aZ09-/.%@_:+]', { 'aZ09-/.%@_:+': {} }],
  ['dots in a name', '[profile a.b.c]\nb = 1', { 'a.b.c': { b: '1' } }],
  [
    'a name with other characters is no profile',
    '[profile a!b]\nx = 1\n[profile c]\ny = 2',
    { c: { y: '2' } },
  ],
  ['a name with a space is no profile', '[profile a b]\nx = 1', {}, '[c d]\ny = 1'],
  ['a name in double quotes', '[profile "my profile"]\na = 1', { 'my profile': { a: '1' } }],
  [
    "a name in single quotes, as the AWS CLI's",
    "[profile 'my profile']\na = 1",
    { 'my profile': { a: '1' } },
  ],
  ['a quoted name that needs none', '[profile "dev"]\na = 1', { dev: { a: '1' } }],
  [
    'quotes that do not close, or hold nothing',
    '[profile "dev]\n[profile ""]\n[profile "]\n[profile " a"]',
    {},
  ],
  ['blanks around the name', '[profile \tdev \t]', { dev: {} }],
  ['blanks around prefix and name', '[   profile   dev    ]\na = 1', { dev: { a: '1' } }],
  ['a tab between prefix and name', '[profile\tdev]', { dev: {} }],
  ['blanks around a name in credentials', '', { dev: { a: '1' } }, '[   dev    ]\na = 1'],
  ['no blank between prefix and name', '[profiledev]\na = 1\n[profile b]', { b: {} }],
  ['a section without a name', '[]\na = 1\n[profile]\n[profile ]\n', {}],
  ['a profile called profile, in credentials', '', { profile: { a: '1' } }, '[profile]\na = 1'],
  ['a section of the config file without prefix', '[dev]\na = 1', {}],
  ['a section of the credentials file with prefix', '', {}, '[profile dev]\na = 1'],
  [
    'names an object already has',
    '[profile __proto__]\na = 1\n[profile constructor]\nb = 2',
    JSON.parse('{"__proto__":{"a":"1"},"constructor":{"b":"2"}}'),
  ],
  [
    'and in credentials',
    '',
    JSON.parse('{"__proto__":{"a":"1"},"toString":{"__proto__":"2"}}'),
    '[__proto__]\na = 1\n[toString]\n__proto__ = 2',
  ],

  ['a comment after a header', '[profile a] # x\nr = 1\n[profile b] ; y', { a: { r: '1' }, b: {} }],
  ['a comment touching a header', '[profile a]; x\n[profile b]# y', { a: {}, b: {} }],
  ['a comment after a value', '[profile a]\nx = 1 # one # two\ny = 2\t; two', { a: { x: '1', y: '2' } }],
  ['an empty comment after a value', '[profile a];\nx = 1 ;\n', { a: { x: '1' } }],
  [
    'a sign touching a value is part of it',
    '[profile a]\nx = 1; y\nz = 2# y',
    { a: { x: '1; y', z: '2# y' } },
  ],
  [
    'an SSO start URL',
    '[profile a]\nsso_start_url = https://d-1.awsapps.com/start#/',
    { a: { sso_start_url: 'https://d-1.awsapps.com/start#/' } },
  ],
  ['a comment for a value', '[profile a]\nx = # nothing', { a: { x: '' } }],
  ['an indented comment', '[profile a]\n  # first\nx = 1\n  ; second\ny = 2', { a: { x: '1', y: '2' } }],

  ['= in a value', '[profile a]\nx = 1=2=', { a: { x: '1=2=' } }],
  ['a value beyond ASCII', '[profile a]\nx = 😂 é', { a: { x: '😂 é' } }],
  ['no-break spaces are not blanks', '[profile a]\nx = \u00a01\u00a0', { a: { x: '\u00a01\u00a0' } }],
  [
    'quotes and backslashes are kept',
    '[profile a]\nx = "C:\\\\p q" \\# \'',
    { a: { x: '"C:\\\\p q" \\# \'' } },
  ],
  [
    'values that look like others',
    '[profile a]\nx = true\ny = null\nz = 1\nw[] = 2',
    { a: { x: 'true', y: 'null', z: '1' } },
  ],
  ['blanks around key and value', '[profile a]\nx \t=  \t1 \t', { a: { x: '1' } }],
  ['an empty value', '[profile a]\nx =\ny=', { a: { x: '', y: '' } }],
  ['keys are lower-cased', '[profile a]\nRole_ARN = x', { a: { role_arn: 'x' } }],
  ['every character a key may have', '[profile a]\naZ09-/.%@_:+ = 1', { a: { 'az09-/.%@_:+': '1' } }],
  ['a key with other characters is no key', '[profile a]\nin valid = 1\nx! = 2\ny = 3', { a: { y: '3' } }],

  ['a continued value', '[profile a]\nx = 1\n -2', { a: { x: '1\n-2' } }],
  ['continued twice, with a tab', '[profile a]\nx = 1\n\t-2\n -3', { a: { x: '1\n-2\n-3' } }],
  ['a continuation is trimmed', '[profile a]\nx = 1\n \t -2 \t ', { a: { x: '1\n-2' } }],
  [
    'a continuation keeps what looks like a comment',
    '[profile a]\nx = 1\n -2 # y\n -3 ; z',
    { a: { x: '1\n-2 # y\n-3 ; z' } },
  ],
  [
    'a continuation that looks like a key',
    '[profile a]\nregion = x\n output = json',
    { a: { region: 'x\noutput = json' } },
  ],

  [
    'properties of a property',
    '[profile a]\ns3 =\n x = 1\n y=2 # c\nregion = z',
    { a: { s3: { x: '1', y: '2' }, region: 'z' } },
  ],
  ['an empty one', '[profile a]\ns3 =\n x =', { a: { s3: { x: '' } } }],
  [
    'one with a name that a key may not have',
    '[profile a]\ns3 =\n in valid = 1',
    { a: { s3: { 'in valid': '1' } } },
  ],
  ['blank lines between them', '[profile a]\ns3 =\n x = 1\n\t \n\n y = 2', { a: { s3: { x: '1', y: '2' } } }],
  [
    'names an object already has',
    '[profile a]\ns3 =\n __proto__ = 1',
    { a: { s3: JSON.parse('{"__proto__":"1"}') } },
  ],

  [
    'a section twice',
    '[profile a]\nx = 1\n[profile b]\n[profile a]\ny = 2',
    { a: { x: '1', y: '2' }, b: {} },
  ],
  ['a key twice', '[profile a]\nx = 1\nx = 2', { a: { x: '2' } }],
  ['a key twice in a section twice', '[profile a]\nx = 1\n[profile a]\nx = 2', { a: { x: '2' } }],
  ['a key twice but for case', '[profile a]\nX = 1\n[profile a]\nx = 2', { a: { x: '2' } }],
  ['[profile default] first', '[profile default]\nx = 1\n[default]\ny = 2', { default: { x: '1' } }],
  ['[profile default] last', '[default]\ny = 2\n[profile default]\nx = 1', { default: { x: '1' } }],
  [
    '[profile default] twice',
    '[profile default]\nx = 1\n[default]\ny = 2\n[profile default]\nz = 3',
    { default: { x: '1', z: '3' } },
  ],
  [
    'and with credentials',
    '[default]\ny = 2\n[profile default]\nx = 1',
    { default: { x: '1', k: '3' } },
    '[default]\nk = 3',
  ],
  ['[default] alone', '[default]\nx = 1', { default: { x: '1' } }],
  ['[DEFAULT] is nothing special', '[DEFAULT]\nx = 1\n[profile a]', { a: {} }],

  ['both files', '[profile a]\nx = 1', { a: { x: '1', y: '2' } }, '[a]\ny = 2'],
  ['a key in both files', '[profile a]\nx = 1', { a: { x: '2' } }, '[a]\nx = 2'],

  ['CRLF', '[profile a]\r\nx = 1\r\n y\r\n\r\n# c\r\n', { a: { x: '1\ny' } }],
  ['a lone CR', '[profile a]\rx = 1\r', { a: { x: '1' } }],
  ['a byte order mark', '\ufeff[profile a]\nx = 1', { a: { x: '1' } }],
];

describe('the AWS files, read strictly', () => {
  it.each(cases)('%s', (_, config, profiles, credentials) => {
    expect(read(config, credentials).json.profiles).toEqual(profiles);
  });

  it('have sso-session and services sections only in the config file', () => {
    const config =
      '[sso-session my.org]\nsso_region = x\n[services local]\ns3 =\n endpoint_url = http://h/#a\n';
    expect(read(config, '[sso-session b]\n[services]\nx = 1\n[sso-sessionfoo]').json).toMatchObject({
      profiles: { services: { x: '1' }, 'sso-sessionfoo': {} },
      ssoSessions: { 'my.org': { sso_region: 'x' } },
      services: { local: { s3: { endpoint_url: 'http://h/#a' } } },
    });
  });
});

describe('a malformed file, read strictly', () => {
  it.each([
    ['a key before any section', 1, 'canary = x'],
    ['a continuation before any section', 1, ' canary'],
    ['a header that does not end', 1, '[profile canary'],
    ['a header with its end in a comment', 1, '[profile canary # ]'],
    ['a header with text after it', 2, '[profile a]\n[profile b] canary'],
    ['a key without =', 2, '[profile a]\ncanary : x'],
    ['a key whose = is in a comment', 2, '[profile a]\ncanary # = x'],
    ['no key before the =', 3, '[profile a]\r\nx = 1\r\n= canary'],
    ['a continuation of nothing', 2, '[profile a]\n canary'],
    ['a continuation that a new header cut off', 4, '[profile a]\nx = 1\n[profile a]\n canary'],
    ['a nested line without =', 3, '[profile a]\ns3 =\n canary'],
    ['a nested line without name', 3, '[profile a]\ns3 =\n = canary'],
    ['an indented header', 3, '[profile a]\nx = 1\n [profile canary] # c\ny = 1'],
    ['an error in a section that is ignored', 2, '[other]\ncanary'],
  ])("%s is an error with file and line, without the line's text", (_, line, text) => {
    const error = thrownBy(() => read(text));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ what: `/home/me/.aws/config:${line} is malformed`, exitStatus: 2 });
    expect(Object.values(error as UsageError).join()).not.toContain('canary');
  });

  it('is named if it is the credentials file', () => {
    expect(thrownBy(() => read('', '[a]\noops'))).toMatchObject({
      what: '/home/me/.aws/credentials:2 is malformed',
    });
  });
});

describe('what is kept in addition to the values', () => {
  it('is the place of each property and section', () => {
    const { files } = read('# c\n[profile a]\nx = 1\n[profile a]\n\ny = 2', '[a]\nz = 3');
    const a = files.profiles.get('a');
    expect(a?.place).toEqual({ file: '/home/me/.aws/config', line: 2 });
    expect(
      [...(a?.properties ?? [])].map(([key, { place }]) => [key, place.file.slice(14), place.line]),
    ).toEqual([
      ['x', 'config', 3],
      ['y', 'config', 6],
      ['z', 'credentials', 2],
    ]);
  });

  it('is a nested property as a whole in its value too, so that a comparison of values sees a change', () => {
    const { files } = read('[profile a]\ns3 =\n x = 1\n y = 2');
    expect(files.profiles.get('a')?.properties.get('s3')?.value).toBe('\nx = 1\ny = 2');
  });

  it('is a warning for each ignored part, without a property’s name', () => {
    const { files } = read('[dev\u001b]\nx = 1\n[default]\n[profile default]\nwJalr key = 1', '[a b]');
    expect(files.warnings).toEqual([
      '/home/me/.aws/config:1: [dev?] is ignored: a section here is [default], [profile NAME], [sso-session NAME] or [services NAME]',
      '/home/me/.aws/config:3: [default] is ignored: [profile default] in the same file is used instead',
      '/home/me/.aws/credentials:1: [a b] is ignored: a section here is [NAME]',
      '/home/me/.aws/config:5: a key with characters no AWS SDK knows is ignored',
    ]);
  });
});

/** Cases in which the SDK for JavaScript follows the common grammar, so both read the same. */
describe('compared with the SDK for JavaScript', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/);
  const value = fc.stringMatching(/^[a-zA-Z0-9/+=:#;.]{1,12}$/).filter((it) => !/^[#;]/.test(it));
  const comment = fc.constantFrom('', '', ' # c', '\t; c');
  const property = fc.record({ key: word, value, comment, blanks: fc.constantFrom('', ' ', '\t') });
  const section = fc.record({ name: word, properties: fc.array(property, { minLength: 1, maxLength: 4 }) });

  it('reads the same profiles from plain files', async () => {
    const home = temporaryHome();
    await fc.assert(
      fc.asyncProperty(
        fc.array(section, { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        async (sections, lineBreak) => {
          const render = (header: (name: string) => string) =>
            sections
              .flatMap(({ name, properties }) => [
                `[${header(name)}]`,
                ...properties.map(
                  ({ key, value, comment, blanks }) => `${key}${blanks}=${blanks}${value}${comment}`,
                ),
                '# between',
              ])
              .join(lineBreak);
          const config = render((name) => `profile ${name}`);
          const credentials = render((name) => name);
          const theirs = await loadSharedConfigFiles({
            configFilepath: home.write('config', config),
            filepath: home.write('credentials', credentials),
            ignoreCache: true,
          });
          expect(read(config).json.profiles).toEqual(theirs.configFile);
          expect(read('', credentials).json.profiles).toEqual(theirs.credentialsFile);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}
