import { describe, expect, it } from 'vitest';
import type { Scene } from '../../src/diagnosis/index.ts';
import { checkNamed, faultsBy, sceneIn } from './scenes.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

/**
 * The difference from an installation without a problem, and the expected finding; null if there is
 * none.
 */
export type FindingRow = readonly [
  what: string,
  change: (home: TemporaryHome) => Partial<Scene> | Promise<Partial<Scene>>,
  found: RegExp | null,
];

/** A test for each row, and one that the check reports nothing if there is no problem. */
export function tells(name: string, rows: readonly FindingRow[]): void {
  describe(name, () => {
    it('reports nothing if all is well', async () => {
      expect(await faultsBy(checkNamed(name), sceneIn(temporaryHome()))).toEqual([]);
    });

    it.each(rows)('%s', async (_, change, found) => {
      const home = temporaryHome();
      const faults = await faultsBy(checkNamed(name), sceneIn(home, await change(home)));
      if (found === null) expect(faults).toEqual([]);
      else expect(faults).toEqual([expect.stringMatching(found)]);
    });
  });
}
