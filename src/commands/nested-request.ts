/** What awsh refuses in a shell or command that has credentials of `exec` already. */
import { isOnlyConfig } from '../shell/index.ts';
import { asRefusal, type Environment, printable, RefusedError, UsageError } from '../system/index.ts';

/** A seat belt: the command of `exec --only` has one profile, and can take this variable away. */
export function refuseInsideOnly({ AWSH_ONLY: only, AWS_CONFIG_FILE: config }: Environment): void {
  if (!only && !isOnlyConfig(config)) return;
  const error = new RefusedError(
    'this command may use one profile only, and gets no other credentials',
    only ? `exec --only runs it, with profile ${printable(only)}` : 'exec --only runs it',
    'printenv AWS_VAULT',
  );
  throw asRefusal(error, 'exec --only');
}

/** aws-vault refuses this too: a role's session would sign for another profile without anybody seeing it. */
export function refuseNesting(environment: Environment, command: string): void {
  const inside = environment.AWS_VAULT;
  if (!inside) return;
  throw new UsageError(
    `this shell runs inside exec for profile ${JSON.stringify(printable(inside))}`,
    `AWS_VAULT is set, and ${command} inside it would mix two identities; leave this shell, or unset AWS_VAULT to continue here`,
    'exit',
  );
}
