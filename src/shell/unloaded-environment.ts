import type { Environment } from '../system/index.ts';
import { isManaged, secretVariables } from './managed-variables.ts';
import { decodeValue } from './value-encoding.ts';

/**
 * The environment as it would be had awsh loaded nothing: a managed variable that still holds what awsh put there counts
 * as its saved original, or as unset; one that somebody changed since counts as it is. AWSH_LOADED and AWSH_SAVED are
 * taken out. Without them the environment comes back as it was.
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
  for (const [name, value] of saved.was) if (result[name] === undefined) result[name] = value;
  return result;

  function stillOurs(name: string): boolean {
    return environment[name] === saved.now.get(name);
  }
}

/** What awsh put into this environment, by name, but for the secrets: whether it is still there, the caller compares. */
export function loadedValues(environment: Environment): ReadonlyMap<string, string> {
  return parseSaved(environment.AWSH_SAVED ?? '').now;
}

/** `was` and `now` lines of AWSH_SAVED; a line of another form, or a name that is not managed, is passed over. */
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
