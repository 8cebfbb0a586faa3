import { AwshError, printable } from '../system/index.ts';

/** A part of AWS with a console of its own. */
export interface ConsolePartition {
  /** As in ARNs. */
  readonly id: string;
  /** Where getSigninToken is asked and the browser signs in. */
  readonly signInHost: string;
  /** The console's own domain; regions stand before it. */
  readonly domain: string;
  /** How the names of its regions begin. */
  readonly regions: RegExp;
}

/** aws-vault, cli/login.go generateLoginURL. The last is the one that most accounts are in. */
export const consolePartitions: readonly ConsolePartition[] = [
  {
    id: 'aws-cn',
    signInHost: 'signin.amazonaws.cn',
    domain: 'console.amazonaws.cn',
    regions: /^cn-/,
  },
  {
    id: 'aws-us-gov',
    signInHost: 'signin.amazonaws-us-gov.com',
    domain: 'console.amazonaws-us-gov.com',
    regions: /^us-gov-/,
  },
  {
    id: 'aws-eusc',
    signInHost: 'signin.amazonaws-eusc.eu',
    domain: 'console.amazonaws-eusc.eu',
    regions: /^eusc-/,
  },
  {
    id: 'aws',
    signInHost: 'us-east-1.signin.aws.amazon.com',
    domain: 'console.aws.amazon.com',
    regions: /^(?!cn-|us-gov-|eusc-|us-isob?-|eu-isoe-|[a-z]+-isof-)/,
  },
];

/** The partition of a caller's ARN, which AWS itself gave (SECURITY 23). AwshError where its console is not known. */
export function partitionOfCaller(arn: string): ConsolePartition {
  const id = arn.split(':')[1] ?? '';
  const found = consolePartitions.find((partition) => partition.id === id);
  if (found !== undefined) return found;
  throw new AwshError('other', `awsh knows no console of partition ${printable(id)}`, printable(arn));
}
