import type { ThemeVariable } from '../shell/index.ts';
import { protectedRule, protectedSeparator } from './protected.ts';
import { registryRule } from './registries.ts';
import { sessionNameRule } from './session-name.ts';
import { durationOrOff, oneOf, onOrOff, pathBelow, word } from './setting-values.ts';
import { trustedDirRule } from './trusted-dirs.ts';

/**
 * Those of src/shell/managed-variables.ts, which the compiler compares: this folder imports no
 * values from that one.
 */
const themes = { AWSUME_PROFILE: true, AWSU_PROFILE: true, AWS_SSO_PROFILE: true } as const satisfies Record<
  ThemeVariable,
  true
>;
const themeVariables = Object.keys(themes) as ThemeVariable[];

/** The allowed values of each setting, defined only here. A leading `~/` in a path is this home. */
export function settingRules(home: string) {
  return {
    agent: onOrOff,
    backend: oneOf('keychain', 'file', 'pass'),
    coding_agents: oneOf('read-only', 'ask', 'refuse', 'same'),
    file_dir: pathBelow(home),
    lock_after: durationOrOff,
    log: oneOf('on', 'off', 'required'),
    log_directories: onOrOff,
    log_to: oneOf('file', 'syslog'),
    pass_prefix: word,
    picker: oneOf('builtin', 'fzf'),
    prompt: oneOf('terminal', 'zenity', 'kdialog', 'osascript', 'ykman', 'pass-otp'),
    protected: protectedRule,
    reason_as: oneOf('tag', 'source-identity'),
    registries: registryRule,
    role_session_name: sessionNameRule,
    sign_in_flow: oneOf('browser', 'code'),
    sso_cache: oneOf('shared', 'vault'),
    theme_variable: oneOf(...themeVariables, 'none'),
    trusted_dirs: trustedDirRule(home),
  };
}

export type SettingKey = keyof ReturnType<typeof settingRules>;

/** The settings that are lists, and what separates two entries on one line. */
export const listSeparators: Partial<Record<SettingKey, RegExp>> = {
  protected: protectedSeparator,
  registries: /[;,]/,
  trusted_dirs: /;/,
};

/** The texts for users about a setting. */
export interface SettingText {
  /** One line, lower case, no period. */
  readonly meaning: string;
  /**
   * The value if it is not set, in written form; null if awsh chooses by itself, or for an empty
   * list.
   */
  readonly fallback: string | null;
  /** An example value, for help. */
  readonly example: string;
  /**
   * Variables that override the file for commands, by precedence; `NAME=VALUE` only with that
   * value.
   */
  readonly variables: readonly string[];
}

export const settingTexts: Readonly<Record<SettingKey, SettingText>> = {
  agent: {
    meaning: 'keep sessions in memory',
    fallback: 'on',
    example: 'off',
    variables: ['AWSH_AGENT=off'],
  },
  backend: {
    meaning: 'where secrets are kept',
    fallback: null,
    example: 'keychain',
    variables: ['AWSH_BACKEND', 'AWS_VAULT_BACKEND'],
  },
  coding_agents: {
    meaning: 'which credentials coding agents get',
    fallback: 'same',
    example: 'read-only',
    variables: [],
  },
  file_dir: {
    meaning: 'folder of the file backend',
    fallback: null,
    example: '~/vaults/awsh',
    variables: ['AWSH_FILE_DIR'],
  },
  lock_after: {
    meaning: 'lock automatically after this time without use',
    fallback: 'off',
    example: '8h',
    variables: [],
  },
  log: {
    meaning: 'record which credentials awsh provided, when and where',
    fallback: 'on',
    example: 'required',
    variables: [],
  },
  log_directories: {
    meaning: 'write directory names to the log instead of hashes',
    fallback: 'on',
    example: 'off',
    variables: [],
  },
  log_to: {
    meaning: 'where the log goes: its file, or the system log as well',
    fallback: 'file',
    example: 'syslog',
    variables: [],
  },
  pass_prefix: {
    meaning: 'prefix of names in the password store',
    fallback: 'awsh',
    example: 'awsh',
    variables: ['AWSH_PASS_PREFIX', 'AWS_VAULT_PASS_PREFIX'],
  },
  picker: {
    meaning: 'how to choose a profile if a command has none',
    fallback: 'builtin',
    example: 'fzf',
    variables: [],
  },
  prompt: {
    meaning: 'how to ask for an MFA code',
    fallback: null,
    example: 'terminal',
    variables: ['AWSH_MFA_PROMPT', 'AWS_VAULT_PROMPT'],
  },
  protected: {
    meaning: 'profiles, accounts and roles to confirm before loading',
    fallback: null,
    example: "'prod*'",
    variables: [],
  },
  reason_as: {
    meaning: 'how AWS gets the reason for a protected profile',
    fallback: 'tag',
    example: 'source-identity',
    variables: [],
  },
  registries: {
    meaning: 'profiles for Amazon ECR container registries',
    fallback: null,
    example: "'123456789012: dev'",
    variables: [],
  },
  role_session_name: {
    meaning: 'the name of role sessions in CloudTrail',
    fallback: null,
    example: "'{user}@{directory}'",
    variables: [],
  },
  sign_in_flow: {
    meaning: 'how to sign in to IAM Identity Center',
    fallback: null,
    example: 'code',
    variables: [],
  },
  sso_cache: {
    meaning: 'where sign-ins to IAM Identity Center are kept',
    fallback: 'shared',
    example: 'vault',
    variables: [],
  },
  theme_variable: {
    meaning: 'the variable that prompt themes read',
    fallback: 'AWSUME_PROFILE',
    example: 'AWSUME_PROFILE',
    variables: [],
  },
  trusted_dirs: {
    meaning: 'profiles that load without asking in a directory',
    fallback: null,
    example: "'~/work: dev, test'",
    variables: [],
  },
};

export const settingKeys = Object.keys(settingTexts) as SettingKey[];

/** The settings for whose values completion offers words, and those words. */
export function settingWords(): [key: string, words: readonly string[]][] {
  return Object.entries(settingRules('/')).flatMap(([key, { words }]) => (words ? [[key, words]] : []));
}
