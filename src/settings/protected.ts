import { parseDuration } from '../system/index.ts';
import type { ValueRule } from './setting-values.ts';

/** An entry of `protected`: `prod* max=30m`. */
export interface ProtectedEntry {
  readonly pattern: string;
  /** How long it may be loaded, in seconds; null for no limit. */
  readonly maxSeconds: number | null;
  /** The user must give a reason. */
  readonly needsReason: boolean;
}

/**
 * The separator between two entries on one line: a comma or a space, but not the spaces within an
 * entry.
 */
export const protectedSeparator = /\s*,\s*|(?<![=\s])\s+(?!\s|=|(?:max|reason)\s*=)/;

export const protectedRule: ValueRule<ProtectedEntry> = {
  allowed: 'a name, an account or a role, optionally followed by max=TIME (such as 30m) or reason=required',
  read(value) {
    const [, pattern = '', limits = ''] =
      /^(.*?)((?:\s+(?:max|reason)\s*=\s*[^\s=]+)*)$/.exec(value.trim()) ?? [];
    // A misspelt limit must not be read as a name.
    if (pattern === '' || /(^|\s)[A-Za-z_-]+\s*=|=\s*$/.test(pattern)) return undefined;
    let entry: ProtectedEntry = { pattern, maxSeconds: null, needsReason: false };
    for (const [, name, text = ''] of limits.matchAll(/(max|reason)\s*=\s*(\S+)/g)) {
      const seconds = name === 'max' ? parseDuration(text) : null;
      if (seconds !== null && seconds >= 60) entry = { ...entry, maxSeconds: seconds };
      else if (name === 'reason' && text === 'required') entry = { ...entry, needsReason: true };
      else return undefined;
    }
    return entry;
  },
};

/** The protection of a profile: the strictest of all entries that name it. */
export type Protection = Omit<ProtectedEntry, 'pattern'>;

/** Null for a profile that no entry names. */
export function protectionOf(
  settings: { readonly protectedEntries: readonly ProtectedEntry[] },
  target: ProtectionTarget,
): Protection | null {
  const found = settings.protectedEntries.filter(({ pattern }) =>
    isProtected({ protected: [pattern] }, target),
  );
  if (found.length === 0) return null;
  const limits = found.flatMap(({ maxSeconds }) => maxSeconds ?? []);
  return {
    maxSeconds: limits.length === 0 ? null : Math.min(...limits),
    needsReason: found.some(({ needsReason }) => needsReason),
  };
}

/** True if the profile is protected by more than a question. */
export function hasLimits(
  settings: { readonly protectedEntries: readonly ProtectedEntry[] },
  target: ProtectionTarget,
): boolean {
  const limits = settings.protectedEntries.filter((entry) => entry.maxSeconds !== null || entry.needsReason);
  return limits.length > 0 && protectionOf({ protectedEntries: limits }, target) !== null;
}

/** The target of a load, with which `protected` is compared. */
export interface ProtectionTarget {
  readonly profile: string;
  readonly account: string | null;
  readonly roleArn: string | null;
}

/**
 * True if an entry of `protected` is the profile's name, the account's id (also the one in the
 * role's ARN) or the role's ARN. In each, `*` and `?` mean any characters and any one character.
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
