import { describe, expect, it } from 'vitest';
import { awsConfigJson, parseAwsFiles } from '../../src/profiles/index.ts';

/**
 * Lines that botocore, aws-vault (gopkg.in/ini.v1 with its options) and the SDK for JavaScript
 * accept, read as they read them.
 */
function read(config: string, credentials = '') {
  const files = parseAwsFiles({ path: 'config', text: config }, { path: 'credentials', text: credentials });
  const faults = [...files.profiles.values()].filter(({ fault }) => fault !== null);
  return {
    files,
    profiles: JSON.parse(JSON.stringify(awsConfigJson(files).profiles)),
    odd: files.oddLines,
    unusable: faults.map(({ name }) => name),
  };
}

type Row = [what: string, config: string, profiles: object, odd: RegExp[], credentials?: string];

/** An unambiguous line is read, with one warning. */
const clear: Row[] = [
  [
    'indented keys below a header',
    '[profile a]\n    x = 1\n    y = 2\n[profile b]\nx = 3',
    { a: { x: '1', y: '2' }, b: { x: '3' } },
    [/^config:2: an indented key .*\[profile a\]/],
  ],
  [
    'an indented key above one that is not',
    '[profile a]\n  x = 1\ny = 2',
    { a: { x: '1', y: '2' } },
    [/:2:/],
  ],
  ['with tabs', '[profile a]\n\tx = 1\n\ty = 2', { a: { x: '1', y: '2' } }, [/:2:/]],
  ['after a comment', '[profile a]\n# c\n  x = 1\n  ; d\n  y = 2', { a: { x: '1', y: '2' } }, [/:3:/]],
  ['with CRLF', '[profile a]\r\n  x = 1\r\n', { a: { x: '1' } }, [/:2:/]],
  [
    'a nested block among them',
    '[profile a]\n  s3 =\n    x = 1\n  y = 2',
    { a: { s3: { x: '1' }, y: '2' } },
    [/:2:/],
  ],
  [
    'a continuation that is indented further',
    '[profile a]\n  x = 1\n    -2\n  y = 3',
    { a: { x: '1\n-2', y: '3' } },
    [/:2:/],
  ],
  [
    'a file that is indented as a whole',
    '\t[profile a]\n\tx = 1\n\t[profile b]\n\tx = 2',
    { a: { x: '1' }, b: { x: '2' } },
    [/:1: an indented header/, /:2:/, /:3: an indented header/, /:4:/],
  ],
  ['text after the ]', '[profile a] mine\nx = 1', { a: { x: '1' } }, [/:1: text after the \]/]],
  ['a # in a name', '[profile a#b]\nx = 1', { 'a#b': { x: '1' } }, [/:1: a # or ;/, /:1: a name/]],
  ['a : for the =', '[profile a]\nx: 1\ny : 2', { a: { x: '1', y: '2' } }, [/:2: a : /, /:3: a : /]],
  [
    'a : before an = in the value',
    '[profile a]\nendpoint_url:http://h/a=b\ncredential_process: /x --y=z',
    { a: { endpoint_url: 'http://h/a=b', credential_process: '/x --y=z' } },
    [/:2:/, /:3:/],
  ],
  [
    'a name with spaces',
    '[profile a b]\nx = 1',
    { 'a b': { x: '1' } },
    [/:1: a name with spaces and no quotes is read .*\[profile a b\]/],
  ],
  [
    'a name with a no-break space',
    '[profile a\u00a0b]\nx = 1',
    { 'a\u00a0b': { x: '1' } },
    [/:1: a name with .*a no-break space \(or its like\), which looks like a space, is read/],
  ],
  ['a name beyond ASCII', '[profile münchen]\nx = 1', { münchen: { x: '1' } }, [/:1: /]],
  [
    'a name with other signs',
    '[profile a!b]\nx = 1',
    { 'a!b': { x: '1' } },
    [/:1: a name with characters that not every SDK reads is/],
  ],
  ['such names in credentials', '', { 'a b': { x: '1' } }, [/^credentials:1: /], '[a b]\nx = 1'],
  [
    'a quoted name and the same without',
    '[profile "a b"]\nx = 1\n[profile a b]\ny = 2',
    { 'a b': { x: '1', y: '2' } },
    [/:3:/],
  ],
  [
    'no-break spaces around key and value',
    '[profile a]\nx\u00a0=\u00a01\u00a0',
    { a: { x: '1' } },
    [/:2: a no-break/],
  ],
  ['no-break spaces for an indent', '[profile a]\n\u00a0x = 1', { a: { x: '1' } }, [/:2:/, /:2:/]],
  [
    'lines before the first section',
    'x = 1\nmine\n[profile a]\ny = 2',
    { a: { y: '2' } },
    [/:1: .*left out$/, /:2: /],
  ],
  [
    'a nested line without =',
    '[profile a]\ns3 =\n  oops\n  x = 1\ny = 2',
    { a: { s3: { x: '1' }, y: '2' } },
    [/:3: .*nested block is left out/],
  ],
  [
    'a byte order mark in front of a later section, and one on a line of its own',
    '[profile a]\nx = 1\n\ufeff[profile b]\nx = 2\n\ufeff\ny = 3',
    { a: { x: '1' }, b: { x: '2', y: '3' } },
    [/^config:3: a byte order mark in the middle .*left out/, /^config:5: a byte order mark/],
  ],
  ['a byte order mark', '\ufeff[profile a]\n  x = 1', { a: { x: '1' } }, [/:2:/]],
];

/** These are an error in one section only. */
const spoilt: [what: string, config: string, unusable: string[], odd: RegExp][] = [
  [
    'a line without =',
    '[profile a]\noops canary\nx = 1\n[profile b]\nx = 1',
    ['a'],
    /^config:2: .*\[profile a\] cannot/,
  ],
  ['no key before the =', '[profile a]\n= canary\n[profile b]\nx = 1', ['a'], /:2: there is no key/],
  ['a header without its ]', '[profile a\nx = 1\n[profile b]\nx = 1', ['a'], /:1: .*must end with \]/],
  ['a header whose ] is in a comment', '[profile a # ]\nx = 1\n[profile b]\nx = 1', ['a'], /:1: /],
  ['an indented header below a key', '[profile b]\nx = 1\n  [profile a]\nx = 2', ['a'], /:3: .*disagree/],
  [
    'an invisible character in a key of identity',
    '[profile a]\n\u200brole_arn = x\n[profile b]\nx = 1',
    ['a'],
    /:2: .*invisible/,
  ],
  [
    'a key of identity indented below a value',
    '[profile a]\noutput = json\n  role_arn = x\nsource_profile = b\n[profile b]\nx = 1',
    ['a'],
    /:3: .*below another key: SDKs disagree/,
  ],
  [
    'a key of identity in a nested block',
    '[profile a]\ncli_pager =\n  role_arn = x\n[profile b]\nx = 1',
    ['a'],
    /:3: .*below another key: SDKs disagree/,
  ],
  ['a section in two parts', '[profile a]\nx = 1\n[profile b]\nx = 1\n[profile a]\noops', ['a'], /:6: /],
];

describe('the AWS files, read leniently', () => {
  it.each(clear)('%s', (_, config, profiles, odd, credentials) => {
    const found = read(config, credentials);
    expect(found.profiles).toEqual(profiles);
    expect(found.odd).toEqual(odd.map((pattern) => expect.stringMatching(pattern)));
    expect(found.unusable).toEqual([]);
  });

  it.each(spoilt)('%s makes only that section unusable', (_, config, unusable, odd) => {
    const found = read(config);
    expect(found.unusable).toEqual(unusable);
    expect(found.odd).toEqual([expect.stringMatching(odd)]);
    expect(found.odd.join()).not.toContain('canary');
    expect(found.profiles.b).toEqual({ x: '1' });
  });

  it('keep NUL, other controls and invalid UTF-8 within their section', () => {
    const found = read('[profile a]\nx = \u0000\u001b\ufffd\n[profile b]\nx = 1');
    expect(found).toMatchObject({ unusable: [], odd: [] });
    expect(found.profiles.b).toEqual({ x: '1' });
  });

  it('have no profile with a name that users could not see or type', () => {
    const names = ['a\u001b[31m', 'a\u202eb', "it's", 'a\\b', 'a]b', 'a\u200bb', '\u00a0a', 'x'.repeat(200)];
    for (const name of names.slice(0, -1)) expect(read(`[profile ${name}]\nx = 1`).profiles).toEqual({});
  });

  it('have no section after an invisible character, nor the section above it', () => {
    const found = read('[profile a]\nx = 1\n\u200b[profile b]\ny = 2\n[profile c]\nx = 3');
    expect(found).toMatchObject({ unusable: ['a'], profiles: { a: { x: '1' }, c: { x: '3' } } });
    expect(found.profiles).not.toHaveProperty('b');
    expect(found.odd).toEqual([
      expect.stringMatching(/^config:3: \[\?profile b\] is ignored: the \? is an invisible character/),
      expect.stringMatching(/^config:3: .* in front of a \[section\].*\[profile a\] cannot be used$/),
    ]);
    expect(found.files.ignored.map(({ meant }) => meant)).toEqual(['b']);
  });

  it('report [DEFAULT] in the credentials file, which is no profile', () => {
    const { odd, profiles } = read('[profile a]\nx = 1', '[DEFAULT]\nx = 2');
    expect(profiles).toEqual({ a: { x: '1' } });
    expect(odd).toEqual([expect.stringMatching(/^credentials:1: \[DEFAULT\] is ignored: .*\[default\]$/)]);
  });

  it('report once that [DEFAULT] is not [default]', () => {
    const { odd, files } = read('[DEFAULT]\nrole_arn = x\n[profile a]\nx = 1');
    const line = /^config:1: \[DEFAULT\] is ignored: the AWS CLI gives its keys to every profile/;
    expect(odd).toEqual([expect.stringMatching(line)]);
    expect(files.warnings).toEqual(odd);
  });

  it('report the same for [DEFAULT] in the credentials file', () => {
    const { odd } = read('', '[DEFAULT]\nx = 1\n[a]\nx = 1');
    expect(odd).toEqual([
      expect.stringMatching(
        /^credentials:1: \[DEFAULT\] is ignored: the AWS CLI gives its keys to every profile/,
      ),
    ]);
  });

  it('report an invisible character in a header, and the profile that was meant', () => {
    const { odd, files } = read('[profile\u00a0dev]\nx = 1\n[profile o\u200bps]\nx = 1');
    const line = (at: number, header: string) =>
      `config:${at}: [${header}] is ignored: the ? is an invisible character, such as a no-break space`;
    expect(odd).toEqual([line(1, 'profile?dev'), line(3, 'profile o?ps')]);
    expect(files.ignored.map(({ meant }) => meant)).toEqual(['dev', 'ops']);
  });

  it('tell what an ignored section was meant to be', () => {
    const { files } = read('[dev]\n[Profile ops]\n[plugins]\n[DEFAULT]', '[profile web]');
    expect(files.ignored.map(({ meant, place }) => [meant, place.line])).toEqual([
      ['dev', 1],
      ['ops', 2],
      ['plugins', 3],
      ['default', 4],
      ['web', 1],
    ]);
  });
});
