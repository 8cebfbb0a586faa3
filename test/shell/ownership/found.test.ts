import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { showFailure } from '../../support/ownership/report.ts';
import { runSequence } from '../../support/ownership/runner.ts';
import { type Setup, setupsOf } from '../../support/ownership/shells.ts';
import type { Sequence } from '../../support/ownership/steps.ts';
import { openWorld, type World } from '../../support/ownership/world.ts';

/* Sequences that the long run found, shortened. */

const exported = (value: string) => ({ value, exported: true });

interface Found extends Sequence {
  tool: Setup['tool'];
  first: Setup['first'];
}

const direnv = { tool: 'direnv', first: 'tool' } as const;
const mise = { tool: 'mise', first: 'awsh' } as const;

const found: Record<string, Found> = {
  "awsh use --auto gives back direnv's profile in a directory that is not allowed": {
    ...direnv,
    start: 'out',
    own: {},
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'tool file', at: 'sub', variant: 'AWS_PROFILE', allow: true },
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'awsh', words: 'use dev' },
      { do: 'awsh', words: 'use --auto' },
    ],
  },
  'what the user types and unsets again beside direnv gives the directory back to awsh': {
    ...direnv,
    start: 'out',
    own: { AWS_PROFILE: exported('mine') },
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'type inside', variables: { AWS_PROFILE: exported('typed') } },
      { do: 'type inside', variables: { AWS_PROFILE: null } },
    ],
  },
  'what direnv gives back when it unloads is no claim': {
    ...direnv,
    start: 'a',
    own: { AWS_ACCESS_KEY_ID: exported('AKIAMINE'), AWS_SECRET_ACCESS_KEY: exported('my secret/+') },
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'tool file', at: 't', variant: 'keys and token', allow: true },
      { do: 'cd', to: 't', how: 'cd and look' },
      { do: 'nested shell' },
      { do: 'direnv deny' },
      { do: 'cd', to: 'a', how: 'cd and look' },
    ],
  },
  "mise's keys and profile stay whole in a shell of awsh exec": {
    ...mise,
    first: 'tool',
    start: 'out',
    own: {},
    before: [
      { do: 'tool file', at: 'a', variant: 'keys and token', allow: true },
      { do: 'tool file', at: 'own', variant: 'AWS_PROFILE', allow: true },
    ],
    steps: [
      { do: 'cd', to: 'own', how: 'cd and look' },
      { do: 'awsh exec', profile: 'dev' },
      { do: 'cd', to: 'out', how: 'cd' },
      { do: 'cd', to: 'own', how: 'cd' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  'mise does not put back a token of awsh beside the keys of the user': {
    ...mise,
    start: 'out',
    own: { AWS_ACCESS_KEY_ID: exported('AKIAMINE'), AWS_SECRET_ACCESS_KEY: exported('my secret/+') },
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'cd', to: 'sub', how: 'pushd' },
      { do: 'cd', to: 'out', how: 'pushd' },
      { do: 'tool file', at: 'a', variant: 'unset keys', allow: true },
      { do: 'cd -' },
      { do: 'nested shell' },
      { do: 'cd -' },
    ],
  },
  'mise does not put back a token that it found when the rc file was read again': {
    ...mise,
    first: 'tool',
    start: 'out',
    own: { AWS_ACCESS_KEY_ID: exported('AKIAMINE'), AWS_SECRET_ACCESS_KEY: exported('my secret/+') },
    before: [
      { do: 'directory file', at: 'a', content: 'dev', allow: false },
      { do: 'tool file', at: 'sub', variant: 'unset keys', allow: true },
    ],
    steps: [{ do: 'cd', to: 'sub', how: 'cd' }, { do: 'source rc' }, { do: 'cd', to: 'out', how: 'pushd' }],
  },
  'a nested shell loads the profile although mise, loaded first, unsets the keys': {
    ...mise,
    first: 'tool',
    start: 'out',
    own: { AWS_ACCESS_KEY_ID: exported('AKIAMINE'), AWS_SECRET_ACCESS_KEY: exported('my secret/+') },
    before: [
      { do: 'directory file', at: 'a', content: 'dev', allow: false },
      { do: 'tool file', at: 'a', variant: 'unset keys', allow: true },
    ],
    steps: [
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'nested shell' },
      { do: 'nested shell' },
      { do: 'cd', to: 'out', how: 'cd' },
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'exit' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  'what the user unsets stays unset, and the directory gets its profile': {
    ...mise,
    start: 'out',
    own: {},
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'cd', to: 'a', how: 'pushd' },
      { do: 'type inside', variables: { AWS_PROFILE: exported('typed') } },
      { do: 'directory file', at: 't', content: 'dev', allow: true },
      { do: 'type inside', variables: { AWS_PROFILE: exported('typed') } },
      { do: 'type inside', variables: { AWS_PROFILE: null } },
    ],
  },
  "no token of awsh exec stays beside mise's keys": {
    ...mise,
    first: 'tool',
    start: 't',
    own: {},
    before: [],
    steps: [
      { do: 'cd', to: 'a', how: 'cd' },
      { do: 'tool file', at: 'a', variant: 'keys without token', allow: true },
      { do: 'awsh exec', profile: 'ops' },
      { do: 'cd', to: 'out', how: 'cd' },
      { do: 'cd', to: 'a', how: 'cd' },
    ],
  },
  "keys of awsh exec that mise puts back do not stay beside mise's region": {
    ...mise,
    first: 'tool',
    start: 't',
    own: {},
    before: [{ do: 'tool file', at: 'a', variant: 'unset keys', allow: true }],
    steps: [
      { do: 'cd', to: 'a', how: 'cd' },
      { do: 'awsh exec', profile: 'ops' },
      { do: 'tool file', at: 'a', variant: 'AWS_DEFAULT_REGION', allow: true },
      { do: 'cd', to: 'out', how: 'cd' },
      { do: 'cd', to: 'a', how: 'cd' },
    ],
  },
  'direnv gives back in a nested shell what it had unset before': {
    ...direnv,
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
    ...direnv,
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
  "a nested shell of one that is off leaves direnv's keys to direnv": {
    ...direnv,
    start: 't',
    own: {},
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'awsh', words: 'off' },
      { do: 'tool file', at: 'sub', variant: 'keys and token', allow: true },
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'nested shell' },
      { do: 'awsh', words: 'use --auto' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  "direnv's keys that came from a parent shell are no claim once they are gone": {
    ...direnv,
    start: 'a',
    own: {},
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'cd', to: 't', how: 'cd' },
      { do: 'tool file', at: 't', variant: 'keys without token', allow: true },
      { do: 'nested shell' },
      { do: 'cd', to: 'own', how: 'cd' },
      { do: 'nested shell' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  'a pinned profile keeps its region in a nested shell in which mise sets one': {
    ...mise,
    start: 'out',
    own: {},
    before: [],
    steps: [
      { do: 'awsh', words: 'use dev' },
      { do: 'cd', to: 't', how: 'cd' },
      { do: 'tool file', at: 't', variant: 'AWS_REGION', allow: true },
      { do: 'nested shell' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  'what the user sets after mise has unset it is no claim of mise': {
    ...mise,
    start: 't',
    own: { AWS_PROFILE: exported('mine') },
    before: [],
    steps: [
      { do: 'directory file', at: 'a', content: 'ops', allow: false },
      { do: 'cd', to: 'a', how: 'cd' },
      { do: 'tool file', at: 'a', variant: 'unset AWS_PROFILE', allow: true },
      { do: 'own', variables: { AWS_PROFILE: exported('later') } },
    ],
  },
  'mise gives back what it had unset before the shell was there': {
    ...mise,
    first: 'tool',
    start: 't',
    own: { AWS_PROFILE: exported('mine') },
    before: [
      { do: 'directory file', at: 'a', content: 'dev', allow: false },
      { do: 'tool file', at: 't', variant: 'unset AWS_PROFILE', allow: true },
    ],
    steps: [
      { do: 'cd', to: 'a', how: 'cd' },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  'a nested shell of a pinned one takes nothing that mise has left for its own': {
    ...mise,
    first: 'tool',
    start: 'out',
    own: {},
    before: [
      { do: 'tool file', at: 't', variant: 'AWS_PROFILE', allow: true },
      { do: 'tool file', at: 'sub', variant: 'AWS_REGION', allow: true },
    ],
    steps: [
      { do: 'awsh', words: 'use ops' },
      { do: 'cd', to: 't', how: 'cd' },
      { do: 'nested shell' },
      { do: 'cd', to: 'sub', how: 'cd' },
    ],
  },
  'what direnv gives back is no claim, though the user has set another value since': {
    ...direnv,
    start: 't',
    own: { AWS_REGION: exported('sa-east-1') },
    before: [{ do: 'directory file', at: 'b', content: 'ops', allow: false }],
    steps: [
      { do: 'tool file', at: 'a', variant: 'unset AWS_REGION', allow: true },
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'own', variables: { AWS_REGION: exported('eu-north-1') } },
      { do: 'cd', to: 'b', how: 'cd' },
    ],
  },
  'mise unsets what the user has set over a profile of awsh': {
    ...mise,
    start: 'a',
    own: { AWS_PROFILE: exported('mine') },
    before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
    steps: [
      { do: 'type inside', variables: { AWS_PROFILE: exported('typed') } },
      { do: 'cd', to: 'sub', how: 'cd' },
      { do: 'tool file', at: 'sub', variant: 'unset AWS_PROFILE', allow: true },
      { do: 'cd', to: 'out', how: 'cd' },
    ],
  },
  'cd - leads where it did before mise was loaded': {
    ...mise,
    first: 'later',
    start: 't',
    own: {},
    before: [{ do: 'directory file', at: 'b', content: 'ops', allow: false }],
    steps: [{ do: 'cd', to: 'b', how: 'cd' }, { do: 'load tool', how: 'rc file' }, { do: 'cd -' }],
  },
  'a key that mise restores as a shell of exec starts is never half there': {
    ...mise,
    first: 'later',
    start: 'out',
    own: {},
    before: [{ do: 'tool file', at: 't', variant: 'awsh export', allow: true }],
    steps: [
      {
        do: 'own',
        variables: {
          AWS_ACCESS_KEY_ID: exported('AKIALATER'),
          AWS_SECRET_ACCESS_KEY: exported('later secret'),
        },
      },
      { do: 'load tool', how: 'rc file' },
      { do: 'tool file', at: 'sub', variant: 'AWS_PROFILE', allow: true },
      { do: 'cd', to: 't', how: 'cd' },
      { do: 'awsh exec', profile: 'dev' },
      { do: 'cd', to: 'sub', how: 'cd' },
    ],
  },
  ...Object.fromEntries(
    (['tool', 'awsh'] as const).map((first): [string, Found] => [
      `a nested shell leaves no region that mise has found there (${first} first)`,
      {
        ...mise,
        first,
        start: 'a',
        own: {},
        before: [{ do: 'directory file', at: 'a', content: 'dev', allow: false }],
        steps: [
          { do: 'tool file', at: 'a', variant: 'unset AWS_REGION', allow: true },
          { do: 'cd', to: 'own', how: 'cd' },
          { do: 'nested shell' },
          { do: 'cd', to: 'root', how: 'cd' },
        ],
      },
    ]),
  ),
  ...Object.fromEntries(
    (['tool', 'awsh'] as const).map((first): [string, Found] => [
      `a region that direnv has unset is no claim in a nested shell (${first} first)`,
      {
        ...direnv,
        first,
        start: 'out',
        own: { AWS_REGION: exported('sa-east-1') },
        before: [
          { do: 'directory file', at: 'a', content: 'dev', allow: false },
          { do: 'tool file', at: 'own', variant: 'unset AWS_REGION', allow: true },
        ],
        steps: [
          { do: 'cd', to: 'own', how: 'cd' },
          { do: 'nested shell' },
          { do: 'cd', to: 'a', how: 'cd' },
          { do: 'cd', to: 'out', how: 'cd' },
        ],
      },
    ]),
  ),
};

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

describe.each(hookShells)('ownership in %s, in sequences that once failed', (shell) => {
  const tools = new Set(setupsOf(shell).map(({ tool }) => tool));
  const rows = Object.entries(found).filter(([, { tool }]) => tools.has(tool));

  it.each(rows)('%s', { timeout: 60_000 }, async (_, { tool, first, ...sequence }) => {
    const failure = await runSequence(world, { shell, tool, first }, sequence);
    expect(failure === null ? '' : showFailure(failure)).toBe('');
  });
});
