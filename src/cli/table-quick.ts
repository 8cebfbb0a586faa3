import { exportFormats } from '../shell/index.ts';
import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { oldExecOptions } from './old-aws-vault-options.ts';

/*
 * The verbs that hooks and scripts wait for, apart from the others: src/cli/hot-table.ts has these alone.
 */

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
    summary: 'assume this role: an ARN, or ACCOUNT:ROLE; PROFILE or --source-profile assumes it',
  },
  {
    long: 'source-profile',
    value: 'PROFILE',
    completes: 'profile',
    summary: 'with a role: the profile whose credentials assume it',
  },
  { long: 'external-id', value: 'ID', summary: 'with a role: the external id that its account wants' },
  { long: 'session-name', value: 'NAME', summary: "with a role: the session's name" },
  { long: 'tags', value: 'TAGS', summary: 'with a role: session tags, as team=blue,env=dev' },
];

/** Less than the profile may do. */
export const narrowingOptions: readonly OptionRow[] = [
  { long: 'read-only', summary: "only what AWS's policy ReadOnlyAccess allows, which reads data, too" },
  {
    long: 'policy',
    value: 'POLICY',
    completes: 'file',
    summary: 'only what this session policy allows: a file, or the JSON itself',
  },
  {
    long: 'policy-arn',
    value: 'ARN',
    repeats: true,
    summary: 'only what this managed policy allows; of several, what one of them allows',
  },
];

/** A time, after which the credentials are to go. */
export const timeOption: OptionRow = {
  long: 'for',
  value: 'TIME',
  summary: 'give the credentials up after this time, as 15m; AWS is asked for no longer session than that',
};

export const refresh: OptionRow = {
  long: 'refresh',
  summary: 'a new session, also if the cached one is still good',
};

/** What `exec` and `export` have in common: aws-vault's own options. */
export const sessionOptions: readonly OptionRow[] = [
  { long: 'duration', short: 'd', value: 'TIME', summary: 'how long the session is to last, as 1h30m' },
  { long: 'no-session', short: 'n', summary: 'use the stored access key itself, without a session' },
  {
    long: 'region',
    value: 'REGION',
    completes: 'region',
    summary: "the AWS region or its short name (ue1), instead of the profile's",
  },
  { long: 'mfa-token', short: 't', value: 'CODE', summary: 'the MFA code, instead of being asked for it' },
  { long: 'stdout', summary: 'open no browser, as it never does here', hidden: true },
];

export const execRow: CommandRow = {
  name: 'exec',
  summary: "run a command with a profile's credentials",
  details:
    'Without a command it starts your shell. With --server the command gets no keys but the address of a server, which ' +
    'gives it keys that renew for as long as it runs.',
  group: 'Credentials',
  arguments: [profile],
  options: [
    ...sessionOptions,
    ...roleOptions,
    ...narrowingOptions,
    timeOption,
    {
      long: 'only',
      summary:
        'give the command no other profile: AWS files of its own, and with bubblewrap yours are not there',
    },
    refresh,
    { long: 'server', short: 's', summary: 'give keys that renew, from a server on loopback' },
    { long: 'ecs-server', summary: 'as --server', hidden: true },
    { long: 'lazy', summary: 'with --server: fetch nothing before the command asks' },
    { long: 'json', short: 'j', summary: 'print the credentials as JSON and run nothing', hidden: true },
    { long: 'profile-env', summary: 'give the command AWS_PROFILE alone, and no keys' },
    ...oldExecOptions,
  ],
  takesCommand: true,
  example: 'awsh exec work -- aws sts get-caller-identity',
};

export const exportRow: CommandRow = {
  name: 'export',
  summary: "print a profile's credentials",
  details:
    '--format credentials is a credentials file for tools that read nothing else (AWS_SHARED_CREDENTIALS_FILE), dotenv an ' +
    '.env file. With --output the file is for you alone, and is replaced as a whole; the keys in it end when the session does.',
  group: 'Credentials',
  arguments: [profile],
  options: [
    ...sessionOptions,
    ...roleOptions,
    ...narrowingOptions,
    timeOption,
    refresh,
    {
      long: 'format',
      value: 'FORMAT',
      choices: exportFormats,
      summary: 'what to print them as',
    },
    {
      long: 'output',
      value: 'FILE',
      completes: 'file',
      summary: 'write them to this file, for you alone, instead of printing them',
    },
    { long: 'no-ask', summary: 'ask nobody: fail at once where a person is needed' },
    { long: 'ask', summary: 'ask at the terminal, also for --format process' },
  ],
  example: 'awsh export work --format json',
};

/** What the hook calls. */
export const loadRow: CommandRow = {
  name: '_load',
  summary: 'answer the hook',
  group: 'This shell',
  example: 'awsh _load',
  hidden: true,
};
