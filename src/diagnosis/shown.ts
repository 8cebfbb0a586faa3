import type { Place } from '../profiles/index.ts';
import { type AppPaths, editCommand, printable, printablePath, shellWord } from '../system/index.ts';
import type { Scene } from './scene.ts';

const mostNamed = 5;

/** `a, b and 3 more`. */
export function someOf(names: readonly string[]): string {
  const more = names.length - mostNamed;
  const shown = names.slice(0, mostNamed).map(printable).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** `1 profile`, `3 profiles`. */
export function numberOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** `~/.aws/config:12`. */
export function shownPlace({ file, line }: Place, { home }: Pick<AppPaths, 'home'>): string {
  return `${printablePath(file, home)}:${line}`;
}

/** The first place in one of the AWS files that a text names; null if there is none. */
export function placeIn(text: string, { awsConfig, awsCredentials }: AppPaths): Place | null {
  for (const file of [awsConfig, awsCredentials]) {
    const at = text.indexOf(`${printable(file)}:`);
    const line = at < 0 ? null : /^\d+/.exec(text.slice(at + printable(file).length + 1));
    if (line) return { file, line: Number(line[0]) };
  }
  return null;
}

/** The command that opens a file at a line. */
export function editAt({ file, line }: Place): string {
  return editCommand(file, line);
}

/** A word of a command line; quoted only if necessary. */
export function word(text: string): string {
  return shellWord(text);
}

/** The command that unsets variables in the calling shell. */
export function unsetCommand(names: string, { hook }: Pick<Scene, 'hook'>): string {
  return `${hook?.shell === 'fish' ? 'set -e' : 'unset'} ${names}`;
}
