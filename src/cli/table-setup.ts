import { settingKeys, settingWords } from '../settings/index.ts';
import type { CommandRow, OptionRow } from './command-row.ts';

export const supportedShells = ['bash', 'zsh', 'fish'] as const;

/** `config set NAME`, and what this setting may be. */
const afterSet = Object.fromEntries(settingWords().map(([key, words]) => [`set ${key}`, words]));

const yes: OptionRow = { long: 'yes', short: 'y', summary: 'without asking' };

/** The verbs that put awsh in its place. */
export const setupCommands: readonly CommandRow[] = [
  {
    name: 'setup',
    summary: "load awsh in every new shell: adds one block to your shell's rc file",
    group: 'Setting up',
    options: [
      { long: 'remove', summary: 'take the block out again' },
      { long: 'dry-run', summary: 'show what would change, and change nothing' },
      yes,
      {
        long: 'shell',
        value: 'SHELL',
        choices: supportedShells,
        summary: 'instead of the shell that you type in',
      },
    ],
    example: 'awsh setup',
  },
  {
    name: 'uninstall',
    summary: 'take awsh off this machine, and give the keys back or keep them',
    details:
      'Shows what is there, asks about each part, and changes nothing before the last answer. Stored keys stay unless you ' +
      'remove them. Running it twice is safe.',
    group: 'Setting up',
    options: [
      { long: 'dry-run', summary: 'show what is there, and change nothing' },
      { long: 'yes', short: 'y', summary: 'without asking; stored keys stay' },
      { long: 'keep-vault', summary: 'ask nothing about the stored keys, and keep them' },
      { long: 'export-keys', summary: 'move the stored keys to the AWS credentials file, in plain text' },
      { long: 'delete-keys', summary: 'delete the stored keys, without a copy' },
    ],
    example: 'awsh uninstall --yes --export-keys',
  },
  {
    name: 'hook',
    summary: 'print the path of the hook, to source it by hand',
    group: 'Setting up',
    arguments: [{ name: 'SHELL', required: true, choices: supportedShells, summary: 'the shell' }],
    example: 'source "$(awsh hook bash)"',
  },
  {
    name: 'version',
    summary: 'show the version',
    group: 'Setting up',
    example: 'awsh version',
    hidden: true,
  },
  {
    name: 'completion',
    summary: 'print the completion script',
    group: 'Setting up',
    arguments: [{ name: 'SHELL', required: true, choices: supportedShells, summary: 'the shell' }],
    example: 'awsh completion zsh > ~/.zfunc/_awsh',
  },
  {
    name: 'prompt',
    summary: 'print what the prompt says: the profile and the time left',
    details:
      'From the environment alone, for scripts, status lines and prompts that start a program anyway. A prompt that ' +
      'starts none refers to AWSH_SEGMENT, which the hook keeps: see docs/prompt.md.',
    group: 'This shell',
    options: [
      {
        long: 'shell',
        value: 'SHELL',
        choices: [...supportedShells, 'tmux'],
        summary: 'with the colours as this prompt takes them',
      },
      {
        long: 'format',
        value: 'FORMAT',
        choices: ['json'],
        summary: 'as JSON, with the state of the shell, the reason and the next command',
      },
    ],
    example: "PS1='$(awsh prompt --shell bash) \\w $ '",
  },
  {
    name: 'config',
    summary: 'show and change the settings of awsh',
    details:
      'Shows each setting, its value, and where it is set: in the settings file, by a variable, or by default. protected and ' +
      'trusted_dirs take several values. config aws shows what the AWS config and credentials files say by the common grammar of the SDKs, in which an odd line is an error.',
    group: 'Setting up',
    arguments: [
      {
        name: 'ACTION',
        choices: ['list', 'get', 'set', 'unset', 'aws'],
        summary: 'what to do; list by default',
      },
      { name: 'NAME', choices: settingKeys, summary: 'a setting' },
      { name: 'VALUE', repeats: true, suggestsAfter: afterSet, summary: 'its new value' },
    ],
    options: [
      { long: 'json', summary: 'as JSON' },
      { long: 'lenient', summary: 'with aws: read odd lines as all other commands do' },
    ],
    example: 'awsh config set lock_after 8h',
  },
  {
    name: 'demo',
    summary: 'try awsh in a sandbox that leaves nothing behind',
    group: 'Setting up',
    example: 'awsh demo',
  },
];
