import type { CommandRow } from './command-row.ts';

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
