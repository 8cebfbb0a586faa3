import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import type { OptionRow } from '../../src/cli/command-row.ts';
import { optionTokens } from '../../src/cli/option-tokens.ts';

const rows: OptionRow[] = [
  { long: 'format', short: 'f', value: 'FORMAT', summary: '' },
  { long: 'region', value: 'REGION', summary: '' },
  { long: 'no-session', short: 'n', summary: '' },
  { long: 'ask', short: 'a', summary: '' },
];

/** What Node's own parser makes of the words. */
function nodesTokens(words: string[]) {
  const options = rows.map(({ long, short, value }) => [
    long,
    { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
  ]);
  const { tokens } = parseArgs({
    args: words,
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.map((token) =>
    token.kind === 'option'
      ? [token.name, token.rawName, token.value]
      : [token.kind, 'value' in token && token.value],
  );
}

const ourTokens = (words: string[]) =>
  optionTokens(words, rows).map((token) =>
    token.kind === 'option'
      ? [token.name, token.rawName, token.value]
      : [token.kind, 'value' in token && token.value],
  );

const words = [
  ...['dev', '-', '--', '', '=', '-=', '--=', '--=x', '---', '-1', 'a b', '-é', '--é=1'],
  ...[
    '--format',
    '--format=json',
    '--format=',
    '--format=a=b',
    '-f',
    '-fjson',
    '-f=json',
    '-nf',
    '-nfjson',
    '-naf',
  ],
  ...[
    '--region',
    '--no-session',
    '--no-session=yes',
    '-n',
    '-a',
    '-an',
    '-nx',
    '-xn',
    '-xf',
    '-n=1',
    '--ask',
  ],
  ...['--unknown', '--unknown=1', '-x', '-xyz', '--no-ask', '--formats', '--for'],
];

it('command lines are split as Node’s own parser splits them', () => {
  for (const first of words) {
    for (const second of words) {
      for (const third of ['dev', '--', '-f', '--region', '--unknown', '-an']) {
        const line = [first, second, third];
        expect(ourTokens(line), JSON.stringify(line)).toEqual(nodesTokens(line));
      }
    }
  }
  for (const line of [[], ...words.map((word) => [word])]) expect(ourTokens(line)).toEqual(nodesTokens(line));
});
