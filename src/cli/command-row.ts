import type { CommandInput } from './command-input.ts';
import type { Context } from './context.ts';

/** What Tab offers for a word. `command` hands over to the completion of the command that follows. */
export type CompletionKind =
  | 'profile'
  | 'stored-profile'
  | 'directory'
  | 'file'
  | 'region'
  | 'command'
  | 'verb'
  | 'none';

/** One option of a verb. Without `value` it is a switch. */
export interface OptionRow {
  /** Without its dashes; a switch that turns something off is written `no-…`. */
  readonly long: string;
  readonly short?: string;
  /** The value's name in help, in capitals. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Its value may be left out at the end of the command line, and is the empty text then: the command asks for it. */
  readonly asks?: boolean;
  /** Other words for these choices, for the sake of aws-vault's command lines: neither in help nor on Tab. */
  readonly synonyms?: readonly string[];
  /** May be given more than once: all its values count. */
  readonly repeats?: boolean;
  /** What Tab offers where anything may be written. */
  readonly suggests?: readonly string[];
  /** What to use in the place of a value that only aws-vault has; null for any other. */
  readonly instead?: (value: string) => string | null;
  readonly completes?: CompletionKind;
  readonly summary: string;
  /** Accepted, but neither in help nor on Tab: a synonym kept for aws-vault's command lines. */
  readonly hidden?: boolean;
}

export interface ArgumentRow {
  readonly name: string;
  /** Takes all the words that are left; the last argument alone may. */
  readonly repeats?: boolean;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly suggests?: readonly string[];
  /** The same, by the two words before it, where what may be written depends on them: `set backend`. */
  readonly suggestsAfter?: Readonly<Record<string, readonly string[]>>;
  readonly completes?: CompletionKind;
  readonly summary: string;
}

export const commandGroups = ['Credentials', 'This shell', 'Directories', 'Setting up'] as const;

/** One verb: pure data, from which help, parsing and the completion files are made. */
export interface CommandRow {
  readonly name: string;
  /** The verb that the user typed, if the hook runs this one in its place: errors speak of that. */
  readonly typedAs?: string;
  readonly aliases?: readonly string[];
  /** One line, lower case, no period. */
  readonly summary: string;
  /** What help says below the summary. */
  readonly details?: string;
  readonly group: (typeof commandGroups)[number];
  readonly arguments?: readonly ArgumentRow[];
  readonly options?: readonly OptionRow[];
  /** One command line, without a prompt sign. */
  readonly example: string;
  /** Takes a command of somebody else's after its arguments, with or without a `--` before it. */
  readonly takesCommand?: boolean;
  /** Works, but is shown nowhere. */
  readonly hidden?: boolean;
}

/** What a file in src/commands exports. The number is the exit status. */
export interface CommandModule {
  readonly run: (context: Context, input: CommandInput) => Promise<number>;
}
