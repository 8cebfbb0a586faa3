import type { Parameters } from './parameters.ts';
import { AwsError, validationError } from './service.ts';

/**
 * The session policies of a call: ARNs, and the text of an inline policy. Empty for a session with
 * all of its role's permissions. Applies AWS's limits (STS API Reference, AssumeRole).
 */
export function readPolicies(parameters: Parameters): string[] {
  const policy = parameters.text('Policy', { min: 1, max: 2048 });
  const arns = parameters.list('PolicyArns', '.arn');
  if (arns.length > 10) throw validationError('The number of managed policies must be at most 10');
  const wrong = arns.find((arn) => !/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/\S+$/.test(arn));
  if (wrong !== undefined) throw validationError(`ARN ${wrong} is not valid.`);
  if (policy === null) return arns;
  requirePolicy(policy);
  // AWS compresses them; random text does not compress.
  if (arns.join('').length + policy.length > 2048)
    throw new AwsError(
      'PackedPolicyTooLarge',
      400,
      'Packed policy consumes 108% of allotted space, please use smaller policy.',
    );
  return [...arns, policy];
}

function requirePolicy(text: string): void {
  try {
    const value = JSON.parse(text);
    if (Array.isArray(value.Statement) || typeof value.Statement === 'object') return;
  } catch {
    // It is not JSON.
  }
  throw new AwsError('MalformedPolicyDocument', 400, 'This policy contains invalid Json');
}
