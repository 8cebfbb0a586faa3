import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const tests = join(import.meta.dirname, '..');
const table = readFileSync(join(tests, 'shell/README.md'), 'utf8');
const rows = [...table.matchAll(/^\| (\d+) \| .*? \| (.*) \| [✓–] \| [✓–] \| [✓–] \|$/gm)];

function fileOf(name: string): string {
  const [, promise, rest] = /^(promise-\d)\/(.*)$/.exec(name) ?? [];
  if (!promise) return join(tests, 'shell', `${name}.test.ts`);
  const folder = readdirSync(join(tests, 'security')).find((each) => each.startsWith(promise));
  return join(tests, 'security', folder ?? promise, `${rest}.test.ts`);
}

/** The file and words of each test in a row. Words refer to the last file named. */
function testsOf(row: string): [string, string][] {
  let file = '';
  const found: [string, string][] = [];
  for (const [, name, words] of row.matchAll(/`([\w/-]+)`|“([^”]+)”/g)) {
    if (name) file = fileOf(name);
    if (words) found.push([file, words]);
  }
  return found;
}

it('the table of pitfalls is complete, and names existing tests', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 35 }, (_, i) => i + 1));
  const missing = rows.flatMap(([, number, row = '']) => {
    const named = testsOf(row);
    expect(named, `row ${number}`).not.toEqual([]);
    return named.filter(([file, words]) => !textOf(file).includes(words));
  });
  expect(missing).toEqual([]);
});

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').replaceAll("\\'", "'") : '');
