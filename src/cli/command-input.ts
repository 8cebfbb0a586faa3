/** Separates the values of an option that was given more than once. */
export const valueSeparator = '\n';

/**
 * The arguments and options of a command line, by their names in the verb's row of the command
 * table.
 */
export class CommandInput {
  readonly #arguments: ReadonlyMap<string, string | undefined>;
  readonly #options: ReadonlyMap<string, string | boolean | undefined>;

  /**
   * @param command The words of the command that follows (`exec PROFILE -- CMD…`), or null where there is none.
   * @param commandOffset Where that command begins among all of awsh's arguments, counted from 1; 0 where there is none.
   */
  constructor(
    args: ReadonlyMap<string, string | undefined>,
    options: ReadonlyMap<string, string | boolean | undefined>,
    readonly command: readonly string[] | null = null,
    readonly commandOffset = 0,
    /** All the words of the verb's arguments, including those of an argument that repeats. */
    readonly operands: readonly string[] = [],
  ) {
    this.#arguments = args;
    this.#options = options;
  }

  argument(name: string): string | undefined {
    if (!this.#arguments.has(name))
      throw new ReferenceError(`the command table has no argument ${name} here`);
    return this.#arguments.get(name);
  }

  /** The value of an argument that the command table marks as required. */
  required(name: string): string {
    const value = this.argument(name);
    if (value === undefined) throw new ReferenceError(`the command table does not require ${name} here`);
    return value;
  }

  /** An option's value; if it was given more than once, the last one. */
  value(name: string): string | undefined {
    const value = this.#option(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** All values of an option that may be given more than once. */
  list(name: string): string[] {
    return this.value(name)?.split(valueSeparator) ?? [];
  }

  /**
   * True if the switch was given. `name` is the name in the command table (`no-session`, not
   * `session`).
   */
  flag(name: string): boolean {
    return this.#option(name) === true;
  }

  #option(name: string): string | boolean | undefined {
    if (!this.#options.has(name)) throw new ReferenceError(`the command table has no option --${name} here`);
    return this.#options.get(name);
  }
}
