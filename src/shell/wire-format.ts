import type { Secret } from '../system/index.ts';
import type { EnvironmentChange } from './environment-change.ts';
import type { SentState, StateRecord } from './state-table.ts';
import { decodeValue, encodeValue } from './value-encoding.ts';

/** What the hook does with a reply; ARCHITECTURE.md has the table. */
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
  /** `_load`'s exit status, which `awsh use` passes on; 0 where absent. Not on the wire. */
  readonly exitStatus?: number;
  /** With `ok`: the profile is protected, the segment is red. */
  readonly isProtected?: boolean;
  /** Others can exchange the directory file: the hook does not open it. */
  readonly isShared?: boolean;
}

/** What a hook asks for. Paths are as the shell had them, maybe not UTF-8-clean, maybe hostile. */
export interface LoadRequest {
  readonly cwd: string;
  readonly pin: string | null;
  readonly loaded: string | null;
  readonly refresh: boolean;
  readonly renew: boolean;
  readonly quiet: boolean;
  /** `awsh use` asks: if the profile cannot be looked up, the shell keeps what it has. */
  readonly use?: boolean;
  /** `awsh refresh` in a shell that `exec` started asks. */
  readonly exec?: boolean;
  readonly terminal: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the launcher is told: all names to unset in one line, then `NAME=VALUE`, as `export` takes them in one go. */
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

/** A whole reply in one string, to be written at once. What is not set in it the hook unsets by itself, sooner than it reads. */
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
 * Reads a request. Null where it is not whole, of another version, or not of this form: the caller answers nothing then.
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
