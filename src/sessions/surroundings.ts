import { join } from 'node:path';
import { type Environment, homeFolder } from '../system/index.ts';

/**
 * What stands around a run: the process's environment with awsh's own variables taken out, where the home, the programs
 * and the proxies are found. What steers a plan is not read from it (SECURITY 4).
 */
export type Surroundings = Environment;

export function homeOf(surroundings: Surroundings): string {
  return homeFolder(surroundings);
}

/** A path from the config file, `~/` being the home. */
export function expandedPath(path: string, surroundings: Surroundings): string {
  return path.startsWith('~/') ? join(homeOf(surroundings), path.slice(2)) : path;
}
