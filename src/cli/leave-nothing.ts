/** Whether this run removes what awsh keeps on the machine: then nothing is written down when it ends. */
let isLeft = false;

export function leaveNothing(): void {
  isLeft = true;
}

export function isNothingLeft(): boolean {
  return isLeft;
}
