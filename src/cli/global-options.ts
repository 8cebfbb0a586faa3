import type { OptionRow } from './command-row.ts';

/** Options that stand before or after any verb. `--help` and `--version` are answered before a verb is run. */
export const globalOptions = [
  {
    long: 'backend',
    value: 'NAME',
    choices: ['keychain', 'file', 'pass', 'secret-service'],
    summary: 'where secrets are kept',
  },
  { long: 'prompt', value: 'DRIVER', choices: ['terminal'], summary: 'how a question is asked' },
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
  { long: 'debug', summary: 'say more when something fails; never a secret' },
  { long: 'help', short: 'h', summary: 'show help' },
  { long: 'version', summary: 'show the version' },
] as const satisfies readonly OptionRow[];

/** The global options as given, undefined where absent. The variables that stand for them are the settings' business. */
export interface GlobalOptions {
  readonly backend: string | undefined;
  readonly prompt: string | undefined;
  readonly fileDir: string | undefined;
  readonly passDir: string | undefined;
  readonly passCmd: string | undefined;
  readonly passPrefix: string | undefined;
  readonly debug: boolean;
}
