import { type AwshError, exitStatus } from '../system/index.ts';

/** How an import of many keys went, for its exit status. */
export class ImportTally {
  /** The profiles whose key is in the vault by this run, or was there already. */
  readonly done = new Set<string>();
  /** How many keys were found and are not in the vault, or still in a file that they were to be taken out of. */
  left = 0;
  /** How many keys were found that cannot be imported before the user has changed something where they are. */
  passedOver = 0;
  /** Why the first place could not be read at all. */
  failure: AwshError | null = null;

  /**
   * 0: everything was done. 12: some of it, which is at least one key that is in the vault now. Otherwise no key is: the status of
   * the first failure, or 1 if every key was passed over or left alone.
   */
  get status(): number {
    if (this.left === 0 && this.passedOver === 0 && this.failure === null) return 0;
    if (this.done.size > 0) return exitStatus.partial;
    return this.failure?.exitStatus ?? exitStatus.other;
  }
}
