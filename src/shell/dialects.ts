import { AwshError, quotePosix } from '../system/index.ts';

export { quotePosix };

/** How one syntax sets and unsets an exported variable. Each line can be evaluated alone. */
export interface Dialect {
  set(name: string, value: string): string;
  unset(name: string): string;
}

/** fish knows two escapes inside single quotes, `\\` and `\'` (fish's manual, "Quotes"). */
export function quoteFish(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/**
 * PowerShell doubles a quote inside single quotes; it also treats typographic single quotes as
 * quotes.
 */
function quotePowershell(value: string): string {
  return `'${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

const posix: Dialect = {
  set: (name, value) => `export ${name}=${quotePosix(value)}`,
  unset: (name) => `unset ${name}`,
};

export const dialects = {
  bash: posix,
  zsh: posix,
  fish: {
    set: (name, value) => `set -gx ${name} ${quoteFish(value)}`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = ${quotePowershell(value)}`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  'windows-cmd': {
    set: (name, value) => `set "${name}=${plainForCmd(value)}"`,
    unset: (name) => `set "${name}="`,
  },
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;

/** cmd.exe has no quoting for `%` and `"`; keys, regions and tokens contain neither. */
function plainForCmd(value: string): string {
  if (!/["%^&|<>!]/.test(value)) return value;
  throw new AwshError(
    'other',
    'a value cannot be written for cmd.exe',
    'it holds a character that cmd.exe would act on',
  );
}
