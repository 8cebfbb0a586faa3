import type { CommandRow } from './command-row.ts';
import { browsers } from './suggestions.ts';

/** The verb for IAM Identity Center. */
export const ssoCommands: readonly CommandRow[] = [
  {
    name: 'sso',
    summary: 'sign in to or out of IAM Identity Center, list accounts, create profiles',
    details:
      'NAME is an [sso-session] in your AWS config file, or a profile that uses one or has login_session. For ' +
      'add, it is the name of the new session. Without NAME, awsh uses the session of this shell or directory, ' +
      'or the only one. The sign-in is shared with the AWS CLI and all SDKs. awsh opens a browser if it can, or ' +
      'else shows a code.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'sign in', actions: ['login', 'add'] }],
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
      { long: 'device-code', summary: 'login: enter a code on a web page, on any machine' },
      { long: 'browser-flow', summary: 'login: use a browser that connects back to this machine' },
      {
        long: 'browser',
        value: 'NAME',
        suggests: browsers,
        summary: 'login: firefox, chrome, chromium, edge, brave, or another program',
      },
      { long: 'no-browser', summary: 'login: show the address and open no browser' },
      { long: 'container', value: 'NAME', summary: 'login: a Firefox container or Chrome profile' },
      {
        long: 'port',
        value: 'PORT',
        summary: 'login: the port that the browser connects back to, for ssh -L',
      },
      { long: 'if-needed', summary: 'login: do nothing if you are already signed in' },
      { long: 'all', summary: 'login, logout: every session in the config file' },
      {
        long: 'start-url',
        value: 'URL',
        summary: "add: your organisation's sign-in URL, e.g. https://corp.awsapps.com/start",
      },
      {
        long: 'sso-region',
        value: 'REGION',
        completes: 'region',
        summary: 'add: the AWS region of your IAM Identity Center',
      },
      {
        long: 'scopes',
        value: 'SCOPES',
        summary: 'add: a list separated by commas (default sso:account:access)',
      },
      {
        long: 'name',
        value: 'TEMPLATE',
        summary: 'populate: profile names (default {account}/{role}; also {account_id} {session} {n})',
      },
      {
        long: 'region',
        value: 'REGION',
        completes: 'region',
        summary: 'populate: the AWS region for the profiles',
      },
      {
        long: 'only',
        value: 'GLOB',
        summary: 'populate: only profiles whose name, account or role matches, e.g. prod*',
      },
      { long: 'diff', summary: 'populate: show the changes without making them' },
      { long: 'yes', short: 'y', summary: 'populate: do not ask' },
      { long: 'prune', summary: 'populate: remove profiles for roles that you no longer have' },
      { long: 'json', summary: 'status, accounts: print JSON' },
      { long: 'fresh', summary: 'accounts: get a new list, even if the saved one is under 24 hours old' },
    ],
    example: 'awsh sso login corp',
  },
];
