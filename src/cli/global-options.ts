import { promptDrivers } from '../prompt/index.ts';
import { insteadOfBackend } from '../vault/index.ts';
import type { OptionRow } from './command-row.ts';

const promptAdvice: Readonly<Record<string, string>> = {
  wincredui: 'awsh does not run on Windows; in WSL the terminal asks: terminal',
};

/** What to use instead of a prompt that only aws-vault has. */
export function insteadOfPrompt(name: string): string | null {
  return Object.hasOwn(promptAdvice, name) ? (promptAdvice[name] ?? null) : null;
}

/**
 * Options that may come before or after any verb. `--help` and `--version` are handled before a
 * verb runs.
 */
export const globalOptions = [
  {
    long: 'backend',
    value: 'NAME',
    choices: ['keychain', 'file', 'pass'],
    synonyms: ['secret-service'],
    instead: (name: string) => insteadOfBackend(name)?.why ?? null,
    summary: 'where secrets are kept',
  },
  {
    long: 'prompt',
    value: 'DRIVER',
    choices: promptDrivers,
    synonyms: ['pass'],
    instead: insteadOfPrompt,
    summary: 'how to ask for an MFA code',
  },
  {
    long: 'keychain',
    value: 'NAME',
    summary: "the name of aws-vault's keychain, for import; awsh keeps its own items in the login keychain",
    hidden: true,
  },
  {
    long: 'secret-service-collection',
    value: 'NAME',
    summary: "the name of aws-vault's collection, for import; awsh keeps its own items in the default one",
    hidden: true,
  },
  {
    long: 'file-dir',
    value: 'DIR',
    completes: 'directory',
    summary: 'folder of the file backend',
  },
  {
    long: 'pass-dir',
    value: 'DIR',
    completes: 'directory',
    summary: 'password store of the pass backend',
  },
  { long: 'pass-cmd', value: 'PROGRAM', completes: 'command', summary: 'the pass program' },
  { long: 'pass-prefix', value: 'PREFIX', summary: 'prefix of names in the password store' },
  {
    long: 'profile',
    value: 'PROFILE',
    completes: 'profile',
    summary: 'the profile, written as for the AWS CLI',
    hidden: true,
  },
  { long: 'debug', summary: 'show each step, and details of errors, but never secrets' },
  { long: 'help', short: 'h', summary: 'show help' },
  { long: 'version', summary: 'show the version' },
] as const satisfies readonly OptionRow[];

/**
 * The global options as given; undefined if absent. The settings read the variables that can
 * replace them.
 */
export interface GlobalOptions {
  readonly backend: string | undefined;
  readonly prompt: string | undefined;
  readonly keychain: string | undefined;
  readonly secretServiceCollection: string | undefined;
  readonly fileDir: string | undefined;
  readonly passDir: string | undefined;
  readonly passCmd: string | undefined;
  readonly passPrefix: string | undefined;
  readonly debug: boolean;
}
