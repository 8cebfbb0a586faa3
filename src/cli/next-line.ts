// The command that an error's `next:` line shows: the error's own, or what its advice comes to in this command line.

import { type AwshError, adviceOf, editCommand, operandWord } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { isGivenByLine, withGivenOptions } from './given-options.ts';
import { globalOptions } from './global-options.ts';
import { rewrittenLine, withOption, withoutOptions } from './rewritten-line.ts';

/** Advice to do the same once more, perhaps elsewhere or a little later. */
const again =
  /^(?:try again|check the network|wait for the next code|answer there|choose a longer passphrase|run it (?:at a terminal|in the foreground))/;
/** Advice to give one more option: `add --force`, `use another region: add --region us-east-1`. */
const addOption = /^(?:([^:]*): )?add (--[a-z-]+(?: [\w-]+)?)$/;
/** Advice to give fewer options: `leave out --region`. */
const leaveOut = /^leave out --([a-z-]+)$/;
/** What goes with an option: other names of it, and options that mean nothing without it. */
const companions: Readonly<Record<string, readonly string[]>> = {
  server: ['ecs-server', 'lazy'],
  duration: ['assume-role-ttl', 'session-ttl', 'federation-token-ttl'],
};

/**
 * What went wrong, and the next command; null if no command helps. `failed` is the command line that failed: null for an error
 * that does not end it.
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
  // An option that this verb has not got is no advice.
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
    command: failure === 'usage' && line?.row ? `awsh ${line.row.typedAs ?? line.row.name} --help` : null,
  };
}

/** How a role of the command line is named (`adHocName` of src/sessions): no profile has this name. */
const adHocName = /^(?:aws[a-z-]*:)?[0-9]{12}:/;
/** The options that `explain` has in common with the verbs that give credentials. */
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

/** `explain` for what the line asks for. */
function explainingLine(line: CommandLine): string {
  const names = [...(line.row?.options ?? []), ...globalOptions].map(({ long }) => long);
  const bare = withoutOptions(
    line,
    names.filter((name) => !plannedBy.includes(name)),
  );
  return rewrittenLine({ ...bare, verb: 'explain', row: null, command: null });
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

/** The line without an option, and without its MFA code: each code works once. */
function lineWithout(line: CommandLine, name: string): string {
  return rewrittenLine(withoutOptions(line, ['mfa-token', name, ...(companions[name] ?? [])]));
}

function lineWith(line: CommandLine, option: string): string {
  const [dashed = '', ...value] = option.split(' ');
  const name = dashed.slice(2);
  const bare = withoutOptions(line, ['mfa-token', ...(companions[name] ?? [])]);
  return rewrittenLine(withOption(bare, name, ...value));
}

/**
 * What `export` and `unset` come to if they would change nothing: an option or a variable of this very command line says
 * otherwise. Null for any other command.
 */
function forThisLine(line: CommandLine, command: string): string | null {
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
