import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  blockingVariables,
  clearedVariables,
  isManaged,
  secretVariables,
  settableVariables,
  themeVariables,
} from '../../src/shell/index.ts';
import { hookShells } from '../support/hook-shell.ts';

const hook = (name: string) => join(import.meta.dirname, '../../shell', `awsh.${name}`);

const managed = [...settableVariables, ...themeVariables, ...clearedVariables, ...blockingVariables];
const candidates = [
  ...new Set([...managed, ...secretVariables]),
  ...[
    'AWS_ENDPOINT_URL_STS',
    'AWS_ENDPOINT_URL_S3',
    'AWS_ENDPOINT_URL_',
    'AWS_ENDPOINT_URL_a',
    'AWS_ENDPOINT_URL_X-Y',
  ],
  ...[
    'PATH',
    'HOME',
    'IFS',
    'AWS_VAULT',
    'AWS_CONFIG_FILE',
    'aws_region',
    'AWSH_LOADED',
    'AWSH_SAVED',
    'AWS_REGION_',
    '',
  ],
];

/**
 * Whether the hook, for each candidate, accepts it in a reply, manages it, and keeps its value out
 * of AWSH_SAVED.
 */
const questions = {
  bash: '[[ $__awsh_settable == *" $n "* ]]; echo -n $?; __awsh_managed "$n"; echo -n $?; __awsh_secret "$n"; echo $?',
  fish: 'contains -- "$n" $__awsh_settable; echo -n $status; __awsh_managed "$n"; echo -n $status; contains -- "$n" $__awsh_secret; echo $status',
  zsh: '(($__awsh_settable[(Ie)$n])); echo -n $?; __awsh_managed "$n"; echo -n $?; (($__awsh_secret[(Ie)$n])); echo $?',
};

describe.each(hookShells)('the hook in %s', (name) => {
  it('has the same managed variables as Node', () => {
    const loop =
      name === 'fish'
        ? `for n in $argv; ${questions.fish}; end`
        : `for n in "$@"; do ${questions[name]}; done`;
    const options = { bash: ['--norc', '-i'], zsh: ['-f', '-i'], fish: ['--no-config', '-i'] }[name];
    const args = [
      ...options,
      '-c',
      `source ${hook(name)}; __awsh_load_rest; ${loop}`,
      ...(name === 'fish' ? [] : [name]),
    ];
    const output = execFileSync(name, [...args, ...candidates], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', TERM: 'dumb' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const settable = new Set<string>([...settableVariables, ...themeVariables]);
    const expected = candidates.map((n) => [settable.has(n), isManaged(n), secretVariables.has(n)]);
    const rows = output
      .trim()
      .split('\n')
      .map((line) => [...line].map((status) => status === '0'));
    expect(candidates.map((n, i) => [n, rows[i]])).toEqual(candidates.map((n, i) => [n, expected[i]]));
  });
});
