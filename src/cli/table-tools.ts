import type { CommandRow, OptionRow } from './command-row.ts';
import {
  narrowingOptions,
  profile,
  reasonOption,
  refresh,
  roleOptions,
  sessionOptions,
} from './table-quick.ts';

/** The options of every grant: its time and its permissions. */
const grantOptions: readonly OptionRow[] = [
  { long: 'for', value: 'TIME', summary: 'how long the grant lasts, e.g. 30m or 8h (default 1h)' },
  ...narrowingOptions,
  reasonOption,
  ...sessionOptions,
  ...roleOptions,
  refresh,
];

/** The verbs that other programs call, or that give credentials to another machine or container. */
export const toolCommands: readonly CommandRow[] = [
  {
    name: 'eks-token',
    summary: 'print a token for an Amazon EKS cluster, for kubectl',
    details:
      'Use it in the exec section of a user in your kubeconfig (docs/ecr-eks.md). Without --profile, it uses ' +
      'the credentials in this shell, AWS_PROFILE, or the profile of this directory if you have allowed it. It ' +
      'never asks for input.',
    group: 'Credentials',
    codingAgents: 'limited',
    arguments: [{ name: 'CLUSTER', required: true, summary: 'the name of the cluster' }],
    options: [
      {
        long: 'profile',
        value: 'PROFILE',
        completes: 'profile',
        summary: 'the profile whose credentials sign the token',
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
    summary: 'provide self-renewing credentials to a container or remote host',
    details:
      'A grant is a socket and a token in a private folder. Mount the folder in a container, and use awsh relay ' +
      'or socat there to forward a port to the socket (--print shows the configuration). A grant ends after ' +
      '--for, with --revoke, or with awsh lock (docs/containers.md).',
    group: 'Credentials',
    codingAgents: 'limited',
    arguments: [profile],
    options: [
      { long: 'list', summary: 'list the grants' },
      { long: 'revoke', value: 'GRANT', summary: 'end this grant' },
      {
        long: 'print',
        value: 'FORM',
        choices: ['devcontainer', 'compose'],
        summary: 'print what to add to a devcontainer.json or compose file',
      },
      {
        long: 'name',
        value: 'NAME',
        summary: 'the name of the grant; the default for --print is devcontainer',
      },
      ...grantOptions,
      { long: 'json', summary: 'print JSON' },
    ],
    example: 'awsh serve dev --for 8h --name devcontainer',
  },
  {
    name: 'relay',
    summary: 'in a container: forward a local port to the socket of a grant',
    group: 'Credentials',
    codingAgents: 'free',
    options: [
      { long: 'socket', value: 'FILE', completes: 'file', summary: 'the socket (default /run/awsh/sock)' },
      { long: 'port', value: 'PORT', summary: 'the port on 127.0.0.1 (default 9911)' },
    ],
    example: 'awsh relay --socket /run/awsh/sock --port 9911',
  },
  {
    name: 'ssh',
    summary: "log in to another machine with ssh, and provide a profile's credentials there",
    details:
      'Programs there get read-only credentials that renew, for one hour, through a forwarded port and a token ' +
      'that is removed at the end. --read-write gives them all permissions of the profile. Without a command, ' +
      'it starts a shell.',
    group: 'Credentials',
    codingAgents: 'limited',
    arguments: [
      { ...profile, required: true },
      {
        name: 'HOST',
        required: true,
        summary: 'as for ssh: a host, user@host, or a name from your ssh config',
      },
    ],
    options: [
      { long: 'read-write', summary: "give all of the profile's permissions" },
      ...grantOptions,
      {
        long: 'ssh-config',
        value: 'FILE',
        completes: 'file',
        summary: 'use this file instead of your ssh config, as with ssh -F',
      },
    ],
    takesCommand: true,
    example: 'awsh ssh dev build.example.com',
  },
  {
    name: '_docker-credential',
    summary: 'answer requests from Docker, for docker-credential-awsh',
    group: 'Credentials',
    codingAgents: 'limited',
    arguments: [
      {
        name: 'ACTION',
        required: true,
        choices: ['get', 'store', 'erase', 'list', 'version'],
        summary: 'what Docker asks for',
      },
    ],
    example: 'awsh _docker-credential list',
    hidden: true,
  },
];
