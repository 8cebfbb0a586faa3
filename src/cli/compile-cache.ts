import { join } from 'node:path';
import { appPaths, type Environment, ensurePrivateDirectory } from '../system/index.ts';

/**
 * Lets Node (22.1 and newer) keep what it compiles, in a folder of the user's own. Never in Node's default one: whoever can
 * write there has his code run here (SECURITY 16).
 */
export function useCompileCache(environment: Environment): void {
  const node: object & { enableCompileCache?: (folder: string) => unknown } =
    process.getBuiltinModule('node:module');
  if (node.enableCompileCache === undefined) return;
  try {
    const { cache } = appPaths(environment);
    const folder = join(cache, 'compile');
    // Whoever owned the folder above could put another in its place after the look at it.
    ensurePrivateDirectory(cache);
    ensurePrivateDirectory(folder);
    node.enableCompileCache(folder);
  } catch {
    // A read-only home, or a folder that is not ours alone: then without.
  }
}
