import type { CommandRow } from './command-row.ts';
import { oldLoginOptions } from './old-aws-vault-options.ts';
import { browsers, consoleServices } from './suggestions.ts';
import { roleOptions } from './table-quick.ts';

/** The verb that opens the AWS console. */
export const consoleCommands: readonly CommandRow[] = [
  {
    name: 'login',
    summary: 'sign in to the AWS console in a browser',
    details:
      'Without a profile it takes AWS_PROFILE, else the credentials of this shell. The address with its token reaches the ' +
      'browser through a private page, never through a command line.',
    group: 'Credentials',
    arguments: [{ name: 'PROFILE', completes: 'profile', summary: 'a profile of your AWS config file' }],
    options: [
      {
        long: 'service',
        value: 'NAME',
        suggests: consoleServices,
        summary: "open this service's page, as s3",
      },
      { long: 'path', value: 'PATH', summary: 'open this page of the console' },
      { long: 'region', value: 'REGION', completes: 'region', summary: "instead of the profile's" },
      {
        long: 'browser',
        value: 'NAME',
        suggests: browsers,
        summary: 'firefox, chrome, chromium, edge, brave, or a program',
      },
      {
        long: 'container',
        value: 'NAME',
        summary: 'a container of Firefox, or a profile of Chrome, to keep accounts apart',
      },
      { long: 'stdout', short: 's', summary: 'print the address and open nothing' },
      { long: 'duration', short: 'd', value: 'TIME', summary: 'how long the session is to last, as 1h30m' },
      { long: 'no-session', short: 'n', summary: 'make no session at the source first' },
      {
        long: 'mfa-token',
        short: 't',
        value: 'CODE',
        summary: 'the MFA code, instead of being asked for it',
      },
      ...roleOptions,
      { long: 'auto-logout', short: 'a', summary: 'sign whoever is signed in out first' },
      ...oldLoginOptions,
    ],
    example: 'awsh login work --service s3',
  },
];
