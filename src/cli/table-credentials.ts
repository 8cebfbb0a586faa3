import type { CommandRow } from './command-row.ts';
import { movingCommands } from './table-moving.ts';
import { execRow, exportRow, narrowingOptions, profile, roleOptions, sessionOptions } from './table-quick.ts';

/** The verbs that store and give credentials. */
export const credentialCommands: readonly CommandRow[] = [
  {
    name: 'add',
    summary: 'store an access key',
    details:
      'Asks for the access key ID and the secret in the terminal. With --stdin, the key ID is the first line of ' +
      'stdin and the secret the second. If the profile is not in the AWS config file, it is added.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'change the stored keys' }],
    arguments: [{ ...profile, required: true }],
    options: [
      { long: 'env', summary: 'read the key from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' },
      { long: 'stdin', summary: 'read the key from stdin: the key ID on one line, the secret on the next' },
      { long: 'no-add-config', summary: 'do not change the AWS config file' },
      {
        long: 'add-config',
        summary: 'add the profile to the AWS config file (the default)',
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
    codingAgents: 'free',
    options: [
      { long: 'json', summary: 'print JSON' },
      { long: 'profiles', summary: 'only the profile names, one per line' },
      { long: 'credentials', summary: 'only the names with a stored key, one per line' },
      { long: 'sessions', summary: 'only the stored sessions, one per line' },
    ],
    example: 'awsh list',
  },
  {
    name: 'remove',
    aliases: ['rm'],
    summary: 'remove a stored access key and its sessions',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'remove a key' }],
    arguments: [
      {
        name: 'PROFILE',
        required: true,
        completes: 'stored-profile',
        summary: 'the profile whose credentials to remove',
      },
    ],
    options: [
      { long: 'sessions-only', short: 's', summary: 'remove the sessions, but keep the key' },
      { long: 'force', short: 'f', summary: 'do not ask' },
    ],
    example: 'awsh remove work',
  },
  {
    name: 'clear',
    summary: 'remove stored sessions, but keep access keys',
    details:
      'Removes the sessions of all profiles, or of one. Credentials that a shell has already loaded stay there; ' +
      'awsh off unloads them.',
    group: 'Credentials',
    codingAgents: 'free',
    arguments: [{ ...profile, summary: 'only the sessions of this profile' }],
    example: 'awsh clear work',
  },
  {
    name: 'rotate',
    summary: 'replace a stored access key with a new one',
    details:
      'Creates a new key, stores it, tests it, and only then deletes the old one, in every profile that uses ' +
      'it. For a role, it replaces the key of the source profile. If it is interrupted, run it again to ' +
      'continue. With --all, the exit status is 0 if every key was replaced, 12 if only some were, and that of ' +
      'the first failure if none was.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'create an access key' }],
    arguments: [
      {
        name: 'PROFILE',
        completes: 'stored-profile',
        summary: 'the profile whose key to replace, or a role that uses the key',
      },
    ],
    options: [
      { long: 'no-session', short: 'n', summary: 'sign requests with the key itself, without an MFA code' },
      {
        long: 'mfa-token',
        short: 't',
        value: 'CODE',
        summary: 'use this MFA code instead of asking for one',
      },
      { long: 'all', summary: 'replace every stored key' },
      { long: 'older-than', value: 'TIME', summary: 'with --all: only keys older than this, e.g. 90d' },
    ],
    example: 'awsh rotate work',
  },
  ...movingCommands,
  execRow,
  exportRow,
  {
    name: 'explain',
    summary: 'show how a profile gets its credentials, without calling AWS',
    details:
      'Lists the steps in order: who signs each one, which one needs MFA, how long it lasts and what limits ' +
      'that, what is cached, and what would happen now. exec and export follow the same plan.',
    group: 'Credentials',
    codingAgents: 'free',
    arguments: [profile],
    options: [
      ...sessionOptions.filter(({ long }) => long !== 'mfa-token'),
      ...roleOptions,
      ...narrowingOptions,
      { long: 'json', summary: 'print JSON' },
    ],
    example: 'awsh explain work',
  },
];
