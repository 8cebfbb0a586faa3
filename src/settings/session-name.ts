import { realpathSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename } from 'node:path';
import type { ValueRule } from './setting-values.ts';

const placeholders = ['user', 'directory', 'host', 'profile'] as const;
const placeholderPattern = /\{(user|directory|host|profile)\}/g;

/**
 * A template such as `{user}@{directory}`; the text between the placeholders uses AWS's alphabet
 * (STS API, AssumeRole).
 */
export const sessionNameRule: ValueRule<string> = {
  allowed: `a name with ${placeholders.map((name) => `{${name}}`).join(', ')}, and letters, digits and _ + = , . @ - between them; at most 64 characters without the placeholders`,
  read(value) {
    const plain = value.replaceAll(placeholderPattern, '');
    return value !== '' && /^[\w+=,.@-]{0,64}$/.test(plain) ? value : undefined;
  },
};

/**
 * The template for a directory, still containing `{profile}`; undefined if the user has set none.
 * The same user, machine and directory always give the same text: nothing is read from the
 * environment.
 */
export function sessionNaming(
  { roleSessionName: template }: { readonly roleSessionName: string | null },
  directory: string,
): string | undefined {
  const values: Readonly<Record<string, () => string>> = {
    user: loginName,
    directory: () => basename(realPath(directory)),
    host: () => hostname().split('.')[0] ?? '',
  };
  return template?.replaceAll(
    placeholderPattern,
    (placeholder, name: string) => values[name]?.().replace(/[{}]/g, '-') ?? placeholder,
  );
}

/** The same directory through another path gives the same name. */
function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}

/** For a user without an entry in the user database, the user id is used. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}
