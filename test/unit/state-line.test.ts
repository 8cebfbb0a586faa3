import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stateLineInBash, stateLineInZsh } from '../../src/shell/hook-lists.ts';
import { parseStateLine } from '../../src/shell/index.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const hex = '0123456789abcdef'.repeat(4);
const line = ({ port = '1', pid = '1', version = '1.2.3', token = hex, proof = hex, end = '\n' } = {}) =>
  `${port} ${pid} ${version} ${token} ${proof}${end}`;

const good = [
  line(),
  line({ port: '65535', pid: '4194304' }),
  line({ pid: '9'.repeat(10), version: '10.0.0-rc.1+b' }),
  line({ version: 'v'.repeat(40) }),
];
const bad = [
  ...['0', '065', '65536', '99999', '655350', '-1', '1x', '0x10', 'a[$(id)]'].map((port) => line({ port })),
  ...['0', '01', '9'.repeat(11), '-1', '1x', 'x'].map((pid) => line({ pid })),
  ...['v'.repeat(41), '1_2', '1/2', '$x'].map((version) => line({ version })),
  ...[hex.slice(1), `${hex}0`, hex.toUpperCase(), `${hex.slice(1)}g`].flatMap((word) => [
    line({ token: word }),
    line({ proof: word }),
  ]),
  ...['', ' more\n', ` ${'x'.repeat(300)}\n`].map((end) => line({ end })),
  `1 1 1.2.3 ${hex}\n`,
  '\n',
  '',
];

/** Whether a shell accepts each of these lines, by the generated check. */
function takenBy(program: string, script: string, lines: readonly string[]): boolean[] {
  const home = temporaryHome();
  const files = lines.map((_, at) => join(home.path, `line-${at}`));
  for (const [at, text] of lines.entries()) home.write(`line-${at}`, text);
  const answers = execFileSync(program, ['-c', script, program, ...files], { encoding: 'utf8' });
  return answers
    .trim()
    .split('\n')
    .map((answer) => answer === 'yes');
}

const each = 'for file in "$@"; do if check; then echo yes; else echo no; fi; done';
const inBash = stateLineInBash({
  prefix: '',
  read: "IFS=' ' read -r -n 256",
  from: '<"$file"',
  otherwise: 'return',
});
const checks = {
  bash: `check() {\n${inBash.join('\n')}\n}\n${each}`,
  zsh: `zmodload zsh/system\ncheck() {\nlocal line=''\nlocal -a part\nsysread -s 300 line <$file\n${stateLineInZsh.join('\n')}\n}\n${each}`,
};

describe('state-line', () => {
  it('accepts a line of the right form, and no other', () => {
    expect(good.map((text) => parseStateLine(text) !== null)).toEqual(good.map(() => true));
    expect(bad.map((text) => [text, parseStateLine(text)])).toEqual(bad.map((text) => [text, null]));
  });

  it.each((['bash', 'zsh'] as const).filter((name) => name === 'bash' || has(name)))(
    'is checked in %s as in Node',
    (program) => {
      const lines = [...good, ...bad];
      const taken = takenBy(program, checks[program], lines);
      expect(lines.map((text, at) => [text, taken[at]])).toEqual(
        lines.map((text) => [text, parseStateLine(text) !== null]),
      );
    },
  );
});
