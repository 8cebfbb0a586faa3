/** The permissions that a request removes from a profile, and what asked for it. */
import { UsageError } from '../system/index.ts';

/**
 * Session policies: AWS allows what the profile's own permissions and at least one of these
 * policies allow. Two sets combined would therefore allow more than either of them (IAM User Guide,
 * "Session policies").
 */
export interface Narrowing {
  /** AWS's managed policy ReadOnlyAccess, which includes reading data. */
  readonly readOnly?: boolean;
  /** A session policy, as JSON. */
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[];
  /** The option, setting or directory file that asked for it, for errors. */
  readonly by: string;
}

/** The word in output: `read-only`, or `narrowed` for policies of the user's own. */
export function narrowingWord({ readOnly }: Narrowing): string {
  return readOnly ? 'read-only' : 'narrowed';
}

/** True if both remove the same permissions, whatever asked for it. */
export function isSameNarrowing(a: Narrowing, b: Narrowing): boolean {
  return textOf(a) === textOf(b);
}

/** The content without what asked for it; the key by which a cached plan is found. */
export function textOf({ readOnly, policy, policyArns }: Narrowing): string {
  return JSON.stringify([readOnly ?? false, policy ?? null, [...new Set(policyArns ?? [])].sort()]);
}

/** Exit 2: AWS allows what any one of the session policies allows. */
export function otherPolicies(by: string): UsageError {
  return new UsageError(
    `${by}: read-only cannot be combined with other policies`,
    'AWS allows what any one of the policies of a session allows, so the session would not be read-only',
    'awsh exec --help',
  );
}
