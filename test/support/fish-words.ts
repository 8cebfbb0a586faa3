/*
 * The tests of the hooks type lines for bash or zsh. fish understands most of them (`&&`, `$(…)`,
 * `export A=b`, `A=b command`), and this module translates the rest. Tests themselves handle what
 * fish does not have, such as subshells.
 */

/** For the rc file: the functions that lines from inFish() call. */
export const fishWords = `
function unset; set -eg $argv; end
function exit_status; return $argv[1]; end
`;

const value = /'[^']*'|"[^"]*"|\$\([^)]*\)|\$'[^']*'|[^\s;&|'"]*/.source;
const assignment = new RegExp(`([A-Za-z_]\\w*)=(${value})`, 'g');
/** Assignments alone, to the end of a command. fish also supports assignments before a command. */
const assignments = new RegExp(`(^|[;\n] ?|&& )((?:[A-Za-z_]\\w*=(?:${value}) *)+)(?=$|[;\n]|&& )`, 'g');

const words: [RegExp, string | ((match: string, ...groups: string[]) => string)][] = [
  [/\$\?/g, '$status'],
  [/\$\$(?!\w)/g, '$fish_pid'],
  // Outside of quotes fish has these escapes, but before 3.6 a different one for a byte.
  [/\$'([^']*)'/g, (_, text) => (text ?? '').replace(/[[\] ]/g, '\\$&').replaceAll('\\x', '\\X')],
  [/\bcd -P \./g, 'cd (pwd -P)'],
  [/\(exit (\d+)\)/g, 'exit_status $1'],
  [/\$\{(\w+)-(\w*)\}/g, '$(set -q $1; and echo $$$1; or echo $2)'],
];

/** Translates a line of bash or zsh into fish. */
export function inFish(line: string): string {
  const text = line.replace(
    assignments,
    (_, before, list) => before + list.trim().replace(assignment, 'set -g $1 $2;').replace(/;$/, ''),
  );
  return words.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement as never),
    text,
  );
}
