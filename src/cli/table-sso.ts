import type { CommandRow } from './command-row.ts';
import { browsers } from './suggestions.ts';

/** The verb for IAM Identity Center. */
export const ssoCommands: readonly CommandRow[] = [
  {
    name: 'sso',
    summary: 'sign in to IAM Identity Center, sign out, list your accounts, make profiles',
    details:
      'NAME is an [sso-session] of your AWS config file, or a profile that uses one or has login_session; for add, the name of a new session. Without it, ' +
      'awsh takes the session of this shell or directory, or the only one. The sign-in is shared with the AWS CLI and all SDKs. awsh uses your browser if it can ' +
      'open one here, else a code.',
    group: 'Credentials',
    arguments: [
      {
        name: 'ACTION',
        required: true,
        choices: ['login', 'logout', 'status', 'accounts', 'add', 'populate'],
        summary: 'what to do',
      },
      { name: 'NAME', completes: 'profile', summary: 'an sso-session or a profile' },
    ],
    options: [
      { long: 'device-code', summary: 'login: with a code that you type into a page, on any machine' },
      { long: 'browser-flow', summary: 'login: with a browser that returns to this machine' },
      {
        long: 'browser',
        value: 'NAME',
        suggests: browsers,
        summary: 'login: firefox, chrome, chromium, edge, brave, or a program',
      },
      { long: 'container', value: 'NAME', summary: 'login: a container of Firefox, or a profile of Chrome' },
      { long: 'port', value: 'PORT', summary: 'login: the port to which the browser returns, for ssh -L' },
      { long: 'if-needed', summary: 'login: do nothing if you are signed in' },
      { long: 'all', summary: 'login, logout: every session of the config file' },
      {
        long: 'start-url',
        value: 'URL',
        summary: 'add: where your organisation signs in, as https://corp.awsapps.com/start',
      },
      {
        long: 'sso-region',
        value: 'REGION',
        completes: 'region',
        summary: 'add: the region of its Identity Center',
      },
      {
        long: 'scopes',
        value: 'SCOPES',
        summary: 'add: separated by commas; sso:account:access unless told',
      },
      {
        long: 'name',
        value: 'TEMPLATE',
        summary: 'populate: {account}/{role} unless told; also {account_id} {session} {n}',
      },
      {
        long: 'region',
        value: 'REGION',
        completes: 'region',
        summary: 'populate: the region of the profiles',
      },
      {
        long: 'only',
        value: 'GLOB',
        summary: 'populate: those whose name, account or role matches, as prod*',
      },
      { long: 'diff', summary: 'populate: show the changes, and make none' },
      { long: 'yes', short: 'y', summary: 'populate: do not ask' },
      { long: 'prune', summary: 'populate: remove profiles of roles that you no longer have' },
      { long: 'json', summary: 'status, accounts: as JSON' },
      { long: 'fresh', summary: 'accounts: list them now, even if a list of the last 24 hours is kept' },
    ],
    example: 'awsh sso login corp',
  },
];
