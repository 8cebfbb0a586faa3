import type { CommandRow } from './command-row.ts';

/** The verbs of the agent, and of the lock that closes every path to credentials. */
export const agentCommands: readonly CommandRow[] = [
  {
    name: 'agent',
    summary: 'start, stop or show the background process that holds sessions',
    details:
      'It starts by itself with the first command that needs it. To run without it, set AWSH_AGENT=off or the setting agent = off.',
    group: 'Setting up',
    arguments: [
      { name: 'ACTION', required: true, choices: ['start', 'stop', 'status'], summary: 'what to do' },
    ],
    options: [{ long: 'json', summary: 'status as JSON' }],
    example: 'awsh agent status',
  },
  {
    name: 'lock',
    summary: 'forget all sessions, and give no credentials to anybody until unlock',
    details: 'The setting lock_after does it by itself after a time without use.',
    group: 'Credentials',
    example: 'awsh lock',
  },
  {
    name: 'log',
    summary: 'show which credentials were given, and from where',
    details:
      'One line for each time that awsh gave credentials: what gave them, the profile, the access key id that CloudTrail has, ' +
      'the terminal, and the directory. It never has a secret. The settings log and log_directories change what is recorded.',
    group: 'Credentials',
    options: [
      { long: 'since', value: 'TIME', summary: 'only what is not older than this, as 2d or 8h' },
      { long: 'profile', value: 'PROFILE', completes: 'profile', summary: 'only this profile' },
      { long: 'key', value: 'ID', summary: 'only this access key id, or the end of one' },
      { long: 'utc', summary: 'times in UTC' },
      { long: 'json', summary: 'as JSON, one object a line' },
    ],
    example: 'awsh log --since 2d --profile prod',
  },
  {
    name: 'unlock',
    summary: 'end the lock; with encrypted files it asks for the passphrase',
    details:
      'In CI, and with AWSH_AGENT=off, no agent keeps the vault open, and each command derives its key from the passphrase ' +
      'again. --for-job unlocks once for a whole job: for the commands below the process that runs awsh, or below --pid, ' +
      'until that process ends. docs/security.md has the risks.',
    group: 'Credentials',
    options: [
      { long: 'for-job', summary: 'in CI: keep the vault unlocked until the calling process ends' },
      { long: 'pid', value: 'PID', summary: 'with --for-job: until this process ends, one of those above' },
    ],
    example: 'awsh unlock --for-job',
  },
];
