import { type Environment, printable } from '../system/index.ts';
import { blockedName } from './managed-variables.ts';
import type { ShellFacts } from './shell-facts.ts';
import {
  fillIn,
  hookReasons,
  isStateName,
  overrideWords,
  type StateRecord,
  stateRecord,
} from './state-table.ts';
import { loadedValues } from './unloaded-environment.ts';
import { decodeValue } from './value-encoding.ts';

/** The state of a shell, and since when in epoch seconds; null if that is not known. */
export interface ShellState extends StateRecord {
  readonly since: number | null;
}

/**
 * The state of the calling shell. The hook's facts decide. Without them (a script, or awsh run
 * without its function) the environment is used as far as possible. `now` is in epoch seconds.
 */
export function shellState(environment: Environment, now: number, facts: ShellFacts | null): ShellState {
  const record = facts === null ? fromEnvironment(environment, now) : fromFacts(facts, environment, now);
  return { ...record, since: record === facts?.record ? facts.since : null };
}

function fromFacts(facts: ShellFacts, environment: Environment, now: number): StateRecord {
  if (facts.record?.state === 'overridden') return facts.record;
  if (facts.foreign !== null) return overridden(facts.foreign, facts);
  if (facts.record !== null) return facts.record;
  const variable = facts.kind === '' ? null : overridingVariable(environment, facts.kind === 'blocked');
  if (variable !== null) return overridden(variable, facts);
  const profile = facts.profile ?? '';
  if (facts.kind === 'pin' || facts.kind === 'dir') return inPlace(facts.kind, profile, environment, now);
  if (facts.mode !== 'off' && facts.mode !== 'exec') return stateRecord('none');
  return inStartedShell(environment, now) ?? stateRecord(facts.mode === 'off' ? 'off' : 'none');
}

/** From AWSH_LOADED, which the hook exports for child processes (unloaded-environment.ts). */
function fromEnvironment(environment: Environment, now: number): StateRecord {
  const [version, kind = '', uid, who = '-'] = (environment.AWSH_LOADED ?? '').split(' ');
  const isOurs = version === '1' && uid === String(process.getuid?.());
  if (!isOurs) return inStartedShell(environment, now) ?? shownState(environment);
  if (kind === 'off') return stateRecord('off');
  if (kind === 'overridden') return overriddenByClaim(environment);
  const variable = overridingVariable(environment, kind === 'blocked');
  if (variable !== null) return overridden(variable, null);
  if (kind === 'dir' || kind === 'pin') {
    return inPlace(kind, decodeValue(who.replaceAll('%20', ' ')), environment, now);
  }
  return kind === 'blocked'
    ? (outdated(environment) ?? shownState(environment, 'blocked'))
    : stateRecord('none');
}

/** Blocked by a hook that is older than the installed awsh, and therefore gives no facts. */
function outdated({ AWSH_HOOK = '' }: Environment): StateRecord | null {
  const [, shell] = /^outdated (bash|zsh|fish)$/.exec(AWSH_HOOK) ?? [];
  if (shell === undefined) return null;
  return { state: 'blocked', reason: hookReasons.outdated, next: `exec ${shell}` };
}

/** The prompt's text is all that a script can see of a record. */
function shownState(
  { AWSH_SEGMENT: shown = '' }: Environment,
  otherwise: 'none' | 'blocked' = 'none',
): StateRecord {
  const state = shown.startsWith('asked on ') ? 'wait' : isStateName(shown) ? shown : otherwise;
  if (state === 'none' || state === 'loaded') return stateRecord('none');
  const reason = 'the hook of the shell knows the reason: run awsh status at its prompt';
  return { ...stateRecord(state), reason };
}

function inPlace(kind: 'dir' | 'pin', profile: string, environment: Environment, now: number): StateRecord {
  const expired = expiredRecord(profile, environment, now);
  return expired ?? stateRecord(kind === 'pin' ? 'pinned' : 'loaded', { profile: printable(profile) });
}

/** The state of a shell started by `awsh exec` or aws-vault; null in any other. */
function inStartedShell(environment: Environment, now: number): StateRecord | null {
  const profile = environment.AWS_VAULT;
  if (!profile) return null;
  // exec and aws-vault unset AWS_PROFILE beside the keys that they set.
  if (environment.AWS_PROFILE && environment.AWS_ACCESS_KEY_ID) return overridden('AWS_PROFILE', null);
  return expiredRecord(profile, environment, now) ?? stateRecord('loaded', { profile: printable(profile) });
}

function expiredRecord(profile: string, environment: Environment, now: number): StateRecord | null {
  const expires = expiration(environment);
  if (expires === null || expires > now) return null;
  return stateRecord('expired', { profile: printable(profile), time: clockTime(expires) });
}

/** Epoch seconds, null if the keys do not expire. */
export function expiration(environment: Environment): number | null {
  const seconds = environment.AWSH_EXPIRES ?? '';
  if (/^[0-9]{1,12}$/.test(seconds)) return Number(seconds);
  const date = Date.parse(environment.AWS_CREDENTIAL_EXPIRATION ?? environment.AWS_SESSION_EXPIRATION ?? '');
  return Number.isNaN(date) ? null : Math.floor(date / 1000);
}

/** `2026-11-30 14:02`, in local time. */
export function clockTime(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? '?' : local.toISOString().slice(0, 16).replace('T', ' ');
}

/** `14:02`, in local time. */
export function localClock(epochSeconds: number): string {
  return clockTime(epochSeconds).slice(-5);
}

/** A variable that no longer has the value that awsh set; null if there is none. */
function overridingVariable(environment: Environment, isBlocked: boolean): string | null {
  const keyId = loadedValues(environment).get('AWS_ACCESS_KEY_ID') ?? '';
  if ((environment.AWS_ACCESS_KEY_ID ?? '') !== keyId) return 'AWS_ACCESS_KEY_ID';
  return (environment.AWS_PROFILE ?? '') === (isBlocked ? blockedName : '') ? null : 'AWS_PROFILE';
}

/**
 * AWSH_SAVED tells what a tool or the user has set: `readonly NAME`, `typed NAME VALUE`, `claim
 * NAME TOOL VALUE-BEFORE`.
 */
function overriddenByClaim(environment: Environment): StateRecord {
  const saved = environment.AWSH_SAVED ?? '';
  const readOnly = /^readonly ([A-Z0-9_]+)$/m.exec(saved)?.[1];
  if (readOnly !== undefined) {
    const reason = fillIn(hookReasons.readOnly, { variable: readOnly });
    return { state: 'overridden', reason, next: 'exec $SHELL' };
  }
  const typed = /^typed ([A-Z0-9_]+) /m.exec(saved)?.[1];
  if (typed !== undefined) return overridden(typed, null);
  for (const [, name = '', tool = '', before = ''] of saved.matchAll(/^claim ([A-Z0-9_]+) (\S+) (.*)$/gm)) {
    const value = environment[name] ?? '';
    if (value === '' || value === decodeValue(before)) continue;
    return overridden(name, { tool: tool === '-' ? null : tool, shell: '' });
  }
  return overridden('a variable of AWS', { tool: 'another tool', shell: '' });
}

/** The same as `__awsh_note_override` in the hooks. */
function overridden(variable: string, facts: Pick<ShellFacts, 'tool' | 'shell'> | null): StateRecord {
  const values = { variable: printable(variable) };
  if (facts?.tool) {
    const set = fillIn(overrideWords.byTool, { tool: printable(facts.tool.replaceAll('_', ' ')) });
    return stateRecord('overridden', { ...values, set });
  }
  const names =
    variable === 'AWS_ACCESS_KEY_ID' ? [variable, 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] : [variable];
  const unset = facts?.shell === 'fish' ? 'set -e' : 'unset';
  const next = `${unset} ${names.map(printable).join(' ')}`;
  return stateRecord('overridden', { ...values, set: overrideWords.byHand }, next);
}
