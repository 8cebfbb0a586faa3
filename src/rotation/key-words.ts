import { type Clock, formatAge, profileOption, shellWord } from '../system/index.ts';
import type { IamKey, IamUser } from './iam-user.ts';
import type { KeyOwner } from './key-owner.ts';

/** A key's id for display: its last four characters. */
export function short(accessKeyId: string): string {
  return `****${accessKeyId.slice(-4)}`;
}

/** `AKIA… (active), made 312d ago, last used 3d ago with s3`. */
export async function describeKey(
  iam: IamUser,
  { id, isActive, created }: IamKey,
  clock: Clock,
): Promise<string> {
  const ago = (date: Date) => `${formatAge((clock.now() - date.getTime()) / 1000)} ago`;
  const use = await iam.lastUse(id);
  const lastUsed =
    use === undefined
      ? 'last use not known'
      : use === null
        ? 'never used'
        : `last used ${ago(use.date)} with ${use.service}`;
  return [`${id} (${isActive ? 'active' : 'inactive'})`, created && `made ${ago(created)}`, lastUsed]
    .filter((part) => part !== null)
    .join(', ');
}

/** The command with which the user deletes a key, signed by that key's own user. */
export function deletionCommand({ profile, hasSession }: KeyOwner, id: string): string {
  return `${iamCommand(profile, hasSession)} delete-access-key --access-key-id ${id}`;
}

export function deactivationCommand({ profile, hasSession }: KeyOwner, id: string): string {
  return `${iamCommand(profile, hasSession)} update-access-key --status Inactive --access-key-id ${id}`;
}

/** IAM accepts the key itself, or a session that was made with MFA. */
function iamCommand(profile: string, hasSession: boolean): string {
  const session = hasSession ? '' : '--no-session ';
  // The command comes after `--`, so a name that would be read as an option needs --profile.
  const named = profile.startsWith('-') ? profileOption(profile) : shellName(profile);
  return `awsh exec ${session}${named} -- aws iam`;
}

export function shellName(profile: string): string {
  return shellWord(profile);
}
