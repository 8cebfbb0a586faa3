import { isStateName, type StateRecord } from './state-table.ts';
import { decodeValue } from './value-encoding.ts';

/*
 * AWSH_HOOK: what only the shell knows, which the hook's function `awsh` gives to doctor, status and prompt. Lines with encoded
 * values:
 *
 *   shell NAME VERSION
 *   launcher PATH       the launcher that the hook calls
 *   version VERSION     of the package, when the hook was sourced; empty if it was not found
 *   word WORD           of the hook's two files: another text has another word
 *   mode MODE           auto, pin, off or exec
 *   kind KIND           what is in place: dir, pin, blocked, or nothing
 *   profile NAME        whose it is
 *   state NAME          these four while there is a record: as the last reply told them, or as the hook found them;
 *   reason TEXT
 *   next COMMAND
 *   since EPOCH         when that was
 *   foreign NAME        a variable that something else has set, so that the state is `overridden`
 *   tool NAME           the tool that set it (direnv, mise, direnv_or_mise), if it is known
 *   above NAMES         the user's own variables that only the shell above this one still has
 *   agent 1             only if the hook asks the agent
 *   completion 1        only if Tab knows awsh
 *   runs TEXT           what runs before a prompt, in order: PROMPT_COMMAND, or the names in precmd_functions; nothing in fish
 *   end
 *
 * A hook whose second file is of another version, or gone, gives `outdated SHELL` alone.
 */

/** The hook's facts that determine the shell's state. */
export interface ShellFacts {
  readonly shell: string;
  readonly mode: 'auto' | 'pin' | 'off' | 'exec';
  /** What is loaded; empty if nothing is. */
  readonly kind: 'dir' | 'pin' | 'blocked' | '';
  readonly profile: string | null;
  /** Why the shell does not have what it should have; null if it has it. */
  readonly record: StateRecord | null;
  /** Epoch seconds of the record. */
  readonly since: number | null;
  /**
   * A variable that something else has set, so that awsh does not load; and the tool that did it,
   * if known.
   */
  readonly foreign: string | null;
  readonly tool: string | null;
  /**
   * The names of the user's own credentials that only the shell above this one still has: a secret
   * is never saved for a child shell.
   */
  readonly above: readonly string[];
}

/** Reads AWSH_HOOK (above): a word and its decoded value in each line. Null if it is incomplete. */
export function hookLines(text: string | undefined): (readonly [word: string, value: string])[] | null {
  const lines = (text ?? '').split('\n');
  if (lines.pop() !== 'end') return null;
  return lines.map((line) => {
    const space = line.indexOf(' ');
    return [line.slice(0, space), decodeValue(line.slice(space + 1))];
  });
}

/** Null if the variable is not set or incomplete. */
export function parseShellFacts(text: string | undefined): ShellFacts | null {
  const lines = hookLines(text);
  if (lines === null) return null;
  const fact = (word: string) => lines.find(([name]) => name === word)?.[1] || null;
  const mode = (['auto', 'pin', 'off', 'exec'] as const).find((name) => name === fact('mode'));
  const kind = (['dir', 'pin', 'blocked'] as const).find((name) => name === fact('kind')) ?? '';
  if (mode === undefined) return null;
  const [state, reason, since] = [fact('state'), fact('reason'), fact('since')];
  const hasRecord = state !== null && isStateName(state) && reason !== null;
  return {
    shell: fact('shell')?.split(' ')[0] ?? '',
    mode,
    kind,
    profile: fact('profile'),
    record: hasRecord ? { state, reason, next: fact('next') } : null,
    since: hasRecord && since !== null && /^[0-9]{1,12}$/.test(since) ? Number(since) : null,
    foreign: fact('foreign'),
    tool: fact('tool'),
    above: (fact('above') ?? '').split(' ').filter((name) => /^AWS_[A-Z0-9_]+$/.test(name)),
  };
}
