let isTaken = false;

/*
 * dist/awsh.cjs is small. It loads dist/main.cjs, which is all of awsh, and that loads packages from dist/packages-*.cjs when a verb
 * needs them. For `exec`, `export` and `_load` it tries dist/hot-exec.cjs, hot-export.cjs or hot-load.cjs first, which the build makes of
 * the same sources with `takeColdPath()` in place of every `import()` (but keytar's) and of what scripts/build.mjs leaves to main.cjs. What
 * cannot be done twice must not come before that: locks and leases are given back by their `finally`.
 */

/**
 * Thrown in a hot-*.cjs if something is needed that is not in it. Whatever the command has done by then it may do
 * again: main.cjs answers it from the beginning.
 */
export class ColdPath extends Error {
  override readonly name = 'ColdPath';
}

/** What the build puts in place of every `import()` in dist/hot.cjs. */
export function takeColdPath(): never {
  isTaken = true;
  throw new ColdPath();
}

/** True where the command is not to be answered here, whatever an error on its way was made into. */
export function coldPathIsTaken(): boolean {
  return isTaken;
}
