import { delimiter } from 'node:path';
import { sentVariables, storeVariables } from '../shell/index.ts';
import { type Environment, safePath } from '../system/index.ts';

/** Where things lie, how the network is reached, and in what language: nothing that changes what Node or a linker loads. */
const kept = ['USER', 'LOGNAME', 'TMPDIR', 'TZ', 'LANG', ...sentVariables] as const;

/** The environment that the agent is started with (SECURITY 17): no NODE_*, no LD_*, no key, no relative PATH entry. */
export function agentEnvironment(environment: Environment): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const isKept = kept.some((known) => known === name) || /^LC_[A-Z]+$/.test(name);
    if (isKept && value !== undefined) result[name] = value;
  }
  result.PATH = safePath(environment.PATH).join(delimiter) || '/usr/bin:/bin';
  return result;
}

/**
 * The agent's own environment with what one request fixed in place of it, for the worker that serves that request. A store's
 * variable that is empty there is unset; one that is absent, as in a launcher's request, is the agent's own.
 */
export function workerEnvironment(own: Environment, request: Environment): Record<string, string> {
  const result = agentEnvironment(own);
  for (const name of sentVariables) {
    const value = request[name];
    if (value) result[name] = value;
    else if (name !== 'HOME' && (value === '' || !isStore(name))) delete result[name];
  }
  return { ...result, ...quietPinentry(result) };
}

/** What a hook has fixed, for a worker: a store that it does not name is the default one, never the agent's. */
export function hookStores(fixed: Environment): Environment {
  return { ...Object.fromEntries(storeVariables.map((name) => [name, ''])), ...fixed };
}

const isStore = (name: string) => storeVariables.some((known) => known === name);

/** A process's environment, with what its hook fixed in place of what a directory may have set since (SECURITY 4). */
export function hookSurroundings(own: Environment, fixed: Environment): Environment {
  const others = Object.entries(own).filter(([name]) => !sentVariables.some((known) => known === name));
  return { ...Object.fromEntries(others), ...fixed };
}

/** For whoever has nobody to ask: gpg is to fail rather than to open a window. */
export function quietPinentry({ PASSWORD_STORE_GPG_OPTS: own }: Environment) {
  return { PASSWORD_STORE_GPG_OPTS: [own, '--pinentry-mode error'].filter(Boolean).join(' ') };
}
