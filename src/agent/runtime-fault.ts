// Why the agent's directory cannot be used: XDG_RUNTIME_DIR may be missing, or another user's, as
// after su and in cron.
import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type AppPaths,
  AwshError,
  checkPrivateDirectory,
  ensurePrivateDirectory,
  explained,
  printable,
} from '../system/index.ts';

type RuntimePaths = Pick<AppPaths, 'runtime' | 'state'>;

/**
 * Null if an agent could keep its state file there, as far as can be checked without creating
 * anything.
 */
export function runtimeFault(paths: RuntimePaths): AwshError | null {
  return faultOf(paths, () => {
    if (existsSync(paths.runtime)) checkPrivateDirectory(paths.runtime);
    const nearest = nearestThere(paths.runtime);
    if (/^\/(proc|sys)(\/|$)/.test(nearest)) throw noDirectory(nearest);
    accessSync(nearest, constants.W_OK | constants.X_OK);
  });
}

/** Creates the directory. Throws an AwshError if that fails, or if the directory is not safe. */
export function requireRuntime(paths: RuntimePaths): void {
  const fault = faultOf(paths, () => ensurePrivateDirectory(paths.runtime));
  if (fault !== null) throw fault;
}

function faultOf({ runtime, state }: RuntimePaths, look: () => void): AwshError | null {
  try {
    look();
    return null;
  } catch (thrown) {
    const error = explained(thrown);
    if (error === null) throw thrown;
    const isUnsafe = thrown instanceof AwshError;
    const why = isUnsafe
      ? `${error.what}: ${error.why}`
      : `its directory ${printable(runtime)} cannot be made or written: ${error.why}`;
    const next = isUnsafe || runtime.startsWith(state) ? error.next : 'unset XDG_RUNTIME_DIR';
    return new AwshError('other', 'the agent cannot run here', why, next);
  }
}

function nearestThere(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    if (lstatSync(at, { throwIfNoEntry: false }) !== undefined || at === dirname(at)) return at;
  }
}

function noDirectory(path: string): Error {
  return Object.assign(new Error('no directory can be made there'), { code: 'ENOENT', path });
}
