import { AwshError, CancelledError, operandWord, PersonNeededError } from '../system/index.ts';
import type { IamKey } from './iam-user.ts';
import type { KeyOwner } from './key-owner.ts';
import { deletionCommand, describeKey } from './key-words.ts';
import type { RotationRun } from './rotation-run.ts';

/**
 * A key that appeared while a rotation was interrupted: probably the rotation's own, made at that
 * moment, whose secret is lost. But another program may have made it, so it is deleted only after
 * the user has seen its age and last use (security rule 21). Never call this while a lock is held.
 */
export async function deleteStrangeKey(key: IamKey, owner: KeyOwner, run: RotationRun): Promise<void> {
  const described = await describeKey(owner.iam, key, run.clock);
  const command = deletionCommand(owner, key.id);
  if (!run.prompter.canAsk) {
    throw new PersonNeededError(
      `a rotation was interrupted while AWS created a key: ${described}`,
      'if the rotation made this key, its secret is lost; there is no terminal to ask whether to delete it',
      `${command} && awsh rotate ${operandWord(owner.profile)}`,
    );
  }
  run.prompter.tell('The last rotation was interrupted while AWS created a key, so its secret is lost.');
  run.prompter.tell(`It is probably this key: ${described}`);
  if (!(await run.prompter.confirm(`delete the key ${key.id}`))) {
    run.say(`the key ${key.id} was not deleted; to delete it later: ${command}`);
    throw new CancelledError('nothing was changed');
  }
  if (key.id === owner.key.accessKeyId)
    throw new AwshError('other', 'this key is in the vault, so it was not deleted');
  await owner.iam.delete(key.id);
  run.say(`deleted the key ${key.id}`);
}
