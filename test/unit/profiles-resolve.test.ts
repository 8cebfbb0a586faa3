import { describe, expect, it } from 'vitest';
import { parseAwsFiles, resolveProfile, sourceChain } from '../../src/profiles/index.ts';

function files(config: string, credentials = '') {
  return parseAwsFiles({ path: 'config', text: config }, { path: 'credentials', text: credentials });
}

function resolved(config: string, name: string, credentials = ''): Record<string, string> {
  const { properties } = resolveProfile(files(config, credentials), name);
  return Object.fromEntries([...properties].map(([key, { value }]) => [key, value]));
}

describe('a profile with what it inherits', () => {
  it.each([
    [
      'every setting of [default]',
      '[default]\nregion = r\nmfa_serial = m\n[profile a]\noutput = o',
      { region: 'r', mfa_serial: 'm', output: 'o' },
    ],
    [
      'no external_id of [default]',
      '[default]\nexternal_id = d\n[profile a]\nrole_arn = r\nsource_profile = default',
      { role_arn: 'r', source_profile: 'default' },
    ],
    [
      'the external_id of an included profile',
      '[profile b]\nexternal_id = b\n[profile a]\nrole_arn = r\ninclude_profile = b',
      { external_id: 'b', role_arn: 'r', include_profile: 'b' },
    ],
    ['its own value first', '[default]\nregion = r\n[profile a]\nregion = s', { region: 's' }],
    ['for an empty value', '[default]\nregion = r\n[profile a]\nregion =', { region: 'r' }],
    ['[profile default] as well', '[profile default]\nregion = r\n[profile a]', { region: 'r' }],
    [
      'an included profile, and [default] after it',
      '[default]\nx = d\ny = d\n[profile b]\nx = b\nz = b\n[profile a]\ninclude_profile = b\nz = a',
      { x: 'b', y: 'd', z: 'a', include_profile: 'b' },
    ],
    [
      'an included profile of the included one',
      '[profile c]\nx = c\n[profile b]\ninclude_profile = c\n[profile a]\ninclude_profile = b',
      { x: 'c', include_profile: 'b' },
    ],
    [
      'parent_profile, its old name',
      '[profile b]\nx = b\n[profile a]\nparent_profile = b',
      { x: 'b', parent_profile: 'b' },
    ],
    [
      'include_profile before its old name',
      '[profile b]\nx = b\n[profile c]\nx = c\n[profile a]\nparent_profile = c\ninclude_profile = b',
      { x: 'b', parent_profile: 'c', include_profile: 'b' },
    ],
    [
      '[default] included by name',
      '[default]\nx = d\n[profile a]\ninclude_profile = default',
      { x: 'd', include_profile: 'default' },
    ],
    [
      'what [default] includes',
      '[default]\ninclude_profile = b\n[profile b]\nx = b\n[profile a]\ninclude_profile = default',
      { x: 'b', include_profile: 'default' },
    ],
    ['no source_profile that is itself', '[profile a]\nsource_profile = a\nx = 1', { x: '1' }],
    ['nor one that its own one hides', '[default]\nsource_profile = b\n[profile a]\nsource_profile = a', {}],
    ['nor itself from [default]', '[default]\nsource_profile = a\n[profile a]', {}],
    ['nor another one', '[default]\nsource_profile = b\n[profile a]', {}],
    [
      'nothing from its source_profile',
      '[profile b]\nmfa_serial = m\n[profile a]\nsource_profile = b',
      { source_profile: 'b' },
    ],
  ])('has %s', (_, config, expected) => {
    expect(resolved(config, 'a')).toEqual(expected);
  });

  it('never has the keys or the sign-in of another', () => {
    const keys = 'aws_access_key_id = AKIA\naws_secret_access_key = s\naws_session_token = t\n';
    const config = '[default]\nregion = r\nlogin_session = arn\n[profile a]\noutput = o';
    expect(resolved(config, 'a', `[default]\n${keys}`)).toEqual({ region: 'r', output: 'o' });
    expect(resolved(config, 'default', `[default]\n${keys}`)).toMatchObject({ aws_access_key_id: 'AKIA' });
  });

  it('records the place of each property', () => {
    const { place, properties } = resolveProfile(
      files('[default]\nregion = r\n[profile a]\noutput = o'),
      'a',
    );
    expect(place).toEqual({ file: 'config', line: 3 });
    expect([properties.get('region')?.place.line, properties.get('output')?.place.line]).toEqual([2, 4]);
  });

  it('has no file and line if it exists only as stored keys', () => {
    expect(resolveProfile(files('[default]\nregion = r'), 'stored')).toMatchObject({
      name: 'stored',
      place: null,
    });
  });

  it('refuses a missing include, with its line and a similar name', () => {
    expect(() => resolved('[profile base]\n[profile a]\ninclude_profile = bsae', 'a')).toThrow(
      expect.objectContaining({
        what: 'config:3: there is no profile "bsae" (include_profile of "a")',
        why: 'a similar name: base',
        exitStatus: 2,
      }),
    );
  });

  it.each([
    ['a', 'a -> b -> c -> b', 6],
    ['b', 'b -> c -> b', 6],
  ])('refuses a cycle of includes, from %s', (name, circle, line) => {
    const config =
      '[profile a]\ninclude_profile = b\n[profile b]\ninclude_profile = c\n[profile c]\ninclude_profile = b';
    expect(() => resolved(config, name)).toThrow(
      expect.objectContaining({
        what: `include_profile forms a cycle: ${circle}`,
        why: `the cycle closes at config:${line}`,
        exitStatus: 2,
      }),
    );
  });
});

describe('the chain of source profiles', () => {
  const chain = '[profile a]\nsource_profile = b\n[profile b]\nsource_profile = c\n[profile c]\n';
  const names = (config: string, stored: string[] = []) =>
    sourceChain(files(config), 'a', (name) => stored.includes(name)).map((it) => it.name);

  it.each([
    ['goes to where credentials begin', chain, [], ['a', 'b', 'c']],
    ['ends at a profile with stored keys', chain, ['b'], ['a', 'b']],
    ['ends at the profile itself where it has stored keys', chain, ['a'], ['a']],
    ['takes a source that only has stored keys', '[profile a]\nsource_profile = b', ['b'], ['a', 'b']],
    [
      'takes a circle that stored keys break',
      '[profile a]\nsource_profile = b\n[profile b]\nsource_profile = a',
      ['b'],
      ['a', 'b'],
    ],
    ['takes its own name for none', '[profile a]\nsource_profile = a', [], ['a']],
    ['inherits none from [default]', '[default]\nsource_profile = b\n[profile a]\n[profile b]', [], ['a']],
    [
      'inherits one by include_profile',
      '[profile c]\nsource_profile = b\n[profile a]\ninclude_profile = c\n[profile b]',
      [],
      ['a', 'b'],
    ],
    [
      'ends where the included profile has stored keys',
      '[profile c]\nregion = r\n[profile a]\ninclude_profile = c',
      ['c'],
      ['a'],
    ],
  ])('%s', (_, config, stored, expected) => {
    expect(names(config, stored)).toEqual(expected);
  });

  it('refuses a cycle and shows it', () => {
    expect(() => names('[profile a]\nsource_profile = b\n[profile b]\nsource_profile = a')).toThrow(
      expect.objectContaining({
        what: 'source_profile forms a cycle: a -> b -> a',
        why: 'the cycle closes at config:4',
        exitStatus: 2,
      }),
    );
  });

  it('refuses a missing source instead of using [default]', () => {
    expect(() => names('[default]\nregion = r\n[profile a]\nsource_profile = gone\u202e')).toThrow(
      expect.objectContaining({
        what: 'config:4: there is no profile "gone?" (source_profile of "a")',
        exitStatus: 2,
      }),
    );
  });
});

describe('names similar to that of a missing source', () => {
  const whyOf = (all: ReturnType<typeof files>, name: string) => {
    try {
      sourceChain(all, name);
    } catch (error) {
      return (error as { why?: string }).why;
    }
    return 'no error';
  };
  const config = Array.from({ length: 200 }, (_, at) => `[profile p${at}]\nsource_profile = work${at}x`);

  it('are searched for one hundred names, and cached for the same name', () => {
    const all = files([...config, '[profile again]\nsource_profile = work0x', '[profile work]'].join('\n'));
    const whys = config.map((_, at) => whyOf(all, `p${at}`));
    expect(whys.slice(0, 100)).toEqual(Array(100).fill('a similar name: work'));
    expect(whys.slice(100)).toEqual(Array(100).fill(undefined));
    expect(whyOf(all, 'again')).toBe('a similar name: work');
  });
});
