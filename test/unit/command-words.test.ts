import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../src/sessions/command-words.ts';

/** Each row: a line and its words; null if only a shell can parse it. */
const rows: [line: string, words: string[] | null][] = [
  ['/opt/bin/creds --profile dev', ['/opt/bin/creds', '--profile', 'dev']],
  ['  creds \t dev  ', ['creds', 'dev']],
  [`"/Applications/My App/creds" 'one two'`, ['/Applications/My App/creds', 'one two']],
  [String.raw`/opt/my\ tools/creds a\"b`, ['/opt/my tools/creds', 'a"b']],
  [`creds ''`, ['creds', '']],
  [`creds a'b c'd"e f"`, ['creds', 'ab cde f']],
  [String.raw`creds "a\"b\\c\d"`, ['creds', String.raw`a"b\c\d`]],
  ['creds --filter key=value', ['creds', '--filter', 'key=value']],
  ["creds '$HOME | *'", ['creds', '$HOME | *']],
  ['creds | jq .', null],
  ['creds $HOME', null],
  ['creds "$HOME"', null],
  ['creds `date`', null],
  ['~/bin/creds', null],
  ['creds *.json', null],
  ['creds 2>/dev/null', null],
  ['AWS_PROFILE=x creds', null],
  ['creds; true', null],
  ['creds "open', null],
  ["creds 'open", null],
  ['creds \\', null],
];

describe('a command line of the config file', () => {
  it.each(rows)('%j', (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it('means the same as in a shell, whenever it is read without one', () => {
    const letters = fc.constantFrom(...`ab ="'\\-/.,:@%+\t`);
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 20 }), (text) => {
        const words = splitCommand(`printf ${text}`);
        if (words === null) return;
        const shown = execFileSync('/bin/sh', ['-c', `show() { printf '%s\\0' "$@"; }; show ${text}`], {
          encoding: 'utf8',
        });
        const expected = words.length === 1 ? [''] : words.slice(1);
        expect(shown.split('\0').slice(0, -1)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
