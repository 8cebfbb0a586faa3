import type { CommandInput } from './command-input.ts';
import type { Context } from './context.ts';

/**
 * What completion offers for a word. `command` means the completion of the command that follows.
 */
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
  /** Without the leading dashes. A switch that turns something off is written `no-…`. */
  readonly long: string;
  readonly short?: string;
  /** The name of the value in help, in capitals. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /**
   * If the option is the last word, its value may be missing. It is then the empty text, and the
   * command asks the user.
   */
  readonly asks?: boolean;
  /**
   * Other accepted values, for compatibility with aws-vault. Shown neither in help nor in
   * completion.
   */
  readonly synonyms?: readonly string[];
  /** May be given more than once; all values count. */
  readonly repeats?: boolean;
  /** What completion offers if any value is allowed. */
  readonly suggests?: readonly string[];
  /** What to use instead of a value that only aws-vault has; null for any other value. */
  readonly instead?: (value: string) => string | null;
  readonly completes?: CompletionKind;
  readonly summary: string;
  /** Accepted for compatibility with aws-vault, but shown neither in help nor in completion. */
  readonly hidden?: boolean;
}

export interface ArgumentRow {
  readonly name: string;
  /** Takes all remaining words. Only the last argument may repeat. */
  readonly repeats?: boolean;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly suggests?: readonly string[];
  /** Completions that depend on the two words before: `set backend`. */
  readonly suggestsAfter?: Readonly<Record<string, readonly string[]>>;
  readonly completes?: CompletionKind;
  readonly summary: string;
}

/** What a coding agent may not do, for an error: `may not …`. */
export interface AgentRefusal {
  readonly mayNot: string;
  /** Only with these first words (`set`); absent for any. */
  readonly actions?: readonly string[];
  /** With one of these switches the verb only shows something. */
  readonly unless?: readonly string[];
}

/**
 * What the setting `coding_agents` means for a verb. `limited`: the verb itself gives less, asks or
 * refuses. `free`: it gives no credentials and changes nothing that the user decides, or only takes
 * something away.
 */
export type AgentDecision = 'free' | 'limited' | readonly AgentRefusal[];

export const commandGroups = ['Credentials', 'This shell', 'Directories', 'Setting up'] as const;

/** One verb, as plain data. Help, the parser and the completion files are made from it. */
export interface CommandRow {
  readonly name: string;
  /** The verb that the user typed, if the hook runs this one instead. Errors name the typed one. */
  readonly typedAs?: string;
  readonly aliases?: readonly string[];
  /** One line, lower case, without a period. */
  readonly summary: string;
  /** The text below the summary in help. */
  readonly details?: string;
  readonly group: (typeof commandGroups)[number];
  readonly codingAgents: AgentDecision;
  readonly arguments?: readonly ArgumentRow[];
  readonly options?: readonly OptionRow[];
  /** One command line, without a prompt sign. */
  readonly example: string;
  /** Takes another program's command line after its arguments, with or without a `--` before it. */
  readonly takesCommand?: boolean;
  /** Works, but is not shown in help or completion. */
  readonly hidden?: boolean;
}

/** The exports of a file in src/commands. `run` returns the exit status. */
export interface CommandModule {
  readonly run: (context: Context, input: CommandInput) => Promise<number>;
}
