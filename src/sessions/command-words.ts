/**
 * Characters with a special meaning in a POSIX shell outside of quotes (Shell Command Language, 2.2
 * and 2.3).
 */
const shellCharacters = /[|&;<>()$`*?[\]#~!{}\n]/;

/**
 * The words of a command line from the config file, if no shell is needed to read it: quotes and
 * backslashes are read as a shell reads them. Null for a line with pipes, variables, patterns or
 * assignments, or with an open quote.
 */
export function splitCommand(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (letter === ' ' || letter === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (letter === "'" || letter === '"') {
      const quoted = letter === "'" ? singleQuoted(line, at) : doubleQuoted(line, at);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (letter === '\\') {
      at += 1;
      if (at === line.length || line.charAt(at) === '\n') return null;
      word = (word ?? '') + line.charAt(at);
    } else if (shellCharacters.test(letter) || (letter === '=' && words.length === 0)) {
      return null;
    } else {
      word = (word ?? '') + letter;
    }
  }
  return word === null ? words : [...words, word];
}

interface Quoted {
  readonly text: string;
  /** The position of the closing quote. */
  readonly end: number;
}

function singleQuoted(line: string, start: number): Quoted | null {
  const end = line.indexOf("'", start + 1);
  return end === -1 ? null : { text: line.slice(start + 1, end), end };
}

/**
 * A backslash is literal before all characters except these four (2.2.3). `$` and a backquote need
 * a shell.
 */
function doubleQuoted(line: string, start: number): Quoted | null {
  let text = '';
  for (let at = start + 1; at < line.length; at++) {
    const letter = line.charAt(at);
    if (letter === '"') return { text, end: at };
    if (letter === '$' || letter === '`') return null;
    if (letter === '\\' && /[$`"\\]/.test(line.charAt(at + 1))) at += 1;
    text += line.charAt(at);
  }
  return null;
}
