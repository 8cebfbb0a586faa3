import type { CommandRow, OptionRow } from './command-row.ts';
import { narrowingOptions, profile, refresh, roleOptions, sessionOptions } from './table-quick.ts';

/** How long, and how much: of every grant. */
const grantOptions: readonly OptionRow[] = [
  { long: 'for', value: 'TIME', summary: 'how long the grant lasts, as 30m or 8h; 1h without it' },
  ...narrowingOptions,
  ...sessionOptions,
  ...roleOptions,
  refresh,
];

/** The verbs that other programs call by themselves, or that bring credentials to another place. */
export const toolCommands: readonly CommandRow[] = [
  {
    name: 'eks-token',
    summary: 'print a token for a cluster of Amazon EKS, as kubectl wants it',
    details:
      'For the exec section of a user in your kubeconfig (docs/ecr-eks.md). Without --profile it uses the credentials of this ' +
      'shell, AWS_PROFILE, or the profile of this directory if you have allowed it. It asks nobody.',
    group: 'Credentials',
    arguments: [{ name: 'CLUSTER', required: true, summary: 'the name of the cluster' }],
    options: [
      {
        long: 'profile',
        value: 'PROFILE',
        completes: 'profile',
        summary: 'whose credentials sign the token',
      },
      {
        long: 'region',
        value: 'REGION',
        completes: 'region',
        summary: "the cluster's AWS region or its short name (ue1), instead of the profile's",
      },
    ],
    example: 'awsh eks-token blue --profile dev --region eu-west-1',
  },
  {
    name: 'serve',
    summary: 'give a container or a remote host credentials that renew, on a socket',
    details:
      'A grant is a socket and a token in a folder of your own. Mount the folder into a container, where awsh relay or socat leads ' +
      'a port to the socket (--print shows the lines). It ends after --for, by --revoke, and by awsh lock (docs/containers.md).',
    group: 'Credentials',
    arguments: [profile],
    options: [
      { long: 'list', summary: 'show the grants' },
      { long: 'revoke', value: 'GRANT', summary: 'end this grant' },
      {
        long: 'print',
        value: 'FORM',
        choices: ['devcontainer', 'compose'],
        summary: 'print the lines for a devcontainer.json or a compose file',
      },
      {
        long: 'name',
        value: 'NAME',
        summary: 'how the grant is called; --print uses devcontainer without it',
      },
      ...grantOptions,
      { long: 'json', summary: 'as JSON' },
    ],
    example: 'awsh serve dev --for 8h --name devcontainer',
  },
  {
    name: 'relay',
    summary: 'in a container: lead a port of its loopback to the socket of a grant',
    group: 'Credentials',
    options: [
      { long: 'socket', value: 'FILE', completes: 'file', summary: 'the socket; /run/awsh/sock without it' },
      { long: 'port', value: 'PORT', summary: 'the port on 127.0.0.1; 9911 without it' },
    ],
    example: 'awsh relay --socket /run/awsh/sock --port 9911',
  },
  {
    name: 'ssh',
    summary: "open a session on another machine that gets a profile's credentials from here",
    details:
      'The programs there get credentials that renew and may only read, for an hour, by a forwarded port and a token that is ' +
      'removed at the end. --read-write gives all that the profile may do. Without a command it is a shell.',
    group: 'Credentials',
    arguments: [
      { ...profile, required: true },
      {
        name: 'HOST',
        required: true,
        summary: 'as for ssh: a host, user@host, or a name of your ssh config',
      },
    ],
    options: [
      { long: 'read-write', summary: 'all that the profile may do' },
      ...grantOptions,
      {
        long: 'ssh-config',
        value: 'FILE',
        completes: 'file',
        summary: 'as ssh -F: instead of your ssh config',
      },
    ],
    takesCommand: true,
    example: 'awsh ssh dev build.example.com',
  },
  {
    name: '_docker-credential',
    summary: 'answer docker for docker-credential-awsh',
    group: 'Credentials',
    arguments: [
      {
        name: 'ACTION',
        required: true,
        choices: ['get', 'store', 'erase', 'list'],
        summary: 'what docker wants',
      },
    ],
    example: 'awsh _docker-credential list',
    hidden: true,
  },
];
