import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPlainKeys, removePlainKeys } from '../../src/moving/index.ts';
import { editableCredentials, readAwsFiles } from '../../src/profiles/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { sample } from '../support/import-homes.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const id = (name: string) => `aws_access_key_id = ${sample(name).id}`;
const secret = (name: string) => `aws_secret_access_key = ${sample(name).secret}`;
const pair = (name: string) => `${id(name)}\n${secret(name)}`;
const end = (name: string) => `\\*{4}${sample(name).id.slice(-4)}`;

function homeWith(credentials: string, config = ''): TemporaryHome & { bytes: () => string } {
  const home = temporaryHome();
  home.write('.aws/credentials', Buffer.from(credentials, 'latin1'));
  if (config !== '') home.write('.aws/config', config);
  return { ...home, bytes: () => readFileSync(join(home.path, '.aws/credentials'), 'latin1') };
}

function find(home: TemporaryHome) {
  const paths = appPaths(home.environment);
  return findPlainKeys(readAwsFiles(paths), new Date(0), home.path);
}

/** Removes what was found, as if all of it were in the vault. */
async function takeOut(home: TemporaryHome, isStored = async () => true) {
  const paths = appPaths(home.environment);
  const { keys } = find(home);
  return removePlainKeys(editableCredentials(paths), readAwsFiles(paths), keys, isStored);
}

const first = sample('first').id.slice(-4);

describe('findPlainKeys', () => {
  it.each([
    ['two sections of one name', `[work]\n${pair('aa')}\n[work]\n${pair('bb')}`, '2 sections have this name'],
    ['two of them, the second without a key', `[work]\n${pair('aa')}\n[work]\nregion = x`, '2 sections have'],
    ['a name spelled two ways', `[work]\n${pair('aa')}\n[ work ]\n${pair('bb')}`, 'sections'],
    [
      'a name with and without a prefix',
      `[work]\n${pair('aa')}\n[profile work]\n${pair('bb')}`,
      'spelled two ways',
    ],
    ['a name in quotes', `[work]\n${pair('aa')}\n["work"]\n${pair('bb')}`, 'spelled two ways'],
    [
      'an id that is there twice',
      `[work]\n${id('aa')}\n${pair('bb')}`,
      'the access key id is in the section 2 times',
    ],
    [
      'a secret that is there twice',
      `[work]\n${pair('aa')}\n${secret('bb')}`,
      'the secret access key is in the section 2',
    ],
    [
      'an id in capitals beside another',
      `[work]\n${id('aa').toUpperCase()}\n${pair('bb')}`,
      'is in the section 2 times',
    ],
    ['an id alone', `[work]\n${id('aa')}`, 'the secret access key is missing'],
    ['a secret alone', `[work]\n${secret('aa')}`, 'the access key id is missing'],
    ['an id in a comment', `[work]\n# ${id('aa')}\n${secret('aa')}`, 'the access key id is missing'],
    ['a value that goes on in an indented line', `[work]\n${pair('aa')}\n  more`, 'an indented line follows'],
    [
      'a comment that is indented below the key',
      `[work]\n${pair('aa')}\n  # mine`,
      'an indented line follows',
    ],
  ])('skips %s', (_, text, why) => {
    const home = homeWith(`[one]\n${pair('one')}\n${text}\n`);
    const { keys, passedOver } = find(home);
    expect(keys.map(({ profile }) => profile)).toEqual(['one']);
    expect(passedOver).toHaveLength(1);
    expect(passedOver[0]).toMatchObject({ name: 'work', matters: true, why: expect.stringContaining(why) });
    expect(passedOver[0]?.next).toMatch(/^vi \+\d+ ~\/\.aws\/credentials$/);
  });

  it.each([
    ['text after its ]', '[profile odd] the old one\nregion = eu-west-1\n'],
    ['a header without ]', '[profile odd\nregion = eu-west-1\n'],
    ['text, and no profile', '[sso-session s] the old one\nsso_region = eu-west-1\n'],
  ])('finds the key above a section without a key and with %s', (_, below) => {
    const home = homeWith('', `[profile good]\n${pair('aa')}\n${below}`);
    const { keys, passedOver } = find(home);
    expect(keys.map(({ profile }) => profile)).toEqual(['good']);
    expect(passedOver).toEqual([]);
  });

  it.each(['[profile odd] the old one', ' [profile odd]'])(
    'leads to the header that is at fault: %s',
    (header) => {
      const home = homeWith('', `[profile good]\n${pair('aa')}\n${header}\n${pair('bb')}\n`);
      const { keys, passedOver } = find(home);
      expect(keys).toEqual([]);
      const next = 'vi +4 ~/.aws/config';
      expect(passedOver).toMatchObject([
        { name: 'good', next, why: expect.stringContaining('do not read line 4 as a [section] line') },
        { name: 'odd', next, why: expect.stringMatching(/^its \[section\] line /) },
      ]);
    },
  );

  it('reports nothing for a [DEFAULT] without a key above a section with text after its ]', () => {
    const home = homeWith('', `[DEFAULT]\nregion = x\n[profile o] text\n${pair('aa')}\n`);
    expect(find(home).passedOver.map(({ name }) => name)).toEqual(['o']);
  });

  it('names both places with their lines and the ends of the ids', () => {
    const home = homeWith(`[work]\n${pair('first')}\n\n[work]\n${pair('second')}\n`);
    const [fault] = find(home).passedOver;
    expect(fault?.why).toMatch(
      new RegExp(
        `~/\\.aws/credentials:1 \\[work\\], key \\*{4}${first} on line 2, .*~/\\.aws/credentials:5 \\[work\\], key ${end('second')} on line 6`,
      ),
    );
    expect(fault?.why).not.toContain(sample('first').secret);
  });

  it('skips a profile with a key in both files', () => {
    const home = homeWith(`[work]\n${pair('aa')}\n`, `[profile work]\n${pair('bb')}\n`);
    const { keys, passedOver } = find(home);
    expect(keys).toEqual([]);
    expect(passedOver[0]?.why).toMatch(/^two files have a key for this profile .*credentials:1.*config:1/);
  });

  it('finds the key of a profile with its settings in the config file', () => {
    const home = homeWith(`[work]\n${pair('work')}\n`, '[profile work]\nregion = eu-west-1\n');
    expect(find(home).keys).toMatchObject([{ profile: 'work', place: '~/.aws/credentials:2' }]);
  });

  it('skips a key that no program looks for', () => {
    const home = homeWith('', `[sso-session work]\n${pair('aa')}\n[dev]\n${pair('bb')}\n`);
    expect(find(home).passedOver.map(({ name }) => name)).toEqual(['sso-session work', 'dev']);
  });

  it('skips sessions, which is not a failure', () => {
    const home = homeWith(`[s]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n${secret('aa')}\n`);
    expect(find(home).passedOver).toMatchObject([{ name: 's', matters: false }]);
  });
});

describe('removePlainKeys', () => {
  it('removes the two lines of a key and leaves every other byte', async () => {
    const rest = [
      '\xef\xbb\xbf# caf\xe9',
      '[work]',
      '',
      'region = x\xff',
      '# mine',
      '[other]',
      'output = json',
    ];
    const [mark, header, blank, ...others] = rest;
    const text = [mark, header, id('work'), blank, secret('work'), ...others].join('\r\n');
    const home = homeWith(text);
    expect(await takeOut(home)).toMatchObject({ removed: [{ profile: 'work' }], left: [] });
    expect(home.bytes()).toBe(rest.join('\r\n'));
  });

  it('keeps the comment after a value, on a line of its own', async () => {
    const home = homeWith(`[work] # header\n${id('work')} # whose\n${secret('work')}\t; old\n`);
    await takeOut(home);
    expect(home.bytes()).toBe('[work] # header\n# whose\n; old\n');
  });

  it('keeps a key that the vault no longer holds', async () => {
    const home = homeWith(`[work]\n${pair('work')}\n`);
    expect(await takeOut(home, async () => false)).toMatchObject({
      removed: [],
      left: [{ profile: 'work' }],
    });
    expect(home.bytes()).toBe(`[work]\n${pair('work')}\n`);
  });

  it.each([
    ['another secret', (text: string) => text.replace(sample('work').secret, sample('new').secret)],
    ['a second section', (text: string) => `${text}[work]\n${pair('new')}\n`],
    ['a session token', (text: string) => `${text}aws_session_token = t\n`],
  ])('keeps a key if the file has %s in the meantime', async (_, change) => {
    const home = homeWith(`[work]\n${pair('work')}\n`);
    const changed = change(home.bytes());
    const { left } = await takeOut(home, async () => {
      writeFileSync(join(home.path, '.aws/credentials'), changed);
      return true;
    });
    expect(left).toHaveLength(1);
    expect(home.bytes()).toBe(changed);
  });

  it('finds a key that another program has moved to other lines', async () => {
    const home = homeWith(`[work]\n${pair('work')}\n`);
    const { removed } = await takeOut(home, async () => {
      writeFileSync(join(home.path, '.aws/credentials'), `[new]\n${pair('new')}\n[work]\n${pair('work')}\n`);
      return true;
    });
    expect(removed).toHaveLength(1);
    expect(home.bytes()).toBe(`[new]\n${pair('new')}\n[work]\n`);
  });

  it('keeps the file’s mode', async () => {
    const home = homeWith(`[work]\n${pair('work')}\n`);
    chmodSync(join(home.path, '.aws/credentials'), 0o640);
    await takeOut(home);
    expect(home.bytes()).toBe('[work]\n');
    expect(statSync(join(home.path, '.aws/credentials')).mode & 0o777).toBe(0o640);
  });
});
