import type { ArgumentRow, CommandRow } from './command-row.ts';

const directory: ArgumentRow = {
  name: 'DIR',
  completes: 'directory',
  summary: 'a directory; this one where none is given',
};

/** The verbs about the directory file and whether it is trusted. */
export const directoryCommands: readonly CommandRow[] = [
  {
    name: 'init',
    summary: 'write a .awsprofile here and allow it',
    group: 'Directories',
    arguments: [
      { name: 'PROFILE', completes: 'profile', summary: 'the profile that this directory is to load' },
    ],
    example: 'awsh init work',
  },
  {
    name: 'allow',
    summary: 'trust the .awsprofile that governs this directory',
    group: 'Directories',
    arguments: [directory],
    options: [
      { long: 'list', summary: 'show what is trusted and refused' },
      { long: 'prune', summary: 'forget the files that are gone' },
    ],
    example: 'awsh allow',
  },
  {
    name: 'deny',
    summary: 'refuse the .awsprofile that governs this directory',
    group: 'Directories',
    arguments: [directory],
    example: 'awsh deny',
  },
];
