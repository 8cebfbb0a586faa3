/** Reads `--read-only`, `--policy` and `--policy-arn`. */
import { resolve } from 'node:path';
import type { CommandInput, Context } from '../cli/index.ts';
import type { Narrowing } from '../sessions/index.ts';
import { hasCode, printable, readFileIfThere, shellCommand, UsageError } from '../system/index.ts';

/**
 * Undefined if no permissions are to be removed. Throws UsageError for policies that cannot be
 * combined.
 */
export function givenNarrowing(
  input: CommandInput,
  { cwd }: Pick<Context, 'cwd'>,
): { narrowing?: Narrowing } {
  const [readOnly, policy] = [input.flag('read-only'), input.value('policy')];
  const policyArns = input.list('policy-arn');
  if (!readOnly && policy === undefined && policyArns.length === 0) return {};
  const by = readOnly ? '--read-only' : policy === undefined ? '--policy-arn' : '--policy';
  return {
    narrowing: {
      by,
      ...(readOnly && { readOnly }),
      ...(policy !== undefined && { policy: policyText(policy, cwd) }),
      ...(policyArns.length > 0 && { policyArns }),
    },
  };
}

/**
 * The JSON without spaces between its parts, because AWS counts each character. Otherwise as
 * written: of a key that is there twice, `JSON.stringify` would drop one and so widen the policy.
 */
function policyText(given: string, cwd: string): string {
  const isInline = /^\s*[{[]/.test(given);
  const text = isInline ? given : readPolicy(resolve(cwd, given), given);
  try {
    JSON.parse(text);
    return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
  } catch {
    throw new UsageError(
      isInline ? '--policy is not JSON' : `--policy: ${printable(given)} is not JSON`,
      'a session policy is JSON, like {"Version":"2012-10-17","Statement":[…]}',
      isInline ? 'awsh exec --help' : shellCommand`cat ${given}`,
    );
  }
}

function readPolicy(path: string, given: string): string {
  try {
    const text = readFileIfThere(path);
    if (text !== null) return text;
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EISDIR', 'ENOTDIR', 'EPERM')) throw error;
  }
  throw new UsageError(
    `--policy: ${printable(given)} cannot be read`,
    'it must be a file or the JSON text of a policy',
    shellCommand`ls -l ${given}`,
  );
}
