import { AwshError, AwsRefusedError, operandWord } from '../system/index.ts';
import type { AccessKey } from '../vault/index.ts';
import type { IamKey } from './iam-user.ts';
import { type Journal, Journals } from './journal.ts';
import { credentialsOf, isUnknownKey, type KeyOwner, untilKnown } from './key-owner.ts';
import { short } from './key-words.ts';
import type { Rotated } from './rotate.ts';
import type { RotationRun } from './rotation-run.ts';
import { dropSessions, itemsToChange, restoreOldKey, storeInPlaceOf } from './stored-items.ts';
import { twoKeys } from './two-keys.ts';

/** The result of one attempt: the end, or keys that the user has to check first. */
export type Outcome =
  | { readonly is: 'done'; readonly rotated: Rotated }
  | { readonly is: 'strange'; readonly keys: IamKey[] };

/** In milliseconds: how long IAM's list may lack a key that was made. */
const settlesWithinMs = 15 * 60 * 1000;

/**
 * One user's rotation, in this order: write the intent, create the new key, store it as pending,
 * verify it, make it current, make the old key inactive, delete it. Each step leaves the next
 * attempt everything it needs to continue.
 */
export class Rotation {
  readonly #journals: Journals;
  /** Keys that were just deleted and may still be listed. */
  readonly #gone = new Set<string>();
  #journal: Journal | null = null;

  constructor(
    private readonly owner: KeyOwner,
    private readonly run: RotationRun,
  ) {
    this.#journals = new Journals(run.paths.data);
  }

  /** A key that the user agreed to delete. */
  forget(accessKeyId: string): void {
    this.#gone.add(accessKeyId);
  }

  async advance(): Promise<Outcome> {
    this.#journal = await this.#unfinished();
    const outcome = this.#journal === null ? null : await this.#resume(this.#journal);
    return outcome ?? this.#begin();
  }

  /** The error, with the step where it stopped and the command to continue. */
  tellWhatIsLeft(): void {
    if (this.#journal === null) return;
    const { newKeyId, oldKeyId } = this.#journal;
    const state =
      newKeyId === null ? 'nothing in the vault has changed' : `the new key is ${short(newKeyId)}`;
    this.run.say(
      `the rotation of ${short(oldKeyId)} has not ended (${state}); to go on: awsh rotate ${operandWord(this.owner.profile)}`,
    );
  }

  /** The journal, or the pending key's data if the journal was lost. */
  async #unfinished(): Promise<Journal | null> {
    const { key, arn } = this.owner;
    const journal = this.#journals.find(key.accessKeyId);
    if (journal !== null) return journal;
    const pending = await this.run.vault.pendingKey(key.accessKeyId);
    if (pending === null) return null;
    const [oldKeyId, newKeyId] = [key.accessKeyId, pending.accessKeyId];
    return { oldKeyId, arn, knownKeyIds: [oldKeyId], newKeyId, begun: pending.added };
  }

  async #begin(): Promise<Outcome> {
    const { iam, key, arn } = this.owner;
    const keys = await this.#keys();
    if (keys.length >= 2) throw await twoKeys(keys, this.owner, this.run);
    const begun = new Date(this.run.clock.now());
    const knownKeyIds = keys.map(({ id }) => id);
    this.#write({ oldKeyId: key.accessKeyId, arn, knownKeyIds, newKeyId: null, begun });
    const made = await iam.create(begun).catch((error: unknown) => {
      if (error instanceof AwsRefusedError) this.#close();
      throw error;
    });
    await this.#keep(made);
    return this.#finish(made);
  }

  /**
   * The new key is first stored in the vault. If that fails it cannot be used, and is deleted
   * again.
   */
  async #keep(made: AccessKey): Promise<void> {
    const { oldKeyId } = this.#opened();
    try {
      await this.run.vault.storePendingKey(oldKeyId, made);
    } catch (error) {
      await this.owner.iam.delete(made.accessKeyId).catch((cause: unknown) => {
        this.run.say(`the new key ${short(made.accessKeyId)} could be neither stored nor deleted`);
        this.#write({ ...this.#opened(), newKeyId: made.accessKeyId });
        throw cause;
      });
      this.#close();
      throw error;
    }
    this.#write({ ...this.#opened(), newKeyId: made.accessKeyId });
  }

  /** Continues from a pending key. */
  async #finish(fresh: AccessKey): Promise<Outcome> {
    const { oldKeyId, arn } = this.#opened();
    const identity = await untilKnown(this.run, () => this.owner.identify(fresh)).catch((error: unknown) => {
      throw isUnknownKey(error) ? notKnownYet(fresh.accessKeyId, this.owner) : error;
    });
    if (identity !== arn) {
      throw new AwshError(
        'other',
        `the new key is not ${arn}'s`,
        `AWS says it is ${identity}; it is not used`,
      );
    }
    const profiles = await itemsToChange(this.run, oldKeyId, fresh.accessKeyId);
    await storeInPlaceOf(
      this.run,
      oldKeyId,
      profiles.map((profile) => ({ profile, key: fresh })),
    );
    this.run.say(`the new key ${short(fresh.accessKeyId)} works and is stored; the old one is removed next`);
    return this.#retire(fresh);
  }

  /**
   * Continues after the new key has become current: it has been verified, by GetCallerIdentity, in
   * this run.
   */
  async #retire(fresh: AccessKey): Promise<Outcome> {
    const { owner, run } = this;
    const { oldKeyId } = this.#opened();
    const iam = owner.hasSession ? owner.iam : owner.iam.signedBy(credentialsOf(fresh));
    await untilKnown(run, () => iam.deactivate(oldKeyId));
    await untilKnown(run, () => iam.delete(oldKeyId));
    const newKeyId = fresh.accessKeyId;
    const holders = run.vault.keys().filter(({ accessKeyId }) => accessKeyId === newKeyId);
    const profiles = holders.map(({ profile }) => profile);
    await dropSessions(run, profiles);
    await run.vault.removePendingKey(oldKeyId);
    this.#close();
    return { is: 'done', rotated: { profiles, oldKeyId, newKeyId } };
  }

  /** Continues from a journal; null if that is settled and nothing was rotated. */
  async #resume(journal: Journal): Promise<Outcome | null> {
    const { key, iam } = this.owner;
    const { oldKeyId, newKeyId, knownKeyIds } = journal;
    const pending = await this.run.vault.pendingKey(oldKeyId);
    if (pending !== null) return this.#resumePending(journal, pending);
    if (newKeyId === key.accessKeyId) return this.#retire(key);
    if (newKeyId !== null) {
      await iam.delete(newKeyId);
      this.#gone.add(newKeyId);
      this.run.say(`deleted the key ${short(newKeyId)}, which the last rotation made and could not store`);
      this.#close();
      return null;
    }
    const strange = (await this.#keys()).filter(({ id }) => !knownKeyIds.includes(id));
    if (strange.length > 0) return { is: 'strange', keys: strange };
    this.#close();
    return null;
  }

  async #resumePending(journal: Journal, pending: AccessKey): Promise<Outcome | null> {
    const { accessKeyId } = pending;
    if (journal.newKeyId !== accessKeyId) this.#write({ ...journal, newKeyId: accessKeyId });
    const isListed = (await this.#keys()).some(({ id }) => id === accessKeyId);
    const age = this.run.clock.now() - journal.begun.getTime();
    if (isListed || age < settlesWithinMs) {
      this.run.say(`continuing the rotation that was interrupted ${shortDate(journal.begun)}`);
      return this.#finish(pending);
    }
    await restoreOldKey(this.run, journal.oldKeyId, accessKeyId);
    await this.run.vault.removePendingKey(journal.oldKeyId);
    this.run.say(`the new key ${short(accessKeyId)} was deleted in IAM meanwhile: the old one stays`);
    this.#close();
    return null;
  }

  async #keys(): Promise<IamKey[]> {
    return (await this.owner.iam.keys()).filter(({ id }) => !this.#gone.has(id));
  }

  #opened(): Journal {
    if (this.#journal === null) throw new Error('a rotation has a journal');
    return this.#journal;
  }

  #write(journal: Journal): void {
    this.#journals.write(journal);
    this.#journal = journal;
  }

  #close(): void {
    if (this.#journal !== null) this.#journals.remove(this.#journal);
    this.#journal = null;
  }
}

function notKnownYet(accessKeyId: string, { profile }: KeyOwner): AwshError {
  return new AwshError(
    'awsRefused',
    `AWS does not know the new key ${short(accessKeyId)} yet`,
    'it is kept in the vault beside the old one, which is unchanged',
    `try again in a minute: awsh rotate ${operandWord(profile)}`,
  );
}

function shortDate(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' at ');
}
