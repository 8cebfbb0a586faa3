import { closedInspector } from '../system/index.ts';

/** A program and its arguments, for `spawn`. */
type Words = [program: string, args: readonly string[]];

/** Starts our own Node with these words: no core dump, which could hold a secret, and no inspector. */
export function ownNode(...words: readonly string[]): Words {
  return ['/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', process.execPath, closedInspector, ...words]];
}
