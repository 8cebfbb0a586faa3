import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { showFailure } from '../../support/ownership/report.ts';
import { runSequence } from '../../support/ownership/runner.ts';
import type { Sequence } from '../../support/ownership/steps.ts';
import { openWorld, type World } from '../../support/ownership/world.ts';

/* Sequences that the long run found, made short. */

const exported = (value: string) => ({ value, exported: true });

const found: Record<string, Sequence> = {
  'direnv gives back in a nested shell what it had unset before': {
    start: 'a',
    own: { AWS_PROFILE: exported('mine') },
    before: [
      { do: 'directory file', at: 'a', content: 'ops', allow: false },
      { do: 'tool file', at: 'a', variant: 'unset AWS_PROFILE', allow: true },
    ],
    steps: [
      { do: 'directory file', at: 'a', content: 'ops', allow: true },
      { do: 'cd', to: 'a', how: 'cd' },
      { do: 'nested shell' },
      { do: 'tool file', at: 'a', variant: null, allow: false },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  "a nested shell of a pinned one leaves direnv's keys to direnv": {
    start: 'a',
    own: {},
    before: [
      { do: 'directory file', at: 'a', content: 'dev', allow: false },
      { do: 'tool file', at: 'a', variant: 'dotenv', allow: true },
    ],
    steps: [
      { do: 'awsh', words: 'use ops' },
      { do: 'nested shell' },
      { do: 'awsh', words: 'use --auto' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
};

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

describe.each(hookShells)('ownership in %s, in sequences that were found', (shell) => {
  it.each(Object.entries(found))('%s', { timeout: 60_000 }, async (_, sequence) => {
    const failure = await runSequence(world, { shell, tool: 'direnv', first: 'tool' }, sequence);
    expect(failure === null ? '' : showFailure(failure)).toBe('');
  });
});
