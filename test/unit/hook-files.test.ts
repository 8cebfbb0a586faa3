import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookFiles } from '../../src/shell/hook-files.ts';
import { sentStates, stateTable } from '../../src/shell/index.ts';

describe('hook-files', () => {
  it.each(hookFiles(join(import.meta.dirname, '../..')))(
    'has generated $path from the tables as they are (npm run generate)',
    ({ path, text }) => {
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});

describe('the table of states', () => {
  it('has a separate reason and next command for each state that needs one', () => {
    const unhappy = Object.entries(stateTable).filter(([name]) => name !== 'none' && name !== 'loaded');
    for (const [name, { next }] of unhappy) expect(next, name).toMatch(/^(awsh|vi) \S/);
    const meanings = unhappy.map(([, { headline }]) => headline);
    expect(new Set(meanings).size).toBe(unhappy.length);
  });

  it('contains each state that a reply may have', () => {
    for (const state of sentStates) expect(stateTable).toHaveProperty([state]);
  });
});
