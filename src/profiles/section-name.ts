import { printable, UsageError } from '../system/index.ts';

export type AwsFileKind = 'config' | 'credentials';
export type SectionKind = 'profile' | 'sso-session' | 'services';

export interface SectionName {
  readonly kind: SectionKind;
  readonly name: string;
}

/**
 * What a header names. `bare` marks `[default]` in the config file, which `[profile default]`
 * overrides.
 */
export interface SectionHeader extends SectionName {
  readonly bare: boolean;
  /** True for a name that only botocore or aws-vault reads: with spaces and no quotes, or beyond the common alphabet. */
  readonly odd: boolean;
}

/**
 * The characters of names and properties in the AWS SDKs' common grammar; others are ignored with a
 * warning.
 */
export const wordPattern = /^[A-Za-z0-9_\-/.%@:+]+$/;
/**
 * Inside quotes, as the AWS CLI writes them, spaces are part of a name; at its ends they would be
 * invisible.
 */
const quotedNamePattern = /^[A-Za-z0-9_\-/.%@:+]+(?: +[A-Za-z0-9_\-/.%@:+]+)*$/;

/**
 * The section named between a header's brackets; null if no AWS SDK reads it as a section that
 * matters here. Leniently, names that only botocore or aws-vault reads count too.
 */
export function parseHeader(inner: string, file: AwsFileKind, lenient = false): SectionHeader | null {
  if (file === 'credentials') {
    // botocore gives its properties to every profile, other SDKs to one of this name, or to none.
    if (lenient && inner === 'DEFAULT') return null;
    // Here botocore reads [profile dev] as a profile called "profile dev", and others as none.
    return named('profile', inner, lenient && !sectionPrefix.test(inner));
  }
  if (inner === 'default') return { kind: 'profile', name: 'default', bare: true, odd: false };
  const prefixed = sectionPrefix.exec(inner);
  if (prefixed === null) return null;
  return named(prefixed[1] as SectionKind, inner.slice(prefixed[0].length), lenient);
}

const sectionPrefix = /^(profile|sso-session|services)[ \t]+/;

function named(kind: SectionKind, text: string, lenient: boolean): SectionHeader | null {
  if (wordPattern.test(text)) return { kind, name: text, bare: false, odd: false };
  const quote = text[0];
  const isQuoted = (quote === '"' || quote === "'") && text.length > 2 && text.endsWith(quote);
  const name = isQuoted ? text.slice(1, -1) : '';
  if (quotedNamePattern.test(name)) return { kind, name, bare: false, odd: false };
  return lenient && isLenientName(text) ? { kind, name: text, bare: false, odd: true } : null;
}

/**
 * Quotes and backslashes are excluded because botocore removes them and aws-vault keeps them;
 * characters without width and control characters because users could not type or see them. U+FFFD
 * is the result of decoding any byte that is not UTF-8, so two such names may look the same.
 */
function isLenientName(name: string): boolean {
  return (
    name !== '' &&
    name.length <= 128 &&
    !/["'\\[\]\ufffd\p{C}\p{Zl}\p{Zp}]/u.test(name) &&
    !/^\s|\s$/.test(name)
  );
}

/**
 * The header line of a new section, in quotes if the name has spaces (which the AWS CLI reads only
 * in the config file). Throws UsageError if the name could not be read back, or would end the line
 * or the brackets early.
 */
export function formatHeader({ kind, name }: SectionName, file: AwsFileKind): string {
  requireSectionName(name);
  const quoted = wordPattern.test(name) ? name : `"${name}"`;
  if (file === 'config')
    return kind === 'profile' && name === 'default' ? '[default]' : `[${kind} ${quoted}]`;
  if (kind !== 'profile' || quoted !== name) {
    throw new UsageError(
      `${shown(name)} cannot be written to the credentials file`,
      'it holds only profiles, and no AWS SDK reads a name with spaces there',
    );
  }
  return `[${name}]`;
}

/**
 * Throws UsageError unless every AWS SDK, or the AWS CLI by its quotes, can read a section of this
 * name.
 */
export function requireSectionName(name: string): void {
  if (name === reservedName) throw reservedNameError();
  if (isSectionName(name)) return;
  throw new UsageError(
    `${shown(name)} cannot be a profile's name`,
    'a name is made of letters, digits, _ - / . % @ : + and spaces between them',
  );
}

/**
 * The name that AWS_PROFILE has in a blocked shell (`blockedName` of src/shell/). A profile of this
 * name would give programs its credentials there.
 */
export const reservedName = 'awsh-blocked';

export function reservedNameError(): UsageError {
  return new UsageError(
    `"${reservedName}" cannot be a profile's name`,
    'awsh sets AWS_PROFILE to this name to block a shell, so a profile of this name would be used there',
    'awsh list --profiles',
  );
}

/** True for a name that every AWS SDK reads, in a header without quotes. */
export function isSdkName(name: string): boolean {
  return wordPattern.test(name);
}

/** Whether {@link requireSectionName} accepts it. */
export function isSectionName(name: string): boolean {
  return quotedNamePattern.test(name) && name !== reservedName;
}

function shown(name: string): string {
  return JSON.stringify(printable(name.slice(0, 80)));
}
