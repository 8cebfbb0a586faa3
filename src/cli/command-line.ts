import type { CommandRow, OptionRow } from './command-row.ts';
import { globalOptions } from './global-options.ts';

/** A command line, split into the words that awsh parses and the command that it passes on. */
export interface CommandLine {
  /** The verb as the user wrote it, or null. */
  readonly verb: string | null;
  readonly row: CommandRow | null;
  /** Options and arguments from before and after the verb, for the parser. */
  readonly words: readonly string[];
  /** How many of `words` come before the verb. */
  readonly wordsBeforeVerb: number;
  /** The command to run, unchanged; null if there is none. */
  readonly command: readonly string[] | null;
  /** The position of the command among all arguments, counted from 1. */
  readonly commandOffset: number;
}

/**
 * Finds the verb. If the verb takes a command, finds the start of the command: after the first
 * `--`, or at the first word after the verb's own arguments. Words from there on are not parsed.
 */
export function cutCommandLine(
  args: readonly string[],
  find: (verb: string) => CommandRow | null,
): CommandLine {
  const words: string[] = [];
  let wordsBeforeVerb = 0;
  let verb: string | null = null;
  let row: CommandRow | null = null;
  let operands = 0;
  // `--profile` replaces the verb's first argument.
  let named = 0;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      if (row?.takesCommand) return commandFrom(at + 1);
      // Before the verb, `--` has no meaning.
      if (verb === null) continue;
      words.push(...args.slice(at));
      break;
    }
    if (word.startsWith('-') && word !== '-') {
      words.push(word);
      if (word === '--profile' || word.startsWith('--profile=')) named = 1;
      const value = args[at + 1];
      if (value !== undefined && takesNextWord(word, [...globalOptions, ...(row?.options ?? [])])) {
        words.push(value);
        at += 1;
      }
    } else if (verb === null) {
      verb = word;
      wordsBeforeVerb = words.length;
      row = find(word);
    } else if (row?.takesCommand && operands + named >= (row.arguments?.length ?? 0)) {
      return commandFrom(at);
    } else {
      words.push(word);
      operands += 1;
    }
  }
  return { verb, row, words, wordsBeforeVerb, command: null, commandOffset: 0 };

  function commandFrom(index: number): CommandLine {
    const command = args.slice(index);
    return {
      verb,
      row,
      words,
      wordsBeforeVerb,
      command: command.length > 0 ? command : null,
      commandOffset: index + 1,
    };
  }
}

/** True for `--long` and `-s` of an option whose value is the next word. */
function takesNextWord(word: string, options: readonly OptionRow[]): boolean {
  if (word.startsWith('--')) {
    return options.some((option) => `--${option.long}` === word && option.value !== undefined);
  }
  // A group of short options: the first one that takes a value takes the rest of the word, if there
  // is any.
  const letters = [...word.slice(1)];
  const first = letters.findIndex((letter) =>
    options.some((option) => option.short === letter && option.value !== undefined),
  );
  return first >= 0 && first === letters.length - 1;
}
