import type { CommandRow, OptionRow } from './command-row.ts';

export const supportedShells = ['bash', 'zsh', 'fish'] as const;

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
    name: 'hook',
    summary: 'print the path of the hook, to source it by hand',
    group: 'Setting up',
    arguments: [{ name: 'SHELL', required: true, choices: supportedShells, summary: 'the shell' }],
    example: 'source "$(awsh hook bash)"',
  },
  {
    name: 'completion',
    summary: 'print the completion script',
    group: 'Setting up',
    arguments: [{ name: 'SHELL', required: true, choices: supportedShells, summary: 'the shell' }],
    example: 'awsh completion zsh > ~/.zfunc/_awsh',
  },
  {
    name: 'config',
    summary: 'show what was read from the AWS config and credentials files',
    group: 'Setting up',
    arguments: [
      { name: 'WHAT', required: true, choices: ['aws'], summary: 'aws: profiles, SSO sessions and services' },
    ],
    options: [{ long: 'json', summary: 'as JSON' }],
    example: 'awsh config aws --json',
  },
  {
    name: 'demo',
    summary: 'try awsh in a sandbox that leaves nothing behind',
    group: 'Setting up',
    example: 'awsh demo',
  },
];
