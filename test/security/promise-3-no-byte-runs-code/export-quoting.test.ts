import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dialects, exportText } from '../../../src/shell/index.ts';
import { Secret } from '../../../src/system/index.ts';
import { has } from '../../support/programs.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const hostile = [
  'plain',
  '',
  ' ',
  "it's",
  "'",
  "''",
  "'; touch pwned; '",
  '$(touch pwned)',
  '`touch pwned`',
  '${HOME}',
  '$HOME',
  '\\',
  "\\'",
  '\\\\',
  '"$(touch pwned)"',
  '!!',
  '~',
  '*',
  'a;touch pwned',
  'a&&touch pwned',
  '#x',
  '-n',
  '%F{red}',
  'ü€𝄞',
  'a=b==',
  '(touch pwned)',
  '{a,b}',
  '<(touch pwned)',
];

const shells = [
  { name: 'bash', args: ['--norc', '--noprofile'] },
  { name: 'zsh', args: ['-f'] },
  { name: 'zsh', args: ['-f', '-o', 'rcquotes', '-o', 'cshjunkiequotes'] },
  { name: 'zsh', args: ['-f', '-o', 'extendedglob', '-o', 'globassign', '-o', 'shwordsplit'] },
  { name: 'fish', args: ['--no-config'] },
] as const;

describe.each(shells)('$name $args', ({ name, args }) => {
  it.skipIf(name !== 'bash' && !has(name)).each(hostile)('takes %j as it is', (value) => {
    const home = temporaryHome();
    const line = dialects[name].set('VALUE', value);
    const script = `${line}\nenv -0`;
    const output = execFileSync(name, [...args, '-c', script], { cwd: home.path, env: home.environment });
    expect(output.toString().split('\0')).toContain(`VALUE=${value}`);
    expect(existsSync(`${home.path}/pwned`)).toBe(false);
  });
});

it('refuses to print a value with a line break', () => {
  const credentials = {
    accessKeyId: 'AKIA\nexport PATH=evil',
    secretAccessKey: new Secret('x'),
    sessionToken: null,
    expiration: null,
    accountId: null,
    arn: null,
  };
  const identity = { profile: 'dev', region: null, endpointUrl: null, variables: {} };
  for (const format of ['env', 'export-env', 'bash', 'fish', 'ini'] as const) {
    expect(() => exportText(format, credentials, identity)).toThrow('control character');
  }
});
