// The command on an error's `next:` line: the error's own, or its advice applied to this command
// line.

import { type AwshError, adviceOf, editCommand, operandWord } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { isGivenByLine, withGivenOptions } from './given-options.ts';
import { globalOptions } from './global-options.ts';
import { rewrittenLine, withOption, withoutOptions } from './rewritten-line.ts';

/** Advice to run the same command again, possibly elsewhere or later. */
const again =
  /^(?:try again|check the network|wait for the next code|answer there|choose a longer passphrase|run it (?:at a terminal|in the foreground))/;
/** Advice to add an option: `add --force`, `use another region: add --region us-east-1`. */
const addOption = /^(?:([^:]*): )?add (--[a-z-]+(?: [\w-]+)?)$/;
/** Advice to omit an option: `leave out --region`. */
const leaveOut = /^leave out --([a-z-]+)$/;
/** By option, its other names and the options that mean nothing without it. */
const companions: Readonly<Record<string, readonly string[]>> = {
  server: ['ecs-server', 'lazy'],
  duration: ['assume-role-ttl', 'session-ttl', 'federation-token-ttl'],
};

/**
 * The reason of the error, and the next command; null if no command helps. `failed` is the failed
 * command line; null for an error that does not end the command.
 */
export function nextLine(error: AwshError, failed: CommandLine | null): NextLine {
  const { reason, command } = advisedLine(error, failed);
  return { reason, command: command === null ? null : withGivenOptions(command) };
}

interface NextLine {
  readonly reason: string;
  readonly command: string | null;
}

function advisedLine(error: AwshError, failed: CommandLine | null): NextLine {
  const { why = '', next = '', failure, what } = error;
  const { reason: advised, command } = adviceOf(why, next);
  const line = failed?.row?.hidden && failed.row.typedAs === undefined ? null : failed;
  if (command !== null) return { reason: advised, command: (line && forThisLine(line, command)) ?? command };
  const [, remark, option] = addOption.exec(next) ?? [];
  if (line !== null && option !== undefined && takesOption(line, option))
    return { reason: [why, remark].filter(Boolean).join('; '), command: lineWith(line, option) };
  // If this verb does not have the option, the advice is dropped.
  const reason = line !== null && option !== undefined ? why : advised;
  const [, unwanted] = leaveOut.exec(next) ?? [];
  if (line !== null && unwanted !== undefined) {
    const command = lineWithout(line, unwanted);
    if (command !== rewrittenLine(line)) return { reason: why, command };
  }
  if (line !== null && again.test(next)) return { reason, command: lineWithout(line, 'mfa-token') };
  const [, path, at] = /(?<=^|[\s("])((?:\/|~\/)[^:"]*):([1-9]\d*)\b/.exec(`${what} ${reason}`) ?? [];
  if (path !== undefined) return { reason, command: editCommand(path, Number(at)) };
  const profile = failure === 'usage' && next === '' ? null : namedProfile(`${next} ${what}`);
  if (profile !== null && line !== null && adHocName.test(profile))
    return { reason, command: explainingLine(line) };
  if (profile !== null) return { reason, command: `awsh explain ${operandWord(profile)}` };
  return {
    reason,
    command: failure === 'usage' && line !== null ? helpOf(line) : null,
  };
}

/**
 * The form of a role on the command line (`adHocName` of src/sessions). No profile has such a name.
 */
const adHocName = /^(?:aws[a-z-]*:)?[0-9]{12}:/;
/** The options that `explain` shares with the verbs that give credentials. */
const plannedBy = [
  ...[
    'duration',
    'no-session',
    'region',
    'profile',
    'backend',
    'file-dir',
    'pass-dir',
    'pass-cmd',
    'pass-prefix',
  ],
  ...['role-arn', 'source-profile', 'external-id', 'session-name', 'tags'],
];

/** An `explain` command for the profile and the options of the line. */
function explainingLine(line: CommandLine): string {
  const names = [...(line.row?.options ?? []), ...globalOptions].map(({ long }) => long);
  const bare = withoutOptions(
    line,
    names.filter((name) => !plannedBy.includes(name)),
  );
  return rewrittenLine({ ...bare, verb: 'explain', row: null, command: null });
}

/** The profile that one of our texts names: `profile "two words"`, or `profile dev`. */
function namedProfile(text: string): string | null {
  const [, quoted, plain] = /\bprofile (?:("(?:[^"\\]|\\.)*")|([^\s"]+))/.exec(text) ?? [];
  return quoted === undefined ? (plain?.replace(/[),;:.]+$/, '') ?? null) : JSON.parse(quoted);
}

function takesOption({ row }: CommandLine, option: string): boolean {
  const [name] = option.split(' ');
  return [...(row?.options ?? []), ...globalOptions].some(({ long }) => `--${long}` === name);
}

/** The line without an option, and without its MFA code, because a code works only once. */
function lineWithout(line: CommandLine, name: string): string {
  return rewrittenLine(withoutOptions(line, ['mfa-token', name, ...(companions[name] ?? [])]));
}

function lineWith(line: CommandLine, option: string): string {
  const [dashed = '', ...value] = option.split(' ');
  const name = dashed.slice(2);
  const bare = withoutOptions(line, ['mfa-token', ...(companions[name] ?? [])]);
  return rewrittenLine(withOption(bare, name, ...value));
}

/** The help of the line's verb. */
function helpOf({ row }: CommandLine): string | null {
  return row === null ? null : `awsh ${row.typedAs ?? row.name} --help`;
}

/**
 * A replacement for a command that does not suit this line: an `export` or `unset` that would change
 * nothing, because an option or a variable of this line overrides it, or the help of another verb.
 * Null for any other command.
 */
function forThisLine(line: CommandLine, command: string): string | null {
  // The same options have the same errors in several verbs.
  if (command === 'awsh exec --help' && ['--policy', '--for'].some((option) => takesOption(line, option)))
    return helpOf(line);
  const unset = /^unset ((?:\w+ ?)+)$/.exec(command)?.[1]?.split(' ') ?? [];
  if (unset.some(isGivenByLine)) {
    const options = unset.map((name) => `-u ${name}`).join(' ');
    return `env ${options} ${lineWithout(line, 'mfa-token')}`;
  }
  const [, backend] = /^export AWSH_BACKEND=(\w+)$/.exec(command) ?? [];
  if (backend === undefined) return null;
  const isOption = line.words.some((word) => /^--backend(?:=|$)/.test(word));
  if (!isOption && !isGivenByLine('AWSH_BACKEND') && !isGivenByLine('AWS_VAULT_BACKEND')) return null;
  return rewrittenLine(withOption(withoutOptions(line, ['mfa-token', 'backend']), 'backend', backend));
}
