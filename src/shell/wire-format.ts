import type { Secret } from '../system/index.ts';
import type { EnvironmentChange } from './environment-change.ts';
import type { SentState, StateRecord } from './state-table.ts';
import { decodeValue, encodeValue } from './value-encoding.ts';

/*
 * The format that hooks, launcher, Node and agent speak. It is never evaluated. A value is the rest of its line, encoded by
 * value-encoding.ts (`%`, LF and CR as %25, %0A, %0D); a sender refuses every other control byte.
 *
 * A request, from a hook to Node in AWSH_REQUEST or to the agent in one write:
 *
 *   TOKEN load 1        TOKEN is the agent's client token, `-` towards Node; 1 is the version of the format
 *   cwd PATH            the logical $PWD; if $PWD has bytes that are not UTF-8, the folder of the directory file that the hook found
 *   pin PROFILE         only in a pinned shell (`awsh use`); also ACCOUNT:ROLE:SOURCE (src/sessions/ad-hoc-pin.ts), and
 *                       `PROFILE ro` and the like (src/sessions/narrowed-pin.ts)
 *   renew 1             only if the clock alone asks (RENEW has come, or a retry): the user is never asked for that
 *   refresh 1           only for `awsh refresh`: renew even a session that is still good
 *   quiet 1             only if nothing may be printed or asked: a subshell, completion, the first prompt of a shell
 *   loaded PROFILE      whose variables are in place now, if any (not while blocked)
 *   use 1               only for `awsh use`: a profile that cannot be looked up is answered `keep`
 *   exec 1              only for `awsh refresh` in a shell that `exec` started: with `pin` and `refresh 1`
 *   tty NAME            the terminal, so that other shells can name it
 *   sized 1             to the agent alone: a line `PROOF LENGTH` (eight digits) comes before the reply. A bash whose `read` pays
 *                       for each byte while it has a time limit reads that line with one, and the rest without
 *   env NAME VALUE      what was fixed when the hook was sourced (fixed-environment.ts), a line for each variable that is set
 *   end
 *
 * A reply, on stdout of Node or from the agent:
 *
 *   PROOF STATUS RENEW LABEL    PROOF is the agent's, `-` from Node, whose stdout only its parent reads
 *   set NAME VALUE
 *   unset NAME
 *   protected 1         only with `ok`: the profile is protected, and the segment is red
 *   shared 1            others can exchange the directory file, or add a nearer one: bash and fish do not open it (security
 *                       rule 26), and notice an edit at the next cd
 *   say TEXT            only with `ok`: a note for the user, which the hook prints on stderr unless the request was quiet
 *   state NAME          these three with every status but `ok` and `none`, and only there: the state of the shell,
 *   reason TEXT         why it is in that state, and
 *   next COMMAND        the command that leaves it
 *   end
 *
 * RENEW is in epoch seconds: when to ask again; 0 for "not before something changes". STATUS, what the hook does, and LABEL:
 *
 *   ok        takes the variables: saves the user's, replaces what was loaded. LABEL is the profile, or the role that is pinned
 *   none      no directory file: unloads, and gives everything back. LABEL is `-`
 *   deny      the file is unknown, denied, changed or malformed: unloads. `not allowed`, `denied`, `changed`, `malformed`
 *   blocked   the profile of an allowed file failed: unloads, then takes the variables of a blocked shell. `blocked`, `malformed`,
 *             `locked`
 *   person    the user has to answer, and was not asked or did not answer: as blocked. `needs MFA`, `needs passphrase`,
 *             `needs sign-in`, `needs refresh`, `needs an answer`
 *   confirm   a protected profile was not confirmed: as blocked for a directory. `not confirmed`
 *   wait      another terminal was asked: as blocked, and asks again at the next prompt. `wait`, `asked on TTY`
 *   error     a pinned profile failed: as blocked. `error`, `locked`
 *   keep      only to `use 1`: nothing changes, and the hook runs `awsh use --check NAME`, which reports the reason. `-`
 *
 * A reply is void as a whole if it has no `end`, a name that is not managed (managed-variables.ts), a state that is not in
 * state-table.ts, words of another version or a control byte: then nothing of it is taken, and the shell is blocked. The hook keeps
 * the last state, reason and next command in variables that are not exported, and prints nothing if the clock alone asked and
 * the state and its reason are as before.
 */

/** What the hook does with a reply: the table above. */
export type ReplyStatus =
  | 'ok'
  | 'none'
  | 'deny'
  | 'blocked'
  | 'person'
  | 'confirm'
  | 'wait'
  | 'error'
  | 'keep';

/** After these the shell is blocked. */
export const blockingStatuses = [
  'blocked',
  'person',
  'confirm',
  'wait',
  'error',
] as const satisfies readonly ReplyStatus[];

export interface Reply {
  readonly status: ReplyStatus;
  /** Epoch seconds at which to ask again; 0: not before something changes. */
  readonly renew: number;
  /** Shown in the prompt segment. */
  readonly label: string;
  readonly change: EnvironmentChange | null;
  /** With `ok` only: notes for the user, one line each. */
  readonly say: readonly string[];
  /** Why the shell does not get what it asks for; null with `ok` and `none`. */
  readonly record: StateRecord<SentState> | null;
  /** `_load`'s exit status, which `awsh use` passes on; 0 if undefined. Not on the wire. */
  readonly exitStatus?: number;
  /** With `ok`: the profile is protected, and the segment is red. */
  readonly isProtected?: boolean;
  /** Others can replace the directory file: the hook does not open it. */
  readonly isShared?: boolean;
}

/** A hook's request. Paths are as in the shell, possibly not UTF-8 and possibly hostile. */
export interface LoadRequest {
  readonly cwd: string;
  readonly pin: string | null;
  readonly loaded: string | null;
  readonly refresh: boolean;
  readonly renew: boolean;
  readonly quiet: boolean;
  /** Asked by `awsh use`: if the profile cannot be found, the shell keeps what it has. */
  readonly use?: boolean;
  /** Asked by `awsh refresh` in a shell that `exec` started. */
  readonly exec?: boolean;
  readonly terminal: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The lines for the launcher: all names to unset in one line, then `NAME=VALUE`, which one `export`
 * can take.
 */
export function launcherLines(change: EnvironmentChange): string[] {
  return [
    ['unset', ...change.unset].join(' '),
    ...encoded(change).map(([name, value]) => `${name}=${value}`),
  ];
}

function setLines(change: EnvironmentChange): string[] {
  return encoded(change).map(([name, value]) => `set ${name} ${value}`);
}

/** The one place where a secret is put on the wire. */
function encoded({ set }: EnvironmentChange): [name: string, value: string][] {
  const reveal = (value: string | Secret) => (typeof value === 'string' ? value : value.reveal());
  return [...set].map(([name, value]) => [name, encodeValue(reveal(value))]);
}

function recordLines(record: Reply['record']): string[] {
  if (record === null) return [];
  const { state, reason, next } = record;
  return [`state ${state}`, `reason ${encodeValue(reason)}`, `next ${encodeValue(next ?? '')}`];
}

/**
 * A whole reply as one string, to be written at once. The hook itself unsets what is not set in it,
 * which is faster than reading more lines.
 */
export function formatReply(proof: string, reply: Reply): string {
  return `${[
    `${proof} ${reply.status} ${Math.floor(reply.renew)} ${encodeValue(reply.label)}`,
    ...(reply.change === null ? [] : setLines(reply.change)),
    ...(reply.isProtected ? ['protected 1'] : []),
    ...(reply.isShared ? ['shared 1'] : []),
    ...reply.say.map((line) => `say ${encodeValue(line)}`),
    ...recordLines(reply.record),
    'end',
  ].join('\n')}\n`;
}

/**
 * Reads a request. Null if it is incomplete, of another version, or malformed: the caller then
 * gives no answer.
 */
export function parseRequest(text: string): { token: string; request: LoadRequest } | null {
  const lines = text.split('\n');
  const head = /^(\S+) load 1$/.exec(lines[0] ?? '');
  const end = lines.indexOf('end');
  if (head === null || end < 0) return null;
  const values = new Map<string, string>();
  const environment: Record<string, string> = Object.create(null);
  for (const line of lines.slice(1, end)) {
    const [, word, rest] = /^([a-z]+) (.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined) return null;
    const variable = /^([A-Za-z_][A-Za-z0-9_]*) (.*)$/.exec(rest);
    if (word !== 'env') values.set(word, decodeValue(rest));
    else if (variable?.[1] !== undefined) environment[variable[1]] = decodeValue(variable[2] ?? '');
    else return null;
  }
  const cwd = values.get('cwd');
  if (cwd === undefined || !cwd.startsWith('/')) return null;
  return {
    token: head[1] ?? '',
    request: {
      cwd,
      pin: values.get('pin') ?? null,
      loaded: values.get('loaded') ?? null,
      refresh: values.get('refresh') === '1',
      renew: values.get('renew') === '1',
      quiet: values.get('quiet') === '1',
      ...(values.get('use') === '1' && { use: true }),
      ...(values.get('exec') === '1' && { exec: true }),
      terminal: values.get('tty') ?? null,
      environment,
    },
  };
}
