import { type AwshError, exitStatus } from '../system/index.ts';

/** The result of an import of many keys, for its exit status. */
export class ImportTally {
  /** The profiles whose key is in the vault, stored now or before. */
  readonly done = new Set<string>();
  /**
   * How many keys were found and are not in the vault, or are still in a file that they should have
   * been removed from.
   */
  left = 0;
  /**
   * How many keys were found that cannot be imported until the user changes something at their
   * source.
   */
  passedOver = 0;
  /** Why the first place could not be read at all. */
  failure: AwshError | null = null;

  /**
   * 0: everything was done. 12: a part was done, and at least one key is now in the vault.
   * Otherwise no key is in the vault: the status of the first failure, or 1 if every key was
   * skipped.
   */
  get status(): number {
    if (this.left === 0 && this.passedOver === 0 && this.failure === null) return 0;
    if (this.done.size > 0) return exitStatus.partial;
    return this.failure?.exitStatus ?? exitStatus.other;
  }
}
