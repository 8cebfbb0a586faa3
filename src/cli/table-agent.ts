import type { CommandRow } from './command-row.ts';

/** The verbs of the agent, and of the lock that stops all credentials. */
export const agentCommands: readonly CommandRow[] = [
  {
    name: 'agent',
    summary: 'start, stop or check the background process that holds sessions',
    details:
      'The first command that needs the agent starts it. To run without it, set AWSH_AGENT=off, or run: awsh config set agent off.',
    group: 'Setting up',
    codingAgents: 'free',
    arguments: [
      { name: 'ACTION', required: true, choices: ['start', 'stop', 'status'], summary: 'what to do' },
    ],
    options: [{ long: 'json', summary: 'status: print JSON' }],
    example: 'awsh agent status',
  },
  {
    name: 'lock',
    summary: 'forget all sessions, and refuse credentials until awsh unlock',
    details:
      'Also signs out of IAM Identity Center if you signed in with awsh. To lock automatically after a period ' +
      'without use, set lock_after; this does not sign out.',
    group: 'Credentials',
    codingAgents: 'free',
    example: 'awsh lock',
  },
  {
    name: 'log',
    summary: 'show which credentials awsh provided, when and where',
    details:
      'Prints one line for each time that awsh provided credentials: what provided them, the profile, the access key ' +
      'ID (as in CloudTrail), the terminal and the directory. The log never contains secrets. The settings log ' +
      'and log_directories change what is recorded.',
    group: 'Credentials',
    codingAgents: 'free',
    options: [
      { long: 'since', value: 'TIME', summary: 'how far back to look: 8h, 2d, yesterday, 2026-11-30' },
      { long: 'profile', value: 'PROFILE', completes: 'profile', summary: 'only entries for this profile' },
      { long: 'key', value: 'ID', summary: 'only this access key ID; its first or last part is enough' },
      { long: 'utc', summary: 'show times in UTC' },
      { long: 'json', summary: 'print JSON, one object per line' },
    ],
    example: 'awsh log --since 2d --profile prod',
  },
  {
    name: 'unlock',
    summary: 'unlock awsh; asks for the passphrase if keys are in encrypted files',
    details:
      'In CI, or with AWSH_AGENT=off, no agent keeps the vault open, so every command derives the key from the ' +
      'passphrase again. --for-job unlocks the vault once for a whole job: for everything started by the ' +
      'process that runs awsh (or by --pid), until that process ends. The risks are described in ' +
      'docs/security.md.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'unlock awsh' }],
    options: [
      { long: 'for-job', summary: 'in CI: keep the vault unlocked until the calling process ends' },
      {
        long: 'pid',
        value: 'PID',
        summary: 'with --for-job: until this process ends; it must have started awsh',
      },
    ],
    example: 'awsh unlock --for-job',
  },
];
