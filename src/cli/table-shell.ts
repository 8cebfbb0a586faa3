import type { CommandRow } from './command-row.ts';
import { loadRow, narrowingOptions, roleOptions, timeOption } from './table-quick.ts';

/** The verbs that change or show what this shell has loaded. */
export const shellCommands: readonly CommandRow[] = [
  {
    name: 'use',
    summary: 'load a profile and keep it, whatever the directory',
    details:
      'Without a name you choose one: type any part of a line. An unknown name changes nothing. `awsh use -` goes back to ' +
      'the profile before.',
    group: 'This shell',
    arguments: [{ name: 'PROFILE', completes: 'profile', summary: 'a profile, or - for the one before' }],
    options: [
      { long: 'auto', summary: 'follow the directories again' },
      { long: 'check', summary: 'print the name of the profile, if there is one', hidden: true },
      ...narrowingOptions,
      timeOption,
      ...roleOptions,
    ],
    example: 'awsh use work',
  },
  {
    name: 'off',
    summary: 'unload, and stay unloaded until the next use',
    group: 'This shell',
    example: 'awsh off',
  },
  {
    name: 'refresh',
    summary: 'renew what is loaded now',
    group: 'This shell',
    example: 'awsh refresh',
  },
  {
    name: 'status',
    summary: 'show what is loaded here, and why',
    group: 'This shell',
    options: [
      { long: 'json', summary: 'as JSON' },
      { long: 'verify', summary: 'ask AWS who this is' },
    ],
    example: 'awsh status',
  },
  {
    name: '_names',
    summary: 'bring the names for Tab up to date',
    group: 'This shell',
    example: 'awsh _names',
    hidden: true,
  },
  loadRow,
  {
    name: '_pin',
    typedAs: 'use',
    summary: 'give the hook the word for a role that no profile names, or for less than a profile may do',
    group: 'This shell',
    arguments: [{ name: 'PROFILE', summary: 'the profile that assumes the role' }],
    options: [...narrowingOptions, timeOption, ...roleOptions],
    example: 'awsh _pin',
    hidden: true,
  },
  {
    name: '_serve',
    summary: 'give keys to the command of exec --server',
    group: 'This shell',
    example: 'awsh _serve',
    hidden: true,
  },
];
