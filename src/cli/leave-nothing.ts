/**
 * Whether this run removes awsh's files from the machine. If so, nothing is written when it ends.
 */
let isLeft = false;

export function leaveNothing(): void {
  isLeft = true;
}

export function isNothingLeft(): boolean {
  return isLeft;
}
