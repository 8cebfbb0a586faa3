import { AwshError, printable } from '../system/index.ts';
import type { IamKey } from './iam-user.ts';
import type { KeyOwner } from './key-owner.ts';
import { deactivationCommand, deletionCommand, describeKey } from './key-words.ts';
import type { RotationRun } from './rotation-run.ts';

/**
 * Explains why the key of a user with two keys cannot be rotated; first prints these keys and how
 * to remove one.
 */
export async function twoKeys(
  keys: readonly IamKey[],
  owner: KeyOwner,
  run: RotationRun,
): Promise<AwshError> {
  for (const key of keys) {
    const stored = run.vault.keys().filter(({ accessKeyId }) => accessKeyId === key.id);
    const where = stored.map(({ profile }) => printable(profile)).join(', ') || 'nothing in this vault';
    run.say(`${await describeKey(owner.iam, key, run.clock)}; stored for ${where}`);
  }
  const other = keys.find(({ id }) => id !== owner.key.accessKeyId);
  if (other?.isActive) {
    run.say(
      `first make it inactive, and see whether anything misses it: ${deactivationCommand(owner, other.id)}`,
    );
  }
  return new AwshError(
    'other',
    `${owner.arn} has two access keys already, and AWS allows no third`,
    'a rotation needs room for the new key beside the old one',
    `remove the other one: ${deletionCommand(owner, other?.id ?? 'KEY-ID')}`,
  );
}
