import { join } from 'node:path';
import { AwshError, operandWord, withLock } from '../system/index.ts';
import { type KeyOwner, signIn } from './key-owner.ts';
import { Rotation } from './rotation.ts';
import type { RotationRun } from './rotation-run.ts';
import { deleteStrangeKey } from './strange-key.ts';

/** A rotation that has ended. */
export interface Rotated {
  /** Every profile that holds the new key now. */
  readonly profiles: readonly string[];
  readonly oldKeyId: string;
  readonly newKeyId: string;
}

/**
 * Replaces the access key that a profile's chain begins with, in every item that holds it. Cut off anywhere, a working
 * key is in the vault, and the next call for the same key finishes, goes back, or says what is left to decide.
 *
 * Throws as planning does; AwshError (exit 1) where the user has two keys already; PersonNeededError (6) where a key has
 * to be looked at by somebody; NetworkError (9) and AwsRefusedError (8) where AWS was not there or said no.
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

/** One at a time: each waits at most for AWS to know a key, and for some calls of 4 s. */
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
