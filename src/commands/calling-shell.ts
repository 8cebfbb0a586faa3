import type { Context } from '../cli/index.ts';
import { findDirectoryFile, readDirectoryFile } from '../directory/index.ts';
import { parseShellFacts, type ShellState, shellState, stateRecord } from '../shell/index.ts';
import { AwshError, epochSeconds, isLocked, printable, printablePath } from '../system/index.ts';

/** The state of the shell in which the command was typed, or that runs the script. */
export function callingShell({
  environment,
  clock,
  paths,
}: Pick<Context, 'environment' | 'clock' | 'paths'>): ShellState {
  const now = epochSeconds(new Date(clock.now()));
  const state = shellState(environment, now, parseShellFacts(environment.AWSH_HOOK));
  // Outside of projects the hook loads nothing, so it has no answer that reports the lock.
  return state.state === 'none' && isLocked(paths) ? { ...stateRecord('locked'), since: null } : state;
}

/**
 * The profile that the directory asks for, if a pinned or switched-off shell ignores it; null
 * otherwise. `loaded` is the shell's profile, or null.
 */
export function ignoredDirectory(
  { state }: ShellState,
  loaded: string | null,
  { cwd, paths }: Pick<Context, 'cwd' | 'paths'>,
): string | null {
  if (state !== 'pinned' && state !== 'off') return null;
  try {
    const path = findDirectoryFile(cwd);
    const profile = path === null ? null : readDirectoryFile(path).profile;
    if (path === null || profile === null || (state === 'pinned' && profile === loaded)) return null;
    return `${printablePath(path, paths.home)} asks for ${printable(profile)}, which this shell does not follow`;
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return null;
  }
}
