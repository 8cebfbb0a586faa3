import { join } from 'node:path';
import { askAgent } from '../agent/index.ts';
import { type AppPaths, ensurePrivateDirectory, readFileIfThere, writeFileAtomic } from '../system/index.ts';

/** The maximum number of profiles kept; more than users look through. */
const most = 100;

/**
 * When each profile was last used, in epoch seconds, from the picker's notes and the agent's. The
 * hook notes nothing: a prompt writes no file.
 */
export async function recentProfiles(paths: AppPaths): Promise<Map<string, number>> {
  const times = readNotes(paths);
  const reply = await askAgent(paths, 'status');
  for (const [word, value] of reply?.lines ?? []) {
    const [, time, profile] = /^([0-9]{1,12}) (.+)$/.exec(value) ?? [];
    if (word === 'used' && profile !== undefined) {
      times.set(profile, Math.max(times.get(profile) ?? 0, Number(time)));
    }
  }
  return times;
}

/**
 * Notes that the profile was chosen. If the folder cannot be written, the choice still succeeds.
 */
export function noteRecentProfile(paths: AppPaths, profile: string, epochSeconds: number): void {
  try {
    const times = readNotes(paths).set(profile, Math.floor(epochSeconds));
    const newest = [...times].sort((a, b) => b[1] - a[1]).slice(0, most);
    ensurePrivateDirectory(paths.state);
    writeFileAtomic(notesOf(paths), newest.map(([name, time]) => `${time} ${name}\n`).join(''));
  } catch {
    // The next list is then in another order.
  }
}

function notesOf({ state }: AppPaths): string {
  return join(state, 'recent');
}

function readNotes(paths: AppPaths): Map<string, number> {
  const lines = (readFileIfThere(notesOf(paths)) ?? '').matchAll(/^([0-9]{1,12}) (.+)$/gm);
  return new Map([...lines].map(([, time, name]) => [name ?? '', Number(time)]));
}
