import { exportFormats } from '../shell/index.ts';
import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { oldExecOptions } from './old-aws-vault-options.ts';

/* The verbs that hooks and scripts wait for. */

export const profile: ArgumentRow = {
  name: 'PROFILE',
  completes: 'profile',
  summary: 'a profile of your AWS config file',
};

/** A role that no profile names. */
export const roleOptions: readonly OptionRow[] = [
  {
    long: 'role-arn',
    value: 'ROLE',
    summary: 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile',
  },
  {
    long: 'source-profile',
    value: 'PROFILE',
    completes: 'profile',
    summary: 'with a role: the profile whose credentials assume it',
  },
  { long: 'external-id', value: 'ID', summary: 'with a role: the external ID that it requires' },
  { long: 'session-name', value: 'NAME', summary: 'with a role: the session name' },
  { long: 'tags', value: 'TAGS', summary: 'with a role: session tags, e.g. team=blue,env=dev' },
];

/** Reduce the permissions of the profile. */
export const narrowingOptions: readonly OptionRow[] = [
  { long: 'read-only', summary: "only what AWS's ReadOnlyAccess policy allows, which includes reading data" },
  {
    long: 'policy',
    value: 'POLICY',
    completes: 'file',
    summary: 'only what this session policy allows: a file or JSON text',
  },
  {
    long: 'policy-arn',
    value: 'ARN',
    repeats: true,
    summary: 'only what this managed policy allows; repeat the option to allow more',
  },
];

/** Limits how long the credentials may be used. */
export const timeOption: OptionRow = {
  long: 'for',
  value: 'TIME',
  summary: 'how long to keep the credentials, e.g. 15m; also limits the session requested from AWS',
};

/** Why, for a protected profile. */
export const reasonOption: OptionRow = {
  long: 'reason',
  value: 'TEXT',
  summary: 'why you need a protected profile: shown in CloudTrail and awsh log',
};

export const refresh: OptionRow = {
  long: 'refresh',
  summary: 'get a new session even if the cached one is still valid',
};

/** The options common to `exec` and `export`, from aws-vault. */
export const sessionOptions: readonly OptionRow[] = [
  { long: 'duration', short: 'd', value: 'TIME', summary: 'how long the session lasts, e.g. 1h30m' },
  { long: 'no-session', short: 'n', summary: 'use the stored access key itself, without a session' },
  {
    long: 'region',
    value: 'REGION',
    completes: 'region',
    summary: "the AWS region or its short name (ue1), instead of the profile's",
  },
  { long: 'mfa-token', short: 't', value: 'CODE', summary: 'use this MFA code instead of asking for one' },
  { long: 'stdout', summary: 'accepted, but has no effect: awsh opens no browser here', hidden: true },
];

export const execRow: CommandRow = {
  name: 'exec',
  summary: "run a command with a profile's credentials",
  details:
    'Without a command, it starts your shell. With --server, the command gets no keys, only the address of a ' +
    'local server, which provides keys and renews them as long as the command runs.',
  group: 'Credentials',
  codingAgents: 'limited',
  arguments: [profile],
  options: [
    ...sessionOptions,
    ...roleOptions,
    ...narrowingOptions,
    timeOption,
    reasonOption,
    {
      long: 'only',
      summary:
        'hide other profiles: the command gets its own AWS files; bubblewrap, if installed, hides yours',
    },
    refresh,
    { long: 'server', short: 's', summary: 'provide keys that renew, from a local server' },
    { long: 'ecs-server', summary: 'same as --server', hidden: true },
    { long: 'lazy', summary: 'with --server: fetch nothing until the command asks' },
    { long: 'json', short: 'j', summary: 'print the credentials as JSON and run nothing', hidden: true },
    { long: 'profile-env', summary: 'give the command only AWS_PROFILE, and no keys' },
    ...oldExecOptions,
  ],
  takesCommand: true,
  example: 'awsh exec work -- aws sts get-caller-identity',
};

export const exportRow: CommandRow = {
  name: 'export',
  summary: "print a profile's credentials",
  details:
    '--format credentials makes a credentials file, for tools that read nothing else ' +
    '(AWS_SHARED_CREDENTIALS_FILE); dotenv makes an .env file. A file written with --output is readable only ' +
    'by you, and replaces any earlier one. The keys in it expire with the session.',
  group: 'Credentials',
  codingAgents: 'limited',
  arguments: [profile],
  options: [
    ...sessionOptions,
    ...roleOptions,
    ...narrowingOptions,
    timeOption,
    reasonOption,
    refresh,
    {
      long: 'format',
      value: 'FORMAT',
      choices: exportFormats,
      summary: 'the output format',
    },
    {
      long: 'output',
      value: 'FILE',
      completes: 'file',
      summary: 'write to this file, readable only by you, instead of printing',
    },
    { long: 'no-ask', summary: 'never ask; fail at once if an answer is needed' },
    { long: 'ask', summary: 'ask in the terminal, even with --format process' },
  ],
  example: 'awsh export work --format json',
};

/** The verb that the hook calls. */
export const loadRow: CommandRow = {
  name: '_load',
  summary: 'answer the hook',
  group: 'This shell',
  codingAgents: 'limited',
  example: 'awsh _load',
  hidden: true,
};
