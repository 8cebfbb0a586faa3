import { closedInspector } from '../system/index.ts';

/** A program and its arguments, for `spawn`. */
type Words = [program: string, args: readonly string[]];

/**
 * The command that starts our own Node with these words, without core dumps, which could contain a
 * secret, and without an inspector.
 */
export function ownNode(...words: readonly string[]): Words {
  return ['/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', process.execPath, closedInspector, ...words]];
}
