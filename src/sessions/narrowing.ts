/** What a request takes away from the permissions of a profile, and where that is asked for. */
import { UsageError } from '../system/index.ts';

/**
 * Session policies: AWS allows what the profile's own permissions and at least one of these policies allow. So two of these
 * never add up to less than either: they add up to more (IAM User Guide, "Session policies").
 */
export interface Narrowing {
  /** AWS's managed policy ReadOnlyAccess. It reads data, too. */
  readonly readOnly?: boolean;
  /** A session policy, as JSON. */
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[];
  /** What asks for it, for errors: an option, a setting, or a directory file. */
  readonly by: string;
}

/** `read-only`, or `narrowed` for policies of the user's own: how outputs name it. */
export function narrowingWord({ readOnly }: Narrowing): string {
  return readOnly ? 'read-only' : 'narrowed';
}

/** True if both take away the same, whatever asks for it. */
export function isSameNarrowing(a: Narrowing, b: Narrowing): boolean {
  return textOf(a) === textOf(b);
}

/** The content without what asks for it; a plan that is kept is found again by it. */
export function textOf({ readOnly, policy, policyArns }: Narrowing): string {
  return JSON.stringify([readOnly ?? false, policy ?? null, [...new Set(policyArns ?? [])].sort()]);
}

/** Exit 2: AWS allows what any one of the session policies allows. */
export function otherPolicies(by: string): UsageError {
  return new UsageError(
    `${by}: read-only does not go together with other policies`,
    'AWS allows what any one of the policies of a session allows, so the session would not be read-only',
    'awsh exec --help',
  );
}
