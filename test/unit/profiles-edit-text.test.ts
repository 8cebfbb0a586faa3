import { describe, expect, it } from 'vitest';
import {
  type AwsFileKind,
  type AwsFileText,
  addSection,
  hasSection,
  removeKey,
  removeSection,
  setKey,
} from '../../src/profiles/index.ts';

const a = { kind: 'profile', name: 'a' } as const;
const fallback = { kind: 'profile', name: 'default' } as const;

function text(content: string, kind: AwsFileKind = 'config'): AwsFileText {
  return { path: '/home/me/.aws/config', kind, bytes: Buffer.from(content).toString('latin1') };
}

type Case = [what: string, before: string, edit: (text: AwsFileText) => AwsFileText, after: string];

function edits(cases: Case[]): void {
  it.each(cases)('%s', (_, before, edit, after) => {
    expect(Buffer.from(edit(text(before)).bytes, 'latin1').toString()).toBe(after);
  });
}

describe('adding a section', () => {
  const add = (name: string, properties: [string, string][] = [['region', 'eu-west-1']]) => {
    return (to: AwsFileText) => addSection(to, { kind: 'profile', name }, properties);
  };
  edits([
    ['to an empty file', '', add('b'), '[profile b]\nregion = eu-west-1\n'],
    ['after a blank line', '[profile a]\n', add('b'), '[profile a]\n\n[profile b]\nregion = eu-west-1\n'],
    [
      'with one blank line where there is one',
      '[profile a]\n\n',
      add('b', []),
      '[profile a]\n\n[profile b]\n',
    ],
    ['after a last line without its break', '# c', add('b', []), '# c\n\n[profile b]\n'],
    [
      'with CRLF in a file that has it',
      '[profile a]\r\n',
      add('b'),
      '[profile a]\r\n\r\n[profile b]\r\nregion = eu-west-1\r\n',
    ],
    ['after a byte order mark', '\ufeff', add('b', []), '\ufeff[profile b]\n'],
    ['called default', '', add('default', []), '[default]\n'],
    ['with spaces in its name, in quotes', '', add('my profile', []), '[profile "my profile"]\n'],
    ['never twice', '[ profile "b" ] # c\n', add('b'), '[ profile "b" ] # c\n'],
    [
      'never [default] beside [profile default]',
      '[profile default]\n',
      add('default'),
      '[profile default]\n',
    ],
    ['with a value beyond ASCII', '', add('b', [['x', 'é😂']]), '[profile b]\nx = é😂\n'],
    [
      'of another kind',
      '',
      (to) => addSection(to, { kind: 'sso-session', name: 'a' }, []),
      '[sso-session a]\n',
    ],
  ]);

  it('has no prefix in the credentials file', () => {
    expect(addSection(text('', 'credentials'), a, [['x', '1']]).bytes).toBe('[a]\nx = 1\n');
  });

  it('is found again', () => {
    expect(hasSection(text(''), a)).toBe(false);
    expect(hasSection(addSection(text(''), a, []), a)).toBe(true);
  });
});

describe('setting a key', () => {
  const set = (value: string, section: typeof a | typeof fallback = a) => {
    return (to: AwsFileText) => setKey(to, section, 'region', value);
  };
  edits([
    ['in place', '[profile a]\nregion = x\noutput = y\n', set('z'), '[profile a]\nregion = z\noutput = y\n'],
    ['with the spacing it had', '[profile a]\nRegion\t=x', set('z'), '[profile a]\nRegion\t=z'],
    [
      'with the comment it had',
      '[profile a]\nregion = x \t# c = d\n',
      set('z'),
      '[profile a]\nregion = z \t# c = d\n',
    ],
    [
      'where the value is in its comment too',
      '[profile a]\nregion = a # a\n',
      set('b'),
      '[profile a]\nregion = b # a\n',
    ],
    ['that was empty', '[profile a]\nregion =\nx=1', set('z'), '[profile a]\nregion = z\nx=1'],
    ['that was empty, without blanks', '[profile a]\nregion=\nx=1', set('z'), '[profile a]\nregion=z\nx=1'],
    ['that was only a comment', '[profile a]\nregion = # c\n', set('z'), '[profile a]\nregion = z # c\n'],
    ['to nothing', '[profile a]\nregion = x # c\n', set(''), '[profile a]\nregion =  # c\n'],
    [
      'that went on below, keeping comments',
      '[profile a]\nregion = x\n y\n# c\n  # d\n\n z\nx = 1',
      set('z'),
      '[profile a]\nregion = z\n# c\n  # d\n\nx = 1',
    ],
    [
      'that stands there twice, where it counts',
      '[profile a]\nregion = x\n[profile a]\nregion = y\n',
      set('z'),
      '[profile a]\nregion = x\n[profile a]\nregion = z\n',
    ],
    [
      'that is new, at the end of its section',
      '[profile a]\nx = 1\n\n# about b\n[profile b]\n',
      set('z'),
      '[profile a]\nx = 1\nregion = z\n\n# about b\n[profile b]\n',
    ],
    [
      'that is new, below nested lines',
      '[profile a]\ns3 =\n  x = 1\n  # c\n[profile b]',
      set('z'),
      '[profile a]\ns3 =\n  x = 1\n  # c\nregion = z\n[profile b]',
    ],
    [
      'that is new, in an empty section',
      '# c\r\n[profile a]\r\n\r\n',
      set('z'),
      '# c\r\n[profile a]\r\nregion = z\r\n\r\n',
    ],
    [
      'that is new, after a last line without its break',
      '[profile a]',
      set('z'),
      '[profile a]\nregion = z\n',
    ],
    ['in a section that is new', '', set('z'), '[profile a]\nregion = z\n'],
    [
      'not that of a nested property',
      '[profile a]\ns3 =\n region = x\n',
      set('z'),
      '[profile a]\ns3 =\n region = x\nregion = z\n',
    ],
    [
      'of the default that counts',
      '[default]\nregion = x\n[profile default]\nregion = y\n',
      set('z', fallback),
      '[default]\nregion = x\n[profile default]\nregion = z\n',
    ],
    [
      'of [default] where it is the only one',
      '[default]\nregion = x\n',
      set('z', fallback),
      '[default]\nregion = z\n',
    ],
    ['to what it was', '[profile a]\nregion  =  x  # c', set('x'), '[profile a]\nregion  =  x  # c'],
    ['between old Mac line breaks', '[profile a]\rx = 1\r\r', set('z'), '[profile a]\rx = 1\rregion = z\r\r'],
  ]);
});

describe('removing a key', () => {
  const remove = (to: AwsFileText) => removeKey(to, a, 'x');
  edits([
    ['alone', '[profile a]\nx = 1 # c\ny = 2\n', remove, '[profile a]\ny = 2\n'],
    [
      'with what is indented below it',
      '[profile a]\nx =\n y = 1\n  # c\n\n# d\n z = 2\ny = 2\n',
      remove,
      '[profile a]\n\n# d\ny = 2\n',
    ],
    [
      'every time it is there',
      '[profile a]\nX = 1\n[profile a]\nx = 2\nx = 3\n[profile b]\nx = 4',
      remove,
      '[profile a]\n[profile a]\n[profile b]\nx = 4',
    ],
    ['that is not there', '[profile a]\ny = 1\r', remove, '[profile a]\ny = 1\r'],
  ]);
});

describe('removing a section', () => {
  const remove = (to: AwsFileText) => removeSection(to, a);
  edits([
    [
      'with its keys and the blank lines after it',
      '# top\n\n[profile a]\nx = 1\n# in\ny =\n z = 1\n\n\n[profile b]\n',
      remove,
      '# top\n\n[profile b]\n',
    ],
    [
      'but not the comment about the next one',
      '[profile a]\nx = 1\n\n# about b\n[profile b]\n',
      remove,
      '# about b\n[profile b]\n',
    ],
    ['every time it is there', '[profile a]\n[profile b]\n[profile a]\nx = 1', remove, '[profile b]\n'],
    [
      'both kinds of default',
      '[default]\n[profile b]\n[profile default]\n',
      (to) => removeSection(to, fallback),
      '[profile b]\n',
    ],
    [
      'not one of another kind',
      '[sso-session a]\n[services a]\n[a]',
      remove,
      '[sso-session a]\n[services a]\n[a]',
    ],
  ]);
});

describe('an invalid edit', () => {
  it('is refused for a malformed section, with its line', () => {
    expect(() => setKey(text('[profile a]\noops\n'), a, 'x', '1')).toThrow(
      expect.objectContaining({ what: '/home/me/.aws/config:2 is malformed', exitStatus: 2 }),
    );
  });

  it('keeps the odd lines of others, and changes an odd section that is unambiguous', () => {
    const odd = '[profile b]\noops\n[profile a] # c\n  x: 1\n  y = 2\n';
    expect(setKey(text(odd), a, 'x', '3').bytes).toBe(odd.replace('x: 1', 'x: 3'));
    expect(removeSection(text(odd), { kind: 'profile', name: 'b' }).bytes).toBe(odd.slice(17));
    expect(removeKey(text(odd), a, 'y').bytes).toBe(odd.replace('  y = 2\n', ''));
  });

  it('is refused for a property given twice', () => {
    expect(() =>
      addSection(text(''), a, [
        ['x', '1'],
        ['X', '2'],
      ]),
    ).toThrow(expect.objectContaining({ exitStatus: 2 }));
  });

  it('is refused for a name with spaces in the credentials file, which no program reads', () => {
    expect(() => addSection(text('', 'credentials'), { kind: 'profile', name: 'my profile' }, [])).toThrow(
      expect.objectContaining({ exitStatus: 2 }),
    );
  });
});
