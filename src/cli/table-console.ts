import type { CommandRow } from './command-row.ts';
import { oldLoginOptions } from './old-aws-vault-options.ts';
import { browsers, consoleServices } from './suggestions.ts';
import { reasonOption, roleOptions } from './table-quick.ts';

/** The verb that opens the AWS console. */
export const consoleCommands: readonly CommandRow[] = [
  {
    name: 'login',
    summary: 'sign in to the AWS console in a browser',
    details:
      'Without a profile, it uses AWS_PROFILE, or else the credentials in this shell. The sign-in URL contains ' +
      'a token, so awsh passes it to the browser in a private file, never on a command line.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'open the console' }],
    arguments: [{ name: 'PROFILE', completes: 'profile', summary: 'a profile of your AWS config file' }],
    options: [
      {
        long: 'service',
        value: 'NAME',
        suggests: consoleServices,
        summary: "open this service's page, e.g. s3",
      },
      { long: 'path', value: 'PATH', summary: 'open this page of the console' },
      {
        long: 'region',
        value: 'REGION',
        completes: 'region',
        summary: "the AWS region, instead of the profile's",
      },
      {
        long: 'browser',
        value: 'NAME',
        suggests: browsers,
        summary: 'firefox, chrome, chromium, edge, brave, or another program',
      },
      {
        long: 'container',
        value: 'NAME',
        summary: 'a Firefox container or Chrome profile, to keep accounts apart',
      },
      { long: 'stdout', short: 's', summary: 'print the URL instead of opening a browser' },
      { long: 'duration', short: 'd', value: 'TIME', summary: 'how long the session lasts, e.g. 1h30m' },
      reasonOption,
      {
        long: 'no-session',
        short: 'n',
        summary: 'use the source credentials directly, without a session first',
      },
      {
        long: 'mfa-token',
        short: 't',
        value: 'CODE',
        summary: 'use this MFA code instead of asking for one',
      },
      ...roleOptions,
      { long: 'auto-logout', short: 'a', summary: 'sign out of the current console session first' },
      ...oldLoginOptions,
    ],
    example: 'awsh login work --service s3',
  },
];
