/** rotation: replaces an access key by a new one, so that wherever it is cut off a working key is in the vault. */
export { type DueKey, dueKeys } from './due-keys.ts';
export { type Journal, unfinishedRotations } from './journal.ts';
export { type Rotated, rotateKey } from './rotate.ts';
export type { RotationRun } from './rotation-run.ts';
