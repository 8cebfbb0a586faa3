import type { OptionRow } from './command-row.ts';

/** A word of a command line, or a part of one, in the form of node:util's parseArgs. */
export type Token =
  | { readonly kind: 'positional'; readonly value: string }
  | { readonly kind: 'option'; readonly name: string; readonly rawName: string; readonly value?: string }
  | { readonly kind: 'option-terminator' };

/**
 * The words as parseArgs splits them without `strict`; loading parseArgs would take a millisecond.
 * Accepts `--long`, `--long=value`, `--long value`, `-s`, `-svalue`, `-s value` and groups `-ab`.
 * An option that is not in the rows keeps its written name, and takes a value only after `=`.
 */
export function optionTokens(words: readonly string[], rows: readonly OptionRow[]): Token[] {
  const tokens: Token[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      tokens.push({ kind: 'option-terminator' }, ...rest.map(positional));
      break;
    }
    if (word.startsWith('--')) tokens.push(long(word));
    else if (word.startsWith('-') && word !== '-') tokens.push(...cluster(word.slice(1)));
    else tokens.push(positional(word));
  }
  return tokens;

  function long(word: string): Token {
    const equals = word.indexOf('=', 3);
    const rawName = equals < 0 ? word : word.slice(0, equals);
    const name = rawName.slice(2);
    if (equals >= 0) return { kind: 'option', name, rawName, value: word.slice(equals + 1) };
    return option(
      name,
      rawName,
      rows.find((row) => row.long === name),
    );
  }

  /** The first letter that takes a value takes the rest of the word, or the next word. */
  function cluster(letters: string): Token[] {
    const found: Token[] = [];
    for (let at = 0; at < letters.length; at++) {
      const letter = letters.charAt(at);
      const row = rows.find(({ short }) => short === letter);
      const rawName = `-${letter}`;
      const left = letters.slice(at + 1);
      if (row?.value !== undefined && left !== '') {
        return [...found, { kind: 'option', name: row.long, rawName, value: left }];
      }
      found.push(option(row?.long ?? letter, rawName, row));
    }
    return found;
  }

  function option(name: string, rawName: string, row: OptionRow | undefined): Token {
    const value = row?.value === undefined ? undefined : rest.shift();
    return { kind: 'option', name, rawName, ...(value !== undefined && { value }) };
  }
}

function positional(value: string): Token {
  return { kind: 'positional', value };
}
