import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HookShellName, hookShells } from '../hook-shell.ts';
import { ownFor, playScenes, scenesOf, startedInside } from './scenes.ts';
import { setupName, setupsOf } from './shells.ts';
import type { Variant } from './steps.ts';
import { openWorld, type World } from './world.ts';

const variants: Variant[] = [
  'keys and token',
  'keys without token',
  'AWS_PROFILE',
  'AWS_REGION',
  'awsh export',
  'dotenv',
];

export function testScenes(shell: HookShellName): void {
  describe.skipIf(!hookShells.includes(shell))(`ownership in ${shell}, in fixed scenes`, () => {
    let world: World;
    let scenes = 0;
    beforeAll(async () => {
      world = await openWorld();
    }, 60_000);
    afterAll(async () => {
      console.log(`${shell}: ${scenes} scenes`);
      await world.close();
    });

    const rows = setupsOf(shell).flatMap((setup) =>
      (setup.tool === 'nothing else' ? (['FOO'] as const) : variants).map((variant) => ({
        name: setupName(setup),
        setup,
        variant,
      })),
    );
    it.each(rows)(
      '$name, which sets $variant: inside of one identity, outside as without awsh',
      { timeout: 180_000 },
      async ({ setup, variant }) => {
        const played = scenesOf(setup, variant);
        const own = ownFor(variant);
        const problems = await playScenes(world, setup, {
          start: 'a',
          own,
          before: startedInside(variant),
          scenes: played,
        });
        scenes += played.length;
        expect(problems.join('\n'), `own variables ${JSON.stringify(own)}`).toBe('');
      },
    );
  });
}
