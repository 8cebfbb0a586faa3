let isTaken = false;

/**
 * Thrown in dist/hot.cjs where something is reached for that is not in it. Whatever the command has done by then it may do
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
