import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HookShellName, hookShells } from '../../support/hook-shell.ts';
import { playScenes, type Scene, startedInside } from '../../support/ownership/scenes.ts';
import type { OwnVariables } from '../../support/ownership/shells.ts';
import type { Step, Variant } from '../../support/ownership/steps.ts';
import { openWorld, type Place, type World } from '../../support/ownership/world.ts';
import { has } from '../../support/programs.ts';

/*
 * direnv or mise that the user loads long after awsh: typed, or added to the rc file, which is then
 * read again.
 */

const cd = (to: Place): Step => ({ do: 'cd', to, how: 'cd' });
const type = (line: string): Step => ({ do: 'type', line });
const file = (variant: Variant | null): Step => ({ do: 'tool file', at: 'a', variant, allow: true });
const typed: Step = { do: 'load tool', how: 'typed' };
const fromRc: Step = { do: 'load tool', how: 'rc file' };
const nested: Step = { do: 'nested shell' };
const leave: Step[] = [cd('out'), cd('b'), cd('a'), cd('out')];

/** What an rc file may do before it sources the hook. */
const forget: Record<HookShellName, string> = {
  bash: 'PROMPT_COMMAND=true',
  zsh: 'precmd_functions=() chpwd_functions=()',
  fish: 'true',
};

/** The first entry of each list runs each time, and all of them in the long run. */
const isLong = process.env.TEST_STEPS !== undefined;

/** Each in a separate shell, because a shell loads the tool only once. */
const scenes: Scene[] = [
  { name: 'typed inside', steps: [cd('a'), typed, type('true'), ...leave] },
  {
    name: 'below a nested shell',
    steps: [cd('a'), typed, nested, cd('out'), typed, { do: 'exit' }, ...leave],
  },
  { name: 'from the rc file inside', steps: [cd('a'), fromRc, type('true'), ...leave] },
  { name: 'typed outside', steps: [typed, cd('a'), ...leave] },
  { name: 'from the rc file outside', steps: [fromRc, cd('a'), ...leave] },
  { name: 'typed twice', steps: [typed, cd('a'), typed, ...leave, typed, cd('a'), cd('out')] },
  { name: 'from the rc file twice', steps: [fromRc, cd('a'), fromRc, ...leave, fromRc, ...leave] },
  { name: 'typed in a nested shell', steps: [cd('a'), nested, typed, ...leave, { do: 'exit' }, cd('out')] },
  { name: 'edited since', steps: [cd('a'), typed, file('FOO'), file(null), file('AWS_REGION'), ...leave] },
];
const forgotten = (shell: HookShellName): Scene[] => [
  { name: 'forgotten', steps: [cd('a'), type(forget[shell]), fromRc, ...leave, fromRc, cd('a'), cd('out')] },
];
const edited: Step[] = [cd('a'), typed, file('FOO'), file('AWS_DEFAULT_REGION'), ...leave];
const plainRegion = { AWS_REGION: { value: 'sa-east-1', exported: false } };
const ownProfile = { AWS_PROFILE: { value: 'mine', exported: true } };
const ownRegion: Step = {
  do: 'own',
  variables: { AWS_REGION: { value: 'eu-north-1', exported: true } },
};

interface Other {
  name: string;
  tool: 'direnv' | 'mise';
  /** The user's variables before awsh, and what the tool's file does at first. */
  own: OwnVariables;
  variant: Variant;
  steps: Step[];
}
/**
 * The values that the tool finds and restores must be the user's, not those that awsh has loaded.
 */
const others = (
  [
    ['loads another identity', 'direnv', ownProfile, 'awsh export', [cd('a'), typed, cd('out')]],
    [
      'comes to load another identity',
      'direnv',
      {},
      'AWS_REGION',
      [cd('a'), fromRc, file('awsh export'), cd('out')],
    ],
    [
      'does not set what the user has typed',
      'mise',
      {},
      'AWS_REGION',
      [ownRegion, typed, cd('b'), cd('out')],
    ],
    [
      'comes to load another identity',
      'mise',
      {},
      'AWS_REGION',
      [cd('a'), typed, file('awsh export'), cd('out')],
    ],
    [
      'replaces a part of a pinned profile',
      'mise',
      {},
      'AWS_REGION',
      [cd('a'), { do: 'awsh', words: 'use dev' }, typed, { do: 'awsh', words: 'use ops' }, cd('out')],
    ],
    [
      'replaces a part of a pinned profile',
      'direnv',
      {},
      'keys without token',
      [cd('own'), { do: 'awsh', words: 'use dev' }, fromRc, cd('sub'), cd('out')],
    ],
    ['loads another identity', 'mise', ownProfile, 'awsh export', [cd('a'), fromRc, ...leave]],
    ['sets what is not exported', 'direnv', plainRegion, 'AWS_REGION', edited],
    [
      'is loaded in a nested shell',
      'direnv',
      ownProfile,
      'awsh export',
      [cd('a'), nested, typed, cd('sub'), nested, cd('out'), { do: 'exit' }, cd('out'), { do: 'exit' }],
    ],
  ] satisfies [string, Other['tool'], OwnVariables, Variant, Step[]][]
).map(([name, tool, own, variant, steps]): Other => ({ name, tool, own, variant, steps }));
const unloaded: Scene[] = [
  { name: 'unloaded inside', steps: [typed, cd('a'), type('mise deactivate'), type('true'), ...leave] },
  {
    name: 'unloaded, loaded',
    steps: [cd('a'), typed, type('mise deactivate'), typed, type('true'), ...leave],
  },
];

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

async function play(shell: HookShellName, tool: 'direnv' | 'mise', variant: Variant, played: Scene[]) {
  const setup = { shell, tool, first: 'later' } as const;
  const problems: string[] = [];
  for (const scene of played) {
    const start = { start: 'out', own: {}, before: startedInside(variant) } as const;
    problems.push(...(await playScenes(world, setup, { ...start, scenes: [scene] })));
  }
  return problems.join('\n');
}

describe.each(hookShells)('ownership in %s with a tool that is loaded later', (shell) => {
  const rows = (['direnv', 'mise'] as const)
    .filter((tool) => has(tool))
    .flatMap((tool) => (['AWS_REGION', 'dotenv'] as const).map((variant) => ({ tool, variant })))
    .filter(({ tool, variant }) => isLong || (tool === 'direnv') === (variant === 'AWS_REGION'));

  it.each(others.filter(({ tool }) => has(tool)).slice(0, isLong ? undefined : 4))(
    'keeps the user’s values when the file of $tool $name',
    { timeout: 60_000 },
    async ({ name, tool, own, variant, steps }) => {
      const start = { start: 'out', own, before: startedInside(variant) } as const;
      const setup = { shell, tool, first: 'later' } as const;
      const problems = await playScenes(world, setup, { ...start, scenes: [{ name, steps }] });
      expect(problems.join('\n')).toBe('');
    },
  );

  it.each(rows)('leaves nothing behind, $tool with $variant', { timeout: 120_000 }, async (row) => {
    const more = row.tool === 'mise' ? unloaded : forgotten(shell);
    const all = [...scenes.slice(0, 2), ...more, ...scenes.slice(2)].slice(0, isLong ? undefined : 1);
    expect(await play(shell, row.tool, row.variant, all)).toBe('');
  });
});
