import { settingKeys, settingWords } from '../settings/index.ts';
import type { CommandRow, OptionRow } from './command-row.ts';

export const supportedShells = ['bash', 'zsh', 'fish'] as const;

/** `config set NAME`, and the possible values of this setting. */
const afterSet = Object.fromEntries(settingWords().map(([key, words]) => [`set ${key}`, words]));

const yes: OptionRow = { long: 'yes', short: 'y', summary: 'do not ask' };

/** The verbs that install, configure and remove awsh. */
export const setupCommands: readonly CommandRow[] = [
  {
    name: 'setup',
    summary: "load awsh in every new shell: adds one block to your shell's rc file",
    group: 'Setting up',
    codingAgents: [{ mayNot: 'change how your shells start', unless: ['dry-run'] }],
    options: [
      { long: 'remove', summary: 'remove the block again' },
      { long: 'dry-run', summary: 'show what would change, and change nothing' },
      yes,
      {
        long: 'shell',
        value: 'SHELL',
        choices: supportedShells,
        summary: 'set up this shell instead of the current one',
      },
    ],
    example: 'awsh setup',
  },
  {
    name: 'uninstall',
    summary: 'remove awsh from this machine, and keep, export or delete stored keys',
    details:
      'Shows what is installed, asks about each part, and changes nothing before the last answer. Stored keys ' +
      'stay unless you choose to remove them. Running it twice is safe.',
    group: 'Setting up',
    codingAgents: [{ mayNot: 'remove awsh', unless: ['dry-run'] }],
    options: [
      { long: 'dry-run', summary: 'show what is installed, and change nothing' },
      { long: 'yes', short: 'y', summary: 'do not ask; stored keys stay' },
      { long: 'keep-vault', summary: 'keep the stored keys, and do not ask about them' },
      { long: 'export-keys', summary: 'move the stored keys to the AWS credentials file, in plain text' },
      { long: 'delete-keys', summary: 'delete the stored keys without making a copy' },
    ],
    example: 'awsh uninstall --yes --export-keys',
  },
  {
    name: 'hook',
    summary: 'print the path of the shell hook, to source it yourself',
    group: 'Setting up',
    codingAgents: 'free',
    arguments: [{ name: 'SHELL', required: true, choices: supportedShells, summary: 'the shell' }],
    example: 'source "$(awsh hook bash)"',
  },
  {
    name: 'version',
    summary: 'show the version',
    group: 'Setting up',
    codingAgents: 'free',
    example: 'awsh version',
    hidden: true,
  },
  {
    name: 'completion',
    summary: 'print the shell completion script',
    group: 'Setting up',
    codingAgents: 'free',
    arguments: [{ name: 'SHELL', required: true, choices: supportedShells, summary: 'the shell' }],
    example: 'awsh completion zsh > ~/.zfunc/_awsh',
  },
  {
    name: 'prompt',
    summary: 'print the prompt segment: the profile and the time left',
    details:
      'For scripts, status lines and prompts that already start a program. It reads only the environment. To ' +
      'show the segment without starting a program, use AWSH_SEGMENT, a variable that the hook keeps up to date ' +
      '(docs/prompt.md).',
    group: 'This shell',
    codingAgents: 'free',
    options: [
      {
        long: 'shell',
        value: 'SHELL',
        choices: [...supportedShells, 'tmux'],
        summary: 'add colours in the form that this prompt needs',
      },
      {
        long: 'format',
        value: 'FORMAT',
        choices: ['json'],
        summary: 'print the state of the shell, the reason and the next command',
      },
    ],
    example: "PS1='$(awsh prompt --shell bash) \\w $ '",
  },
  {
    name: 'config',
    summary: 'show and change the settings of awsh',
    details:
      'Shows each setting, its value, and where it is set: in the settings file, by a variable, or by default. ' +
      'protected, registries and trusted_dirs take several values. config aws shows how the SDKs parse your AWS ' +
      'config and credentials files; a malformed line is an error.',
    group: 'Setting up',
    codingAgents: [{ mayNot: 'change the settings', actions: ['set', 'unset'] }],
    arguments: [
      {
        name: 'ACTION',
        choices: ['list', 'get', 'set', 'unset', 'aws'],
        summary: 'what to do (list if omitted)',
      },
      { name: 'NAME', choices: settingKeys, summary: 'the setting' },
      { name: 'VALUE', repeats: true, suggestsAfter: afterSet, summary: 'its new value' },
    ],
    options: [
      { long: 'json', summary: 'print JSON' },
      { long: 'lenient', summary: 'with aws: tolerate malformed lines, as all other commands do' },
    ],
    example: 'awsh config set lock_after 8h',
  },
  {
    name: 'demo',
    summary: 'try awsh in a sandbox that leaves nothing behind',
    group: 'Setting up',
    codingAgents: 'free',
    example: 'awsh demo',
  },
];
