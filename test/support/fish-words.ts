/*
 * The tests of the hooks type what a person would type in bash or zsh. fish understands most of it (`&&`, `$(…)`, `export
 * A=b`, `A=b command`); this says the rest in fish's own words. What has no counterpart there, a subshell for instance,
 * stands in the tests themselves.
 */

/** For the rc file: what the lines of inFish() call. */
export const fishWords = `
function unset; set -eg $argv; end
function exit_status; return $argv[1]; end
`;

const value = /'[^']*'|"[^"]*"|\$\([^)]*\)|\$'[^']*'|[^\s;&|'"]*/.source;
const assignment = new RegExp(`([A-Za-z_]\\w*)=(${value})`, 'g');
/** Nothing but assignments, to the end of a command; before a command fish has them as the others do. */
const assignments = new RegExp(`(^|[;\n] ?|&& )((?:[A-Za-z_]\\w*=(?:${value}) *)+)(?=$|[;\n]|&& )`, 'g');

const words: [RegExp, string | ((match: string, ...groups: string[]) => string)][] = [
  [/\$\?/g, '$status'],
  [/\$\$(?!\w)/g, '$fish_pid'],
  // Outside of quotes fish has these escapes, but before 3.6 another one for a byte.
  [/\$'([^']*)'/g, (_, text) => (text ?? '').replace(/[[\] ]/g, '\\$&').replaceAll('\\x', '\\X')],
  [/\bcd -P \./g, 'cd (pwd -P)'],
  [/\(exit (\d+)\)/g, 'exit_status $1'],
  [/\$\{(\w+)-(\w*)\}/g, '$(set -q $1; and echo $$$1; or echo $2)'],
];

/** A line for bash and zsh, as one for fish. */
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
