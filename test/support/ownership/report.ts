import { type Failure, runSequence } from './runner.ts';
import { setupName } from './shells.ts';
import { type Sequence, showStep } from './steps.ts';
import type { World } from './world.ts';

/* Shortens a failing sequence, and prints it. */

/** Removes steps as long as the invariant still fails, with at most `tries` more runs. */
export async function shorten(world: World, failure: Failure, tries: number): Promise<Failure> {
  let shortest = failure;
  const kinds = new Set(failure.problems.map(kindOf));
  let left = tries;
  const attempt = async (sequence: Sequence): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    const again = await runSequence(world, failure.setup, sequence);
    const isSame = again?.problems.some((problem) => kinds.has(kindOf(problem))) ?? false;
    if (again !== null && isSame) shortest = again;
    return isSame;
  };
  for (
    let size = Math.ceil(shortest.sequence.steps.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    // The last step is the one that breaks the invariant.
    for (let at = shortest.sequence.steps.length - 1 - size; at > -size && left > 0; ) {
      const { steps } = shortest.sequence;
      const from = Math.max(0, at);
      const without = [...steps.slice(0, from), ...steps.slice(Math.max(0, at + size))];
      await attempt({ ...shortest.sequence, steps: without });
      at = Math.min(at - size, shortest.sequence.steps.length - 1 - size);
    }
  }
  const { before } = shortest.sequence;
  for (const file of before)
    await attempt({
      ...shortest.sequence,
      before: shortest.sequence.before.filter((other) => other !== file),
    });
  await attempt({ ...shortest.sequence, own: {} });
  return shortest;
}

export function showFailure({ setup, sequence, problems }: Failure): string {
  return [
    `${setup.shell}, ${setupName(setup)}; own variables: ${JSON.stringify(sequence.own)}`,
    `before: ${sequence.before.map(showStep).join('; ') || 'no files'}; shell started in ${sequence.start}`,
    ...sequence.steps.map((step, index) => `  ${index + 1}. ${showStep(step)}`),
    ...problems.map((problem) => `  => ${problem}`),
  ].join('\n');
}

/** The kind of this problem, whatever the values are. */
export function kindOf(problem: string): string {
  return problem
    .replace(/"[^"]*"/g, '…')
    .replace(/ by .*?:/, ':')
    .replace(/declared as[\s\S]*/, 'declared otherwise');
}
