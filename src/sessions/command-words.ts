/** What ends a word's plain meaning in a POSIX shell (Shell Command Language, 2.2 and 2.3), outside of quotes. */
const shellCharacters = /[|&;<>()$`*?[\]#~!{}\n]/;

/**
 * The words of a command line from the config file, where they mean what they say: quotes and backslashes are taken as a
 * shell takes them. Null for one that only a shell understands (pipes, variables, patterns, assignments), or that has
 * an open quote.
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
  /** Where the closing quote stands. */
  readonly end: number;
}

function singleQuoted(line: string, start: number): Quoted | null {
  const end = line.indexOf("'", start + 1);
  return end === -1 ? null : { text: line.slice(start + 1, end), end };
}

/** A backslash keeps its own meaning before anything but these four (2.2.3); `$` and a backquote are the shell's. */
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
