/** What a load would make of the shell: what `protected` is compared with. */
export interface ProtectionTarget {
  readonly profile: string;
  readonly account: string | null;
  readonly roleArn: string | null;
}

/**
 * True where one entry of `protected` is the profile's name, the account's id (also the one in the role's ARN) or the
 * role's ARN. `*` and `?` stand for any characters and any one character, in each of them.
 */
export function isProtected(
  settings: { readonly protected: readonly string[] },
  target: ProtectionTarget,
): boolean {
  const roleAccount = target.roleArn?.split(':')[4] ?? null;
  const names = [target.profile, target.account, roleAccount, target.roleArn];
  return settings.protected.some((pattern) => {
    const expression = globExpression(pattern);
    return names.some((name) => name !== null && expression.test(name));
  });
}

function globExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's');
}
