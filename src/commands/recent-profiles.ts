import { join } from 'node:path';
import { askAgent } from '../agent/index.ts';
import { type AppPaths, ensurePrivateDirectory, readFileIfThere, writeFileAtomic } from '../system/index.ts';

/** More than anybody looks through. */
const most = 100;

/**
 * When a profile was last in use, in epoch seconds, by what the picker noted and by what the agent has given out. Nothing is
 * noted by the hook: a prompt writes no file.
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

/** Notes that the profile was chosen. A folder that cannot be written is no reason to refuse the choice. */
export function noteRecentProfile(paths: AppPaths, profile: string, epochSeconds: number): void {
  try {
    const times = readNotes(paths).set(profile, Math.floor(epochSeconds));
    const newest = [...times].sort((a, b) => b[1] - a[1]).slice(0, most);
    ensurePrivateDirectory(paths.state);
    writeFileAtomic(notesOf(paths), newest.map(([name, time]) => `${time} ${name}\n`).join(''));
  } catch {
    // Then the list is in another order the next time.
  }
}

function notesOf({ state }: AppPaths): string {
  return join(state, 'recent');
}

function readNotes(paths: AppPaths): Map<string, number> {
  const lines = (readFileIfThere(notesOf(paths)) ?? '').matchAll(/^([0-9]{1,12}) (.+)$/gm);
  return new Map([...lines].map(([, time, name]) => [name ?? '', Number(time)]));
}
