import { join } from 'node:path';
import { AwshError, operandWord, withLock } from '../system/index.ts';
import { type KeyOwner, signIn } from './key-owner.ts';
import { Rotation } from './rotation.ts';
import type { RotationRun } from './rotation-run.ts';
import { deleteStrangeKey } from './strange-key.ts';

/** A completed rotation. */
export interface Rotated {
  /** Every profile that now has the new key. */
  readonly profiles: readonly string[];
  readonly oldKeyId: string;
  readonly newKeyId: string;
}

/**
 *
 * Replaces the access key at the beginning of a profile's chain, in every item that contains it.
 * Wherever it is interrupted, a working key is in the vault, and the next call for the same key
 * completes it, undoes it, or reports what the user must decide.
 *
 * Throws as planning does; AwshError (exit 1) if the user already has two keys; PersonNeededError
 * (6) if the user has to check a key; NetworkError (9) and AwsRefusedError (8) if AWS did not
 * answer or refused.
 */
export async function rotateKey(profile: string, run: RotationRun): Promise<Rotated> {
  const owner = await signIn(profile, run);
  const rotation = new Rotation(owner, run);
  for (;;) {
    const outcome = await alone(owner, rotation, run);
    if (outcome.is === 'done') return outcome.rotated;
    for (const key of outcome.keys) {
      await deleteStrangeKey(key, owner, run);
      rotation.forget(key.id);
    }
  }
}

/**
 * In milliseconds. One at a time: each waits at most for AWS to know a key, and for some calls of 4
 * s.
 */
async function alone(owner: KeyOwner, rotation: Rotation, run: RotationRun) {
  const lock = join(run.paths.locks, 'rotate.lock');
  const onWait = () => run.say('another awsh is rotating a key, waiting for it');
  return withLock(lock, { timeoutMs: 120_000, staleMs: 300_000, onWait }, async () => {
    const now = run.vault.keys().find((record) => record.profile === owner.profile);
    if (now?.accessKeyId !== owner.key.accessKeyId) {
      const next = `awsh rotate ${operandWord(owner.profile)}`;
      throw new AwshError('other', 'another awsh changed the key meanwhile', 'nothing was done here', next);
    }
    try {
      return await rotation.advance();
    } catch (error) {
      rotation.tellWhatIsLeft();
      throw error;
    }
  });
}
