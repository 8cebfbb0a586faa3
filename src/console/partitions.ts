import { AwshError, printable } from '../system/index.ts';

/** A partition of AWS, with a console of its own. */
export interface ConsolePartition {
  /** The name in ARNs. */
  readonly id: string;
  /** The host for getSigninToken and for the browser's sign-in. */
  readonly signInHost: string;
  /** The console's own domain; regions come before it. */
  readonly domain: string;
  /** The form of its regions' names. */
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

/**
 * The partition of a caller's ARN, as reported by AWS itself (security rule 23). Throws AwshError
 * if its console is unknown.
 */
export function partitionOfCaller(arn: string): ConsolePartition {
  const id = arn.split(':')[1] ?? '';
  const found = consolePartitions.find((partition) => partition.id === id);
  if (found !== undefined) return found;
  throw new AwshError('other', `awsh knows no console of partition ${printable(id)}`, printable(arn));
}
