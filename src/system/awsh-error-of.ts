import { explainDiskFault } from './disk-fault.ts';
import { AwshError } from './errors.ts';

/** The AwshError that a check throws, or null if it throws nothing. Rethrows any other error. */
export function awshErrorOf(check: () => unknown): AwshError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof AwshError) return error;
    throw error;
  }
}

/** The error in a form that can be shown to the user, or null if awsh has no explanation for it. */
export function explained(thrown: unknown): AwshError | null {
  return thrown instanceof AwshError ? thrown : explainDiskFault(thrown);
}
