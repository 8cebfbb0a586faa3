import type { CommandInput, Context } from '../cli/index.ts';
import { type Arrival, compareWithVault } from '../moving/index.ts';
import { CancelledError, operandWord, PersonNeededError, printable } from '../system/index.ts';
import { type AccessKey, KeyChangedError, type NamedKey } from '../vault/index.ts';

/**
 * The user's consent to let `add` replace a key: each stored key is shown before it is replaced.
 */
export class Replacing {
  readonly #context: Context;
  readonly #input: CommandInput;
  readonly #profile: string;
  /** The access key id that may be replaced, or `unreadable`. */
  #agreed: string | null = null;
  #replaced: string | null = null;
  /** The keys found by the last check; only these may be replaced. */
  #shown: readonly (string | null)[] = [];

  constructor(context: Context, input: CommandInput, profile: string) {
    this.#context = context;
    this.#input = input;
    this.#profile = profile;
  }

  /** The part of the final message about the replaced key. */
  get words(): string {
    return this.#replaced === null ? '' : ` in place of ${this.#replaced}`;
  }

  /**
   * Compares the key with what the backend holds at this moment. If that is another key, the user
   * has to agree to lose it.
   */
  async lookAt(key: AccessKey): Promise<Arrival<NamedKey>['state']> {
    const vault = await this.#context.vault();
    for (;;) {
      const [arrival] = await compareWithVault([{ profile: this.#profile, key }], vault);
      this.#replaced = null;
      this.#shown = [];
      if (arrival?.state !== 'other') return arrival?.state ?? 'new';
      const { there } = arrival;
      this.#shown = [there?.accessKeyId ?? null];
      this.#replaced = there === null ? 'a key that cannot be read' : `****${there.accessKeyId.slice(-4)}`;
      if (this.#input.flag('force') || this.#agreed === (there?.accessKeyId ?? 'unreadable')) return 'other';
      // The answer may take a while, so the stored key is checked again afterwards.
      await this.agree(there?.accessKeyId ?? null, there?.accessKeyId === key.accessKeyId);
    }
  }

  /**
   * Stores the key. If another awsh process has stored one since the last check, the user has to
   * agree to lose that one, too.
   */
  async store(key: AccessKey): Promise<void> {
    const vault = await this.#context.vault();
    for (;;) {
      try {
        return await vault.storeAccessKey(this.#profile, key, this.#shown);
      } catch (error) {
        if (!(error instanceof KeyChangedError)) throw error;
        await this.lookAt(key);
      }
    }
  }

  /**
   * Asks whether the key with this id may be replaced; null for a key that cannot be read. Throws
   * CancelledError if the answer is no.
   */
  async agree(accessKeyId: string | null, hasOtherSecret = false): Promise<void> {
    if (this.#input.flag('force')) return;
    const prompter = await this.#context.prompter();
    const name = printable(this.#profile);
    const shown = accessKeyId === null ? 'the key' : `the access key ****${accessKeyId.slice(-4)}`;
    const unreadable = `the key stored for ${name} cannot be read`;
    if (!prompter.canAsk) {
      const source = ['env', 'stdin'].filter((option) => this.#input.flag(option));
      throw new PersonNeededError(
        accessKeyId === null
          ? unreadable
          : `${shown} is already stored for ${name}${hasOtherSecret ? ' with another secret' : ''}`,
        'it is replaced only if you agree, and there is no terminal to ask in',
        ['awsh add', ...[...source, 'force'].map((option) => `--${option}`), operandWord(this.#profile)].join(
          ' ',
        ),
      );
    }
    if (accessKeyId === null) prompter.tell(unreadable);
    if (
      !(await prompter.confirm(
        `replace ${shown} stored for ${name}${hasOtherSecret ? ' with another secret' : ''}`,
      ))
    ) {
      throw new CancelledError('nothing was changed');
    }
    this.#agreed = accessKeyId ?? 'unreadable';
  }
}
