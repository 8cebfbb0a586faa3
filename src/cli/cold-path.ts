let isTaken = false;

/*
 * dist/awsh.cjs is small. It loads dist/main.cjs, the whole program, which loads packages from
 * dist/packages-*.cjs when a verb needs them. For `exec`, `export` and `_load` it tries
 * dist/hot-exec.cjs, hot-export.cjs or hot-load.cjs first. The build makes these from the same
 * sources, but replaces every `import()` (except keytar's) with `takeColdPath()`. Code that must not
 * run twice must not come before such a call. Locks and leases are released by their `finally`.
 * Without these files a cached export takes 20 % more processor time (bench/build-pieces.ts).
 */

/**
 * Thrown in a hot-*.cjs if something is needed that it does not contain. main.cjs then runs the
 * command from the beginning, so everything done so far must be repeatable.
 */
export class ColdPath extends Error {
  override readonly name = 'ColdPath';
}

/** The build's replacement for every `import()` in dist/hot-*.cjs. */
export function takeColdPath(): never {
  isTaken = true;
  throw new ColdPath();
}

/**
 * True if main.cjs must run the command, even if an error handler has replaced the ColdPath error.
 */
export function coldPathIsTaken(): boolean {
  return isTaken;
}
