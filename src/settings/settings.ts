import type { PromptDriver } from '../prompt/index.ts';
import type { ThemeVariable } from '../shell/index.ts';
import { editCommand, homeFolder, printable, UsageError } from '../system/index.ts';
import type { BackendName } from '../vault/index.ts';
import type { ProtectedEntry } from './protected.ts';
import type { RegistryProfile } from './registries.ts';
import { type SettingKey, settingRules } from './setting-rules.ts';
import type { ValueRule } from './setting-values.ts';
import { entriesOf, parseSettingLines, readSettingsText, type SettingLine } from './settings-file.ts';
import type { TrustedDir } from './trusted-dirs.ts';

export type AgentRule = 'read-only' | 'ask' | 'refuse' | 'same';

/**
 * The user's settings; null if awsh decides. From the file alone, never from the environment
 * (security rule 4).
 */
export interface Settings {
  /** The settings file, whether or not it exists. */
  readonly path: string;
  readonly agent: boolean;
  readonly backend: BackendName | null;
  /** What a command gets if a coding agent runs it; `same`: what it gets in any case. */
  readonly codingAgents: AgentRule;
  /** Folder of the `file` backend, absolute. */
  readonly fileDir: string | null;
  readonly lockAfterSeconds: number | null;
  /** `required`: a protected profile is not given if the log cannot be written. */
  readonly log: 'on' | 'off' | 'required';
  /** False: the log has hashes instead of directories. */
  readonly logDirectories: boolean;
  /** `syslog`: the system's log gets a copy of each line. */
  readonly logTo: 'file' | 'syslog';
  readonly passPrefix: string | null;
  /** The program for choosing a profile. */
  readonly picker: 'builtin' | 'fzf';
  /** How the user is asked; null: at the terminal, else in a window. */
  readonly prompt: PromptDriver | null;
  /** Names and globs of profiles, account ids, role ARNs: see `isProtected`. */
  readonly protected: readonly string[];
  /** The same entries, with the requirements of each. */
  readonly protectedEntries: readonly ProtectedEntry[];
  /** How AWS gets the reason for a protected profile: a session tag, or the source identity. */
  readonly reasonAs: 'tag' | 'source-identity';
  /** The profile for each Amazon ECR registry's password. */
  readonly registries: readonly RegistryProfile[];
  /** A template for the names of role sessions; null for a new name each time. */
  readonly roleSessionName: string | null;
  /** How to sign in to Identity Center; null: chosen automatically. */
  readonly signInFlow: 'browser' | 'code' | null;
  /** `vault`: tokens of Identity Center are encrypted, by a key in the vault, and no other program has them. */
  readonly ssoCache: 'shared' | 'vault';
  /** The variable that prompt themes read; null for none. */
  readonly themeVariable: ThemeVariable | null;
  readonly trustedDirs: readonly TrustedDir[];
}

/**
 * Reads `$XDG_CONFIG_HOME/awsh/config`; a missing file gives the defaults. Throws UsageError (exit
 * 2), with file, line, setting and the allowed values, for anything that is not exactly right.
 */
export function readSettings(path: string, home = homeFolder(process.env)): Settings {
  return parseSettings(readSettingsText(path), path, home);
}

/** Like {@link readSettings}, for text that need not be in the file yet. */
export function parseSettings(text: string, path: string, home = homeFolder(process.env)): Settings {
  const file = new SettingLines(path, parseSettingLines(text, path));
  const rules = settingRules(home);
  const protectedEntries = file.list('protected', rules.protected);
  const themeVariable = file.one('theme_variable', rules.theme_variable, 'AWSUME_PROFILE');
  return {
    path,
    agent: file.one('agent', rules.agent, true),
    backend: file.one('backend', rules.backend, null),
    codingAgents: file.one('coding_agents', rules.coding_agents, 'same'),
    fileDir: file.one('file_dir', rules.file_dir, null),
    lockAfterSeconds: file.one('lock_after', rules.lock_after, null),
    log: file.one('log', rules.log, 'on'),
    logDirectories: file.one('log_directories', rules.log_directories, true),
    logTo: file.one('log_to', rules.log_to, 'file'),
    passPrefix: file.one('pass_prefix', rules.pass_prefix, null),
    picker: file.one('picker', rules.picker, 'builtin'),
    prompt: file.one('prompt', rules.prompt, null),
    protected: protectedEntries.map(({ pattern }) => pattern),
    protectedEntries,
    reasonAs: file.one('reason_as', rules.reason_as, 'tag'),
    registries: file.list('registries', rules.registries),
    roleSessionName: file.one('role_session_name', rules.role_session_name, null),
    signInFlow: file.one('sign_in_flow', rules.sign_in_flow, null),
    ssoCache: file.one('sso_cache', rules.sso_cache, 'shared'),
    themeVariable: themeVariable === 'none' ? null : themeVariable,
    trustedDirs: file.list('trusted_dirs', rules.trusted_dirs),
  };
}

class SettingLines {
  constructor(
    private readonly path: string,
    private readonly lines: readonly SettingLine[],
  ) {}

  /** The value of a setting that occurs at most once in the file. */
  one<T, F>(key: SettingKey, rule: ValueRule<T>, fallback: F): T | F {
    const [first, second] = this.lines.filter((line) => line.key === key);
    if (second !== undefined) throw this.fault(second, `it is also on line ${first?.line}`);
    return first === undefined ? fallback : this.value(first, rule, first.value);
  }

  /** The entries of all lines of a setting. */
  list<T>(key: SettingKey, rule: ValueRule<T>): T[] {
    const lines = this.lines.filter((line) => line.key === key);
    return lines.flatMap((line) => entriesOf(line).map((entry) => this.value(line, rule, entry)));
  }

  private value<T>(line: SettingLine, rule: ValueRule<T>, text: string): T {
    const value = rule.read(text);
    if (value === undefined) throw this.fault(line, `allowed: ${rule.allowed}`);
    return value;
  }

  private fault(line: SettingLine, why: string): UsageError {
    const path = printable(this.path);
    return new UsageError(
      `${path}:${line.line}: ${line.key} is not valid`,
      why,
      editCommand(this.path, line.line),
    );
  }
}
