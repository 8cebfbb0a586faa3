import { type AwshError, editCommand, isCommand, UnknownProfileError } from '../system/index.ts';

/**
 * The command that fixes an error, or null. This is the error's own command; or an editor at the
 * line of a config file that the error names; or an editor for the directory file `file`, if the
 * profile that it names does not exist. The hook notices a change of the directory file by itself;
 * after any other command the shell has to ask again.
 */
export function nextCommand(error: AwshError, file: string | null): string | null {
  if (error instanceof UnknownProfileError && file !== null) return editCommand(file);
  const command = commandFor(error);
  return command === null || asksAgain.test(command) ? command : `${command} && awsh refresh`;
}

/** After these commands the hook asks again by itself. */
const asksAgain = /^awsh (allow|refresh|unlock|use|sso login)\b/;

function commandFor({ what, why, next = '' }: AwshError): string | null {
  if (isCommand(next)) return next;
  const [, path, line] = /(?<=^|[\s("])(\/[^:]*):(\d+)\b/.exec(`${what} ${why ?? ''}`) ?? [];
  // A ? may replace a control character, so this may not be the file's real name.
  if (path === undefined || line === undefined || path.includes('?')) return null;
  return editCommand(path, Number(line));
}

/**
 * The error's advice, if it is a sentence, without options of a command line, which a shell's
 * request does not have.
 */
export function spokenAdvice({ next = '' }: AwshError): string | null {
  const spoken = next.replace(/(?:: |^)(?:add|leave out) --[a-z-]+(?: [\w-]+)?$/, '');
  return spoken === '' || isCommand(spoken) ? null : spoken;
}
