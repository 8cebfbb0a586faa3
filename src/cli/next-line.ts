// The command that an error's `next:` line shows: the error's own, or what its advice comes to in this command line.

import { type AwshError, adviceOf, editCommand, operandWord } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { globalOptions } from './global-options.ts';
import { rewrittenLine, withoutToken } from './old-aws-vault-options.ts';

/** Advice to do the same once more, perhaps elsewhere or a little later. */
const again =
  /^(?:try again|check the network|wait for the next code|answer there|choose a longer passphrase|run it (?:at|in) a terminal)/;
/** Advice to give one more option: `add --force`, `use another region: add --region us-east-1`. */
const addOption = /^(?:([^:]*): )?add (--[a-z-]+(?: [\w-]+)?)$/;
const withoutServerAdvice = 'use exec without --server';

/**
 * What went wrong, and the next command; null if no command helps. `failed` is the command line that failed: null for an error
 * that does not end it.
 */
export function nextLine(
  error: AwshError,
  failed: CommandLine | null,
): { readonly reason: string; readonly command: string | null } {
  const { why = '', next = '', failure, what } = error;
  const { reason, command } = adviceOf(why, next);
  if (command !== null) return { reason, command };
  const line = failed?.row?.hidden ? null : failed;
  const [, remark, option] = addOption.exec(next) ?? [];
  if (line !== null && option !== undefined && takesOption(line, option))
    return { reason: [why, remark].filter(Boolean).join('; '), command: withOption(line, option) };
  if (line !== null && next === withoutServerAdvice)
    return { reason: why, command: rewrittenLine(line, withoutServer) };
  if (line !== null && again.test(next)) return { reason, command: rewrittenLine(line, withoutToken) };
  const [, path, at] = /((?:\/|~\/)[^:"]*):([1-9]\d*)\b/.exec(`${what} ${reason}`) ?? [];
  if (path !== undefined) return { reason, command: editCommand(path, Number(at)) };
  const profile = failure === 'usage' && next === '' ? null : namedProfile(`${next} ${what}`);
  if (profile !== null) return { reason, command: `awsh explain ${operandWord(profile)}` };
  return { reason, command: failure === 'usage' && line?.row ? `awsh ${line.row.name} --help` : null };
}

/** The profile that a text of ours names: `profile "two words"`, or `profile dev`. */
function namedProfile(text: string): string | null {
  const [, quoted, plain] = /\bprofile (?:("(?:[^"\\]|\\.)*")|([^\s"]+))/.exec(text) ?? [];
  return quoted === undefined ? (plain?.replace(/[),;:.]+$/, '') ?? null) : JSON.parse(quoted);
}

function takesOption({ row }: CommandLine, option: string): boolean {
  const [name] = option.split(' ');
  return [...(row?.options ?? []), ...globalOptions].some(({ long }) => `--${long}` === name);
}

/** The same line with one more option behind the verb. */
function withOption(line: CommandLine, option: string): string {
  const at = line.wordsBeforeVerb;
  // `remove --no-force` would take the option back again.
  const rest = line.words.slice(at).filter((word) => word !== `--no-${option.slice(2)}`);
  const words = [...line.words.slice(0, at), ...option.split(' '), ...rest];
  return rewrittenLine({ ...line, words }, withoutToken);
}

function withoutServer(word: string): string[] {
  return /^(?:-s|--server|--ecs-server|--lazy)$/.test(word) ? [] : [word];
}
