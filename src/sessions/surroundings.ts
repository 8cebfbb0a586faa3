import { join } from 'node:path';
import { type Environment, homeFolder } from '../system/index.ts';

/**
 * The process's environment without awsh's own variables: used to find the home directory, programs
 * and proxies. Nothing that determines a plan is read from it (security rule 4).
 */
export type Surroundings = Environment;

export function homeOf(surroundings: Surroundings): string {
  return homeFolder(surroundings);
}

/** A path from the config file, with `~/` replaced by the home directory. */
export function expandedPath(path: string, surroundings: Surroundings): string {
  return path.startsWith('~/') ? join(homeOf(surroundings), path.slice(2)) : path;
}
