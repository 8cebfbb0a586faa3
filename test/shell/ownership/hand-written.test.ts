import { describe, expect, it, onTestFinished } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { playScenes, projects, type Scene } from '../../support/ownership/scenes.ts';
import { type Setup, setupName } from '../../support/ownership/shells.ts';
import type { Step } from '../../support/ownership/steps.ts';
import { openWorld, type Place } from '../../support/ownership/world.ts';

const orders = ['tool', 'awsh'] as const;
const exported = (value: string) => ({ value, exported: true });
const own = { AWS_PROFILE: exported('mine'), AWS_REGION: exported('sa-east-1') };
const ownKeys = { AWS_ACCESS_KEY_ID: exported('AKIAMINE'), AWS_SECRET_ACCESS_KEY: exported('my secret') };

const cd = (to: Place): Step => ({ do: 'cd', to, how: 'cd' });
const type = (line: string): Step => ({ do: 'type', line });

/** The tools that are activated in `a`, and deactivated there, outside, or in a sibling. */
const activations: Scene[] = ['', '_keys'].flatMap((kind) => {
  const [on, off] = [type(`activate${kind}`), type(`deactivate${kind}`)];
  return [
    { name: `deactivate${kind} inside`, steps: [cd('a'), on, off, cd('out')] },
    { name: `deactivate${kind} outside`, steps: [cd('a'), on, cd('out'), off, cd('a'), cd('out')] },
    {
      name: `a sibling, and deactivate${kind} outside`,
      steps: [cd('a'), on, cd('b'), cd('out'), off, cd('b'), cd('out')],
    },
    {
      name: `activate${kind}, and a nested shell`,
      steps: [cd('a'), on, { do: 'nested shell' }, cd('out'), { do: 'exit' }, off, cd('out')],
    },
  ];
});

describe.each(hookShells)('ownership in %s with an unknown tool', (shell) => {
  it.each(orders)(
    'activate and deactivate, as in a virtualenv (%s first)',
    { timeout: 120_000 },
    async (first) => {
      const world = await openWorld();
      onTestFinished(() => world.close());
      const setup: Setup = { shell, tool: 'virtualenv', first };
      const problems: string[] = [];
      for (const variables of [{}, own, ownKeys]) {
        const start = { start: 'out', own: variables, before: projects } as const;
        const found = await playScenes(world, setup, { ...start, scenes: activations });
        problems.push(...found.map((line) => `own ${Object.keys(variables)}; ${line}`));
      }
      expect(problems.join('\n'), setupName(setup)).toBe('');
    },
  );
});
