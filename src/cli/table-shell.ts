import type { CommandRow } from './command-row.ts';
import { loadRow, narrowingOptions, reasonOption, roleOptions, timeOption } from './table-quick.ts';

/** The verbs that change or show what this shell has loaded. */
export const shellCommands: readonly CommandRow[] = [
  {
    name: 'use',
    summary: 'load a profile and keep it in every directory',
    details:
      'Without a name, you choose from a list: type any part of a line to search. An unknown name changes ' +
      'nothing. `awsh use -` goes back to the previous profile.',
    group: 'This shell',
    codingAgents: 'limited',
    arguments: [{ name: 'PROFILE', completes: 'profile', summary: 'a profile, or - for the previous one' }],
    options: [
      { long: 'auto', summary: 'load profiles by directory again' },
      { long: 'check', summary: 'print the name of the profile, if it exists', hidden: true },
      ...narrowingOptions,
      timeOption,
      reasonOption,
      ...roleOptions,
    ],
    example: 'awsh use work',
  },
  {
    name: 'off',
    summary: 'unload the profile, and load nothing until the next awsh use',
    group: 'This shell',
    codingAgents: 'free',
    example: 'awsh off',
  },
  {
    name: 'refresh',
    summary: 'renew the loaded credentials now',
    group: 'This shell',
    codingAgents: 'limited',
    example: 'awsh refresh',
  },
  {
    name: 'status',
    summary: 'show what is loaded here, and why',
    group: 'This shell',
    codingAgents: 'free',
    options: [
      { long: 'json', summary: 'print JSON' },
      { long: 'verify', summary: 'ask AWS whose credentials are loaded' },
    ],
    example: 'awsh status',
  },
  {
    name: '_names',
    summary: 'update the names that Tab completes',
    group: 'This shell',
    codingAgents: 'free',
    example: 'awsh _names',
    hidden: true,
  },
  loadRow,
  {
    name: '_pin',
    typedAs: 'use',
    summary: 'give the hook the word for a role without a profile, or for reduced permissions',
    group: 'This shell',
    codingAgents: 'limited',
    arguments: [{ name: 'PROFILE', summary: 'the profile that assumes the role' }],
    options: [...narrowingOptions, timeOption, reasonOption, ...roleOptions],
    example: 'awsh _pin',
    hidden: true,
  },
  {
    name: '_serve',
    summary: 'provide keys to the command of exec --server',
    group: 'This shell',
    codingAgents: 'limited',
    example: 'awsh _serve',
    hidden: true,
  },
];
