import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addProfile, editAwsFile, editableConfig, setKey } from '../../../src/profiles/index.ts';
import { appPaths, UsageError } from '../../../src/system/index.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/**
 * A name or value that broke out of its line would run code: every AWS SDK runs credential_process.
 */
const escapes = '\n[default]\ncredential_process = touch pwned';

function setUp() {
  const home = temporaryHome();
  const path = home.write('.aws/config', '[profile a]\nregion = eu-west-1\n');
  return { config: editableConfig(appPaths(home.environment)), content: () => readFileSync(path, 'utf8') };
}

describe('what must not be written into an AWS file', () => {
  it.each([
    `x]${escapes}`,
    'x]',
    'x\n',
    'x\r',
    'x\u0000',
    'x\u001b[31m',
    'x\u0085y',
    'x\u2028y',
    'x"y',
    "x'y",
    'x#y',
    'x;y',
    '[x',
    ' x',
    'x ',
    'x\ty',
    '',
    'é',
    '$(touch pwned)',
    '`id`',
    'x\\',
  ])('a profile called %j', async (name) => {
    const { config, content } = setUp();
    await expect(addProfile(config, name, {})).rejects.toBeInstanceOf(UsageError);
    expect(content()).toBe('[profile a]\nregion = eu-west-1\n');
  });

  it.each([
    `x${escapes}`,
    'x\r',
    'x\u0000',
    'x\u001b[31m',
    'x\u0085',
    'x\u2028y',
    '\ud800',
    ' x',
    'x\t',
    '# x',
    'x # y',
    'x\t;y',
  ])('the value %j', async (value) => {
    const { config, content } = setUp();
    for (const name of ['a', 'new']) {
      const section = { kind: 'profile', name } as const;
      await expect(
        editAwsFile(config, (text) => setKey(text, section, 'region', value)),
      ).rejects.toBeInstanceOf(UsageError);
    }
    expect(content()).toBe('[profile a]\nregion = eu-west-1\n');
  });

  it.each([`x${escapes}`, 'x = y', '[x', '#x', ' x', '', 'x\u0000'])('the key %j', async (key) => {
    const { config, content } = setUp();
    const section = { kind: 'profile', name: 'a' } as const;
    await expect(editAwsFile(config, (text) => setKey(text, section, key, 'v'))).rejects.toBeInstanceOf(
      UsageError,
    );
    expect(content()).toBe('[profile a]\nregion = eu-west-1\n');
  });

  it('and a refused value reaches the terminal without control characters', async () => {
    const { config } = setUp();
    await expect(addProfile(config, 'x\u001b[31m', {})).rejects.toMatchObject({
      what: '"x?[31m" cannot be a profile\'s name',
    });
  });
});
