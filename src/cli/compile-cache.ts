import { join } from 'node:path';
import {
  cachePath,
  directoryFault,
  type Environment,
  isBelowNoHome,
  makePrivateDirectory,
} from '../system/index.ts';

/**
 * Lets Node (22.1 and newer) keep what it compiles, in a folder of the user's own. Never in Node's default one: whoever can
 * write there has his code run here (SECURITY 16).
 */
export function useCompileCache(environment: Environment): void {
  const node: object & { enableCompileCache?: (folder: string) => unknown } =
    process.getBuiltinModule('node:module');
  if (node.enableCompileCache === undefined) return;
  try {
    const cache = cachePath(environment);
    if (isBelowNoHome(cache)) return;
    const folder = join(cache, 'compile');
    // Whoever owned the folder above could put another in its place after the look at it.
    for (const path of [cache, folder]) {
      makePrivateDirectory(path);
      if (directoryFault(path) !== null) return;
    }
    node.enableCompileCache(folder);
  } catch {
    // A read-only home: then without.
  }
}
