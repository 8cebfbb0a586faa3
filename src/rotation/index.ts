/**
 * rotation: replaces an access key with a new one; wherever it is interrupted, a working key is in
 * the vault.
 */
export { type DueKey, dueKeys } from './due-keys.ts';
export { type Journal, unfinishedRotations } from './journal.ts';
export { type Rotated, rotateKey } from './rotate.ts';
export type { RotationRun } from './rotation-run.ts';
