import { type AppPaths, statIfThere } from '../system/index.ts';
import { stateFile } from './state-file.ts';
import { isNewer } from './version.ts';

/** An installed awsh: its version, and a file of it. */
export interface InstalledAwsh {
  readonly version: string;
  readonly program: string;
}

/**
 * True if the running agent, of version `theirs`, is older than this awsh: by its version, or because
 * awsh was built or installed again with the same version after the agent had started.
 */
export function isOlder(
  paths: Pick<AppPaths, 'runtime'>,
  theirs: string,
  { version, program }: InstalledAwsh,
): boolean {
  if (theirs !== version) return isNewer(version, theirs);
  const [installed, started] = [program, stateFile(paths)].map((file) => statIfThere(file)?.mtimeMs);
  if (installed === undefined || started === undefined) return false;
  // A file with a time in the future would replace each agent by another one.
  return installed > started && installed <= Date.now();
}
