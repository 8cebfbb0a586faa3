import { SequenceRun } from './runner.ts';
import type { OwnVariables, Setup } from './shells.ts';
import { type FileStep, ownChoices, type Step, showStep, type Variant, variants } from './steps.ts';
import type { Place, World } from './world.ts';

/* Fixed scenes: what a user does in a project that has a directory file and a file of another tool. */

export interface Scene {
  name: string;
  steps: Step[];
}

const cd = (to: Place, how: (Step & { do: 'cd' })['how'] = 'cd'): Step => ({ do: 'cd', to, how });
const file = (variant: Variant | null): Step => ({ do: 'tool file', at: 'a', variant, allow: true });
const type = (line: string): Step => ({ do: 'type', line });

/** Each begins and ends in `out`, except the first, which begins in `a`. */
export function scenesOf({ tool }: Setup, variant: Variant): Scene[] {
  const reload: Step = tool === 'direnv' ? { do: 'direnv reload' } : type('true');
  return [
    { name: 'start the terminal inside', steps: [cd('out')] },
    { name: 'enter and leave', steps: [cd('a'), cd('out')] },
    { name: 'go to a sibling', steps: [cd('sub'), cd('b'), cd('a'), cd('out')] },
    {
      name: 'in one line',
      steps: [cd('a', 'cd and look'), cd('b', 'cd and look'), cd('out', 'cd and look')],
    },
    { name: 'edit inside', steps: [cd('a'), file('FOO'), file(variant), cd('out')] },
    { name: 'reload', steps: [cd('a'), reload, cd('out')] },
    {
      name: 'nested shell',
      steps: [cd('a'), { do: 'nested shell' }, cd('out'), { do: 'exit' }, cd('out')],
    },
    {
      name: 'delete and create inside',
      steps: [cd('a'), file(null), cd('b'), cd('a'), file(variant), cd('out')],
    },
  ];
}

/**
 * The user's own variables for a variant. They differ between variants, and the tool sets some of
 * them, too.
 */
export function ownFor(variant: Variant): OwnVariables {
  return ownChoices[variants.indexOf(variant) % ownChoices.length] ?? {};
}

export const projects: FileStep[] = [
  { do: 'directory file', at: 'a', content: 'dev', allow: false },
  { do: 'directory file', at: 'b', content: 'ops', allow: false },
];

export const startedInside = (variant: Variant): FileStep[] => [
  ...projects,
  { do: 'tool file', at: 'a', variant, allow: true },
];

export interface SceneRun {
  start: Place;
  own: OwnVariables;
  before: FileStep[];
  scenes: Scene[];
}

/**
 * Plays the scenes one after the other in one shell. After a failure it uses a new shell, so that
 * each failure belongs to its own scene. Returns the problems, one a line.
 */
export async function playScenes(
  world: World,
  setup: Setup,
  { scenes, ...start }: SceneRun,
): Promise<string[]> {
  const problems: string[] = [];
  let left = scenes;
  let place = start.start;
  while (left.length > 0) {
    world.reset();
    const run = await SequenceRun.start(world, setup, { ...start, start: place });
    const played = await playUntilFailure(run, left, problems);
    await run.close();
    left = left.slice(played);
    place = 'out';
  }
  return problems;
}

/** Returns the number of scenes played, including a failing one. */
async function playUntilFailure(run: SequenceRun, scenes: Scene[], problems: string[]): Promise<number> {
  const isWrong = (name: string, step: string, found: string[]) => {
    const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
    if (found.length > 0) problems.push(`${name}, ${step}: ${found.at(-1)}${more}`);
    return found.length > 0;
  };
  if (isWrong(scenes[0]?.name ?? '', 'at the start', await run.checkNow())) return 1;
  for (const [at, { name, steps }] of scenes.entries())
    for (const [index, step] of steps.entries())
      if (isWrong(name, `step ${index + 1} (${showStep(step)})`, await run.take(step))) return at + 1;
  return scenes.length;
}
