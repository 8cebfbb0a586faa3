/**
 * Records how long protected profiles may be loaded (`protected = prod max=30m`): one time for all
 * shells, kept in a file.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PlanIdentity, stateOfBox, type TimeBox } from '../sessions/index.ts';
import {
  type AppPaths,
  ensurePrivateDirectory,
  readFileIfThere,
  sha256,
  writeFileAtomic,
} from '../system/index.ts';

type Who = Pick<PlanIdentity, 'profile' | 'account' | 'role'>;

/** A box that cannot be read counts as ended. */
export class OpenBoxes {
  readonly #folders: readonly string[];

  constructor({ runtime, state }: Pick<AppPaths, 'runtime' | 'state'>) {
    this.#folders = [...new Set([runtime, state])].map((folder) => join(folder, 'boxes'));
  }

  /** The box that is open at `now`, in epoch seconds; null if there is none. */
  find(who: Who, now: number): TimeBox | null {
    for (const folder of this.#folders) {
      const box = readBox(join(folder, nameOf(who)), now);
      if (box !== null) return box;
    }
    return null;
  }

  /** If no folder can be written, the next renewal finds no box and asks. */
  keep(who: Who, box: TimeBox, now: number): void {
    for (const folder of this.#folders) {
      try {
        ensurePrivateDirectory(folder);
        for (const name of readdirSync(folder)) {
          const file = join(folder, name);
          if (readBox(file, now) === null) rmSync(file, { force: true });
        }
        writeFileAtomic(join(folder, nameOf(who)), `${JSON.stringify(box)}\n`);
        return;
      } catch {
        // The other folder may be writable.
      }
    }
  }
}

function nameOf({ profile, account, role }: Who): string {
  return sha256(JSON.stringify([profile, account, role]));
}

/** Null also for a box whose end is unknown, because the clock was set back. */
function readBox(file: string, now: number): TimeBox | null {
  try {
    const { seconds, until } = JSON.parse(readFileIfThere(file) ?? 'null');
    const isBox = Number.isInteger(seconds) && Number.isInteger(until);
    return isBox && stateOfBox({ seconds, until }, now) === 'open' ? { seconds, until } : null;
  } catch {
    return null;
  }
}
