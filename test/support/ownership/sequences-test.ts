import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HookShellName, hookShells } from '../hook-shell.ts';
import type { State } from './check.ts';
import { kindOf, shorten, showFailure } from './report.ts';
import { runSequence } from './runner.ts';
import { type Setup, setupName, setupsOf } from './shells.ts';
import { generateSequences, type Sequence, seedOf } from './steps.ts';
import { openWorld, type World } from './world.ts';

const stepsPerShell = Number(process.env.TEST_STEPS ?? 300);
/** The same sequences each time, except in the long run. */
const isLong = process.env.TEST_STEPS !== undefined;
const seed = Number(process.env.TEST_SEED ?? (isLong ? randomInt(2 ** 31) : 31));
const length = 20;
const minutes = 60_000;

const laterSetupsOf = (shell: HookShellName): Setup[] =>
  setupsOf(shell).flatMap((setup) => (setup.first === 'tool' ? [{ ...setup, first: 'later' as const }] : []));

/**
 * The sequence in a shell without the tool, which is loaded later, after one of the steps. It is
 * loaded from the rc file, so that nested shells have it, too, and what it has set is removed.
 */
function loadLater(sequence: Sequence, index: number): Sequence {
  const steps = [...sequence.steps];
  steps.splice(index % 7, 0, { do: 'load tool', how: 'rc file' });
  return { ...sequence, steps };
}

export function testSequences(shell: HookShellName): void {
  describe.skipIf(!hookShells.includes(shell))(`ownership in ${shell}, in generated sequences`, () => {
    let world: World;
    const done = new Map<State, number>();
    beforeAll(async () => {
      world = await openWorld();
    }, minutes);
    afterAll(async () => {
      const counts = [...done].map(([state, count]) => `${state} ${count}`);
      const all = [...done.values()].reduce((sum, count) => sum + count, 0);
      console.log(`${shell}: ${all} steps (${counts.join(', ')}), TEST_SEED=${seed}`);
      await world.close();
    });
    const setups = [...setupsOf(shell), ...(isLong ? laterSetupsOf(shell) : [])].map((setup) => ({
      name: setupName(setup),
      setup,
    }));

    it.each(setups)(
      '$name: nothing of awsh stays outside, and inside all is of one identity',
      { timeout: Math.max(5 * minutes, stepsPerShell * 2000) },
      async ({ name, setup }) => {
        const enough = stepsPerShell / setups.length;
        const sequences = generateSequences(
          Math.ceil(enough / length) * 4,
          length,
          seedOf(seed, `${shell} ${name}`),
        );
        const failures: string[] = [];
        const kinds = new Set<string>();
        let steps = 0;
        const onStep = (state: State) => {
          steps += 1;
          done.set(state, (done.get(state) ?? 0) + 1);
        };
        for (const [index, generated] of sequences.entries()) {
          if (steps >= enough) break;
          const sequence = setup.first === 'later' ? loadLater(generated, index) : generated;
          const failure = await runSequence(world, setup, sequence, { onStep });
          if (failure === null) continue;
          const kind = failure.problems.map(kindOf).join();
          // Only one of each kind is shortened, because that takes many more runs.
          if (kinds.size < 3 && !kinds.has(kind))
            failures.push(showFailure(await shorten(world, failure, 40)));
          else failures.push(`another: ${failure.problems[0]}`);
          kinds.add(kind);
        }
        expect(failures.join('\n\n'), `TEST_SEED=${seed}`).toBe('');
      },
    );
  });
}
