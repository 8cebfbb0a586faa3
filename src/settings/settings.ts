import { homedir } from 'node:os';
import type { PromptDriver } from '../prompt/index.ts';
import { printable, UsageError } from '../system/index.ts';
import type { BackendName } from '../vault/index.ts';
import { durationOrOff, oneOf, onOrOff, pathBelow, type ValueRule, word } from './setting-values.ts';
import { parseSettingLines, readSettingsText, type SettingKey, type SettingLine } from './settings-file.ts';
import { type TrustedDir, trustedDirRule } from './trusted-dirs.ts';

export type ThemeVariable = 'AWSUME_PROFILE' | 'AWSU_PROFILE' | 'AWS_SSO_PROFILE';

/** What the user has set; null where it is left to awsh. From the file alone, never from the environment (SECURITY 4). */
export interface Settings {
  /** The settings file, there or not. */
  readonly path: string;
  readonly agent: boolean;
  readonly backend: BackendName | null;
  /** Folder of the `file` backend, absolute. */
  readonly fileDir: string | null;
  readonly keychain: string | null;
  readonly lockAfterSeconds: number | null;
  readonly passPrefix: string | null;
  /** How a person is asked; null: at the terminal, else in a window. */
  readonly prompt: PromptDriver | null;
  /** Names and globs of profiles, account ids, role ARNs: see `isProtected`. */
  readonly protected: readonly string[];
  /** The variable that prompt themes read; null for none. */
  readonly themeVariable: ThemeVariable | null;
  readonly trustedDirs: readonly TrustedDir[];
}

const promptRule: ValueRule<PromptDriver> = oneOf(
  'terminal',
  'zenity',
  'kdialog',
  'osascript',
  'ykman',
  'pass-otp',
);

/**
 * Reads `$XDG_CONFIG_HOME/awsh/config`; a missing file gives the defaults. UsageError (exit 2) that names file, line, key
 * and what is allowed, for anything that is not exactly right.
 */
export function readSettings(path: string, home = homedir()): Settings {
  return parseSettings(readSettingsText(path), path, home);
}

/** As {@link readSettings}, of text that need not be in the file yet. */
export function parseSettings(text: string, path: string, home = homedir()): Settings {
  const file = new SettingLines(path, parseSettingLines(text, path));
  const theme = oneOf('AWSUME_PROFILE', 'AWSU_PROFILE', 'AWS_SSO_PROFILE', 'none');
  const themeVariable = file.one('theme_variable', theme, 'AWSUME_PROFILE');
  return {
    path,
    agent: file.one('agent', onOrOff, true),
    backend: file.one('backend', oneOf('keychain', 'file', 'pass'), null),
    fileDir: file.one('file_dir', pathBelow(home), null),
    keychain: file.one('keychain', word, null),
    lockAfterSeconds: file.one('lock_after', durationOrOff, null),
    passPrefix: file.one('pass_prefix', word, null),
    prompt: file.one('prompt', promptRule, null),
    protected: file.list('protected', /[,\s]+/, word),
    themeVariable: themeVariable === 'none' ? null : themeVariable,
    trustedDirs: file.list('trusted_dirs', /;/, trustedDirRule(home)),
  };
}

class SettingLines {
  constructor(
    private readonly path: string,
    private readonly lines: readonly SettingLine[],
  ) {}

  /** The value of a setting that stands in the file at most once. */
  one<T, F>(key: SettingKey, rule: ValueRule<T>, fallback: F): T | F {
    const [first, second] = this.lines.filter((line) => line.key === key);
    if (second !== undefined) throw this.fault(second, `it stands on line ${first?.line} as well`);
    return first === undefined ? fallback : this.value(first, rule, first.value);
  }

  /** The entries of all lines with the key, split at the separator unless a line is written as `key[] = …`. */
  list<T>(key: SettingKey, separator: RegExp, rule: ValueRule<T>): T[] {
    const lines = this.lines.filter((line) => line.key === key);
    return lines.flatMap((line) => {
      const entries = line.whole ? [line.value] : line.value.split(separator);
      return entries.map((entry) => this.value(line, rule, entry.trim()));
    });
  }

  private value<T>(line: SettingLine, rule: ValueRule<T>, text: string): T {
    const value = rule.read(text);
    if (value === undefined) throw this.fault(line, `allowed is ${rule.allowed}`);
    return value;
  }

  private fault(line: SettingLine, why: string): UsageError {
    const path = printable(this.path);
    return new UsageError(`${path}:${line.line}: ${line.key} is not right`, why, `edit ${path}`);
  }
}
