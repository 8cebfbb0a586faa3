import type { ArgumentRow, CommandRow } from './command-row.ts';

const directory: ArgumentRow = {
  name: 'DIR',
  completes: 'directory',
  summary: 'a directory; the current one by default',
};

/** The verbs for the directory file and its trust. */
export const directoryCommands: readonly CommandRow[] = [
  {
    name: 'init',
    summary: 'create a .awsprofile file here and allow it',
    group: 'Directories',
    codingAgents: [{ mayNot: 'allow a directory file' }],
    arguments: [{ name: 'PROFILE', completes: 'profile', summary: 'the profile to load in this directory' }],
    example: 'awsh init work',
  },
  {
    name: 'allow',
    summary: 'trust the .awsprofile file that applies to this directory',
    group: 'Directories',
    codingAgents: [{ mayNot: 'allow a directory file', unless: ['list', 'prune'] }],
    arguments: [directory],
    options: [
      { long: 'list', summary: 'list what is trusted and refused' },
      { long: 'prune', summary: 'forget files that no longer exist' },
    ],
    example: 'awsh allow',
  },
  {
    name: 'deny',
    summary: 'refuse the .awsprofile file that applies to this directory',
    group: 'Directories',
    codingAgents: 'free',
    arguments: [directory],
    example: 'awsh deny',
  },
];
