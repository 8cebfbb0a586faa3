/*
 * The states of a shell. Everything that shows a state takes its texts from here: the hooks'
 * messages, the prompt, `status`, `doctor` and their JSON. `npm run generate` writes what the hooks
 * need into them.
 */

/** The texts for one state. `{name}` is replaced by the caller's value. */
export interface StateTexts {
  /** The first line of a message: what the state means for the user. */
  readonly headline: string;
  readonly reason: string;
  /**
   * The command that leaves the state or asks for what is missing; empty if there is nothing to do.
   */
  readonly next: string;
}

/** The user has to answer something. */
const needed = (what: string): StateTexts => ({
  headline: `AWS is blocked in this shell: ${what}`,
  reason: '{profile} is not loaded: {cause}',
  next: 'awsh refresh',
});

export const stateTable = {
  none: { headline: 'nothing is loaded', reason: 'no .awsprofile applies to this directory', next: '' },
  loaded: { headline: 'credentials are loaded', reason: '{profile} is loaded', next: '' },
  'not allowed': {
    headline: 'this .awsprofile is not allowed',
    reason: '{request}; you have not allowed it yet',
    next: 'awsh allow',
  },
  denied: {
    headline: 'this .awsprofile is denied',
    reason: '{request}; you denied it',
    // Not `awsh allow`: it would ask the user to take back what they have just decided.
    next: 'awsh use',
  },
  changed: {
    headline: 'this .awsprofile is no longer what you allowed',
    reason: '{request}; {cause}',
    next: 'awsh allow',
  },
  malformed: { headline: 'this .awsprofile cannot be used', reason: '{cause}', next: 'vi .awsprofile' },
  blocked: {
    headline: 'AWS is blocked in this shell',
    reason: '{profile} is not loaded: {cause}',
    next: 'awsh refresh',
  },
  error: {
    headline: 'AWS is blocked in this shell: the pinned profile could not be loaded',
    reason: '{profile} is not loaded: {cause}',
    next: 'awsh use --auto',
  },
  'needs MFA': needed('an MFA code is needed'),
  'needs sign-in': needed('a sign-in is needed'),
  'needs passphrase': needed('the passphrase of the vault is needed'),
  'needs refresh': needed('a new session is needed'),
  'needs an answer': needed('a question needs an answer'),
  'not confirmed': needed('the protected profile was not confirmed'),
  wait: {
    headline: 'AWS is blocked in this shell until the session is there',
    reason: '{holder}; this shell takes the session at its next prompt',
    next: 'awsh refresh',
  },
  locked: {
    headline: 'awsh is locked and loads no credentials',
    reason: 'awsh lock was run, or the time set by lock_after is over',
    next: 'awsh unlock',
  },
  expired: {
    headline: 'the credentials in this shell have expired',
    reason: 'the session of {profile} ended at {time} and was not renewed',
    next: 'awsh refresh',
  },
  overridden: {
    headline: 'this shell does not use the credentials of awsh',
    // `set`: how, from `overrideWords` below.
    reason: '{variable} was set {set}, so awsh does not load its own credentials',
    next: 'awsh off',
  },
  pinned: {
    headline: 'this shell does not follow its directory',
    reason: '{profile} was chosen with awsh use',
    next: 'awsh use --auto',
  },
  off: {
    headline: 'awsh is off in this shell',
    reason: 'awsh off was run in this shell',
    next: 'awsh use --auto',
  },
} as const satisfies Record<string, StateTexts>;

export type StateName = keyof typeof stateTable;

/** Reasons that a hook finds itself, if no answer gave one: for `blocked`, except the last. */
export const hookReasons = {
  interrupted: 'the profile is not loaded: the load was interrupted',
  unanswered: 'no usable answer from {launcher}',
  /** With `malformed`; Node uses it as well. */
  path: 'the path of this directory has bytes that are not text: awsh cannot use its .awsprofile until it has another name',
  /** With `overridden`. */
  readOnly:
    '{variable} is read-only, so awsh does not load its own credentials; if a startup file makes it read-only, remove that line first',
  /** In a shell whose hook is older than the files that it would load. */
  outdated: 'awsh was upgraded after this shell was started, and parts of two versions do not work together',
  /** `awsh off` in such a shell. */
  inExec: 'awsh exec or aws-vault started this shell with them; they end with the shell',
} as const;

/** How a variable was set that overrides awsh; `{tool}` is direnv, mise or the like. */
export const overrideWords = { byTool: 'by {tool}', byHand: 'outside of awsh' } as const;

/** Seconds before the end of a session at which the segment turns yellow, and red. */
export const segmentSeconds = { yellow: 900, red: 300 } as const;

/** The states that Node or the agent may send; the others are the hook's own. */
export const sentStates = [
  'not allowed',
  'denied',
  'changed',
  'malformed',
  'blocked',
  'error',
  'needs MFA',
  'needs sign-in',
  'needs passphrase',
  'needs refresh',
  'needs an answer',
  'not confirmed',
  'wait',
  'locked',
] as const satisfies readonly StateName[];

export type SentState = (typeof sentStates)[number];

/** The state of a shell, the reason for it, and what to do. Printable text without secrets. */
export interface StateRecord<Name extends StateName = StateName> {
  readonly state: Name;
  readonly reason: string;
  /** Null if there is nothing to do. */
  readonly next: string | null;
}

/** The record of a state with the table's texts, or with another next command. */
export function stateRecord<Name extends StateName>(
  state: Name,
  values: Readonly<Record<string, string>> = {},
  next: string = stateTable[state].next,
): StateRecord<Name> {
  return { state, reason: fillIn(stateTable[state].reason, values), next: next === '' ? null : next };
}

export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => values[name] ?? placeholder);
}

/** True if there is nothing to do: nothing is asked for, or it is loaded. */
export function isHappy({ state }: StateRecord): boolean {
  return state === 'none' || state === 'loaded';
}

export function isStateName(name: string): name is StateName {
  return Object.hasOwn(stateTable, name);
}
