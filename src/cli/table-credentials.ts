import type { CommandRow } from './command-row.ts';
import { movingCommands } from './table-moving.ts';
import { execRow, exportRow, narrowingOptions, profile, roleOptions, sessionOptions } from './table-quick.ts';

/** The verbs that keep and give credentials. */
export const credentialCommands: readonly CommandRow[] = [
  {
    name: 'add',
    summary: 'store an access key',
    details:
      'Asks for the key id and the secret on the terminal. With --stdin the key id is the first line of stdin and the ' +
      'secret the second. The profile is added to the AWS config file where it is missing.',
    group: 'Credentials',
    arguments: [{ ...profile, required: true }],
    options: [
      { long: 'env', summary: 'take the key from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' },
      { long: 'stdin', summary: 'take the key from stdin: the key id on one line, the secret on the next' },
      { long: 'no-add-config', summary: 'leave the AWS config file alone' },
      {
        long: 'add-config',
        summary: 'add the profile to the AWS config file, as it does anyway',
        hidden: true,
      },
      { long: 'force', short: 'f', summary: 'replace a stored key without asking' },
    ],
    example: 'awsh add work',
  },
  {
    name: 'list',
    aliases: ['ls'],
    summary: 'show profiles, stored keys and sessions',
    group: 'Credentials',
    options: [
      { long: 'json', summary: 'as JSON' },
      { long: 'profiles', summary: 'only the names of the profiles, one a line' },
      { long: 'credentials', summary: 'only the names with a stored key, one a line' },
      { long: 'sessions', summary: 'only the stored sessions, one a line' },
    ],
    example: 'awsh list',
  },
  {
    name: 'remove',
    aliases: ['rm'],
    summary: 'remove a stored access key and its sessions',
    group: 'Credentials',
    arguments: [
      {
        name: 'PROFILE',
        required: true,
        completes: 'stored-profile',
        summary: 'the profile whose credentials are removed',
      },
    ],
    options: [
      { long: 'sessions-only', short: 's', summary: 'keep the key, remove its sessions' },
      { long: 'force', short: 'f', summary: 'without asking' },
    ],
    example: 'awsh remove work',
  },
  {
    name: 'clear',
    summary: 'remove stored sessions; access keys stay',
    details:
      'Of all profiles, or of one. What a shell has loaded already stays there: awsh off takes it out.',
    group: 'Credentials',
    arguments: [{ ...profile, summary: 'only the sessions of this profile' }],
    example: 'awsh clear work',
  },
  {
    name: 'rotate',
    summary: 'replace a stored access key by a new one',
    details:
      'Makes a new key, stores it, proves it, and only then removes the old one, in every profile that holds it. For a ' +
      'role it is the key of its source. If it is interrupted, run it again: it goes on. With --all the exit status is 0 if ' +
      'every key was replaced, 12 if some were and others were not, and that of the first failure if none was.',
    group: 'Credentials',
    arguments: [
      { name: 'PROFILE', completes: 'stored-profile', summary: "whose key, or the role's source whose key" },
    ],
    options: [
      { long: 'no-session', short: 'n', summary: 'sign with the key itself, without an MFA code' },
      {
        long: 'mfa-token',
        short: 't',
        value: 'CODE',
        summary: 'the MFA code, instead of being asked for it',
      },
      { long: 'all', summary: 'every stored key' },
      { long: 'older-than', value: 'TIME', summary: 'with --all: only keys made that long ago, as 90d' },
    ],
    example: 'awsh rotate work',
  },
  ...movingCommands,
  execRow,
  exportRow,
  {
    name: 'explain',
    summary: 'show how a profile gets its credentials, without any call',
    details:
      'The steps in their order: who signs each, where MFA is asked for, how long it lasts and what caps it, what is ' +
      'cached, and what would happen now. It is the plan that exec and export run.',
    group: 'Credentials',
    arguments: [profile],
    options: [
      ...sessionOptions.filter(({ long }) => long !== 'mfa-token'),
      ...roleOptions,
      ...narrowingOptions,
      { long: 'json', summary: 'as JSON' },
    ],
    example: 'awsh explain work',
  },
];
