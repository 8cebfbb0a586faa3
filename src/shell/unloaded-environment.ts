import type { Environment } from '../system/index.ts';
import { isManaged, secretVariables } from './managed-variables.ts';
import { decodeValue } from './value-encoding.ts';

/*
 * What a hook exports for child shells.
 *
 * AWSH_LOADED is `1 KIND UID PROFILE FILE`: KIND is dir, pin, blocked, overridden or off; PROFILE and FILE are encoded, with a
 * space as %20, and `-` for none. AWSH_SAVED has lines separated by LF, with encoded values:
 *
 *   key TEXT              the content of the directory file, so that a child shell need not ask again
 *   was NAME VALUE        an exported original that is not a secret; an original that was unset has no line
 *   secret NAME           an exported secret original, or the key id of one: a child shell cannot restore it, unsets it and
 *                         reports it
 *   now NAME VALUE        what awsh put there, except AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN
 *   protected 1           as in the reply
 *   claim NAME TOOL VALUE what a tool has set or unset (`-` if the tool is not known), and the value before
 *   emptied NAME          that claim was to unset it
 *   typed NAME VALUE      while overridden: what the user has set
 *   readonly NAME         while overridden: what the user has made read-only (a child shell need not know of it)
 *
 * If a part of this does not reach a child shell (`env -u`, a partial `sudo -E`), that shell keeps no part of an identity: without
 * a record, AWSH_PROFILE with AWSH_EXPIRES, or AWS_PROFILE=awsh-blocked, tells that the keys and endpoints are awsh's, and they
 * are taken out; a missing secret or token is loaded anew; a secret without its key id is taken out. Without any AWSH_ variable,
 * nothing tells a pinned profile's keys from the user's own.
 */

/**
 * The environment as if awsh had loaded nothing: a managed variable that still has the value awsh
 * set counts as its saved original, or as unset; one that was changed since is kept. AWSH_LOADED
 * and AWSH_SAVED are removed. Without them the environment is returned unchanged.
 */
export function unloadedEnvironment(environment: Environment): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) result[name] = value;
  const saved = parseSaved(environment.AWSH_SAVED ?? '');
  delete result.AWSH_LOADED;
  delete result.AWSH_SAVED;
  const keysAreOurs = saved.now.has('AWS_ACCESS_KEY_ID') && stillOurs('AWS_ACCESS_KEY_ID');
  for (const name of saved.now.keys()) if (stillOurs(name)) delete result[name];
  if (keysAreOurs) {
    delete result.AWS_SECRET_ACCESS_KEY;
    delete result.AWS_SESSION_TOKEN;
  }
  // A variable that awsh had set and that the user has unset since stays unset.
  for (const [name, value] of saved.was)
    if (result[name] === undefined && (!saved.now.has(name) || stillOurs(name))) result[name] = value;
  return result;

  function stillOurs(name: string): boolean {
    return environment[name] === saved.now.get(name);
  }
}

/**
 * The values that awsh set in this environment, by name, except the secrets. The caller compares
 * whether they are still there.
 */
export function loadedValues(environment: Environment): ReadonlyMap<string, string> {
  return parseSaved(environment.AWSH_SAVED ?? '').now;
}

/**
 * The `was` and `now` lines of AWSH_SAVED; a line of another form, or a name that is not managed,
 * is ignored.
 */
function parseSaved(text: string): { was: Map<string, string>; now: Map<string, string> } {
  const lines = { was: new Map<string, string>(), now: new Map<string, string>() };
  if (text === '') return lines;
  for (const line of text.split('\n')) {
    const [, word, name, value] = /^(was|now) ([A-Z_][A-Z0-9_]*) (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || !isManaged(name) || secretVariables.has(name)) continue;
    lines[word === 'was' ? 'was' : 'now'].set(name, decodeValue(value));
  }
  return lines;
}
