import type { CommandRow } from './command-row.ts';

/** The verb that looks at all the others' surroundings. */
export const doctorCommands: readonly CommandRow[] = [
  {
    name: 'doctor',
    summary: 'find what is wrong, and how to fix it',
    details:
      'Looks at Node, the shell, the vault, the agent, the AWS files and the environment; changes nothing. Exit status ' +
      '1 where there is a problem.',
    group: 'Setting up',
    options: [
      { long: 'offline', summary: 'without the one request to AWS, for its clock' },
      { long: 'json', summary: 'as JSON' },
    ],
    example: 'awsh doctor',
  },
];
