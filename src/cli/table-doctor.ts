import type { CommandRow } from './command-row.ts';

/** The verb that checks the installation and the environment. */
export const doctorCommands: readonly CommandRow[] = [
  {
    name: 'doctor',
    summary: 'find problems, and show how to fix them',
    details:
      'Checks Node, the shell, the vault, the agent, the AWS files and the environment, and changes nothing. ' +
      'The exit status is 1 if there is a problem.',
    group: 'Setting up',
    codingAgents: 'free',
    options: [
      { long: 'offline', summary: 'skip the one request to AWS, which compares the clocks' },
      { long: 'json', summary: 'print JSON' },
    ],
    example: 'awsh doctor',
  },
];
