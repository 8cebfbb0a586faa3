import { delimiter } from 'node:path';
import { sentVariables, storeVariables } from '../shell/index.ts';
import { type Environment, safePath } from '../system/index.ts';

/**
 * Variables for paths, the network and the language; none that changes what Node or a linker loads.
 */
const kept = ['USER', 'LOGNAME', 'TMPDIR', 'TZ', 'LANG', ...sentVariables] as const;

/**
 * The environment of the agent (security rule 17): no NODE_*, no LD_*, no key, no relative PATH
 * entry.
 */
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
 * The environment of a worker that serves one request: the agent's own, with the variables of the
 * request instead. A store's variable that is empty in the request is unset; one that is absent, as
 * in a launcher's request, is the agent's own.
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

/**
 * The variables fixed by a hook, for a worker: a store without a variable is the default one, never
 * the agent's.
 */
export function hookStores(fixed: Environment): Environment {
  return { ...Object.fromEntries(storeVariables.map((name) => [name, ''])), ...fixed };
}

const isStore = (name: string) => storeVariables.some((known) => known === name);

/**
 * A process's environment, with the variables fixed by its hook instead of what a directory may
 * have set since (security rule 4).
 */
export function hookSurroundings(own: Environment, fixed: Environment): Environment {
  const others = Object.entries(own).filter(([name]) => !sentVariables.some((known) => known === name));
  return { ...Object.fromEntries(others), ...fixed };
}

/** For processes that cannot ask the user: gpg must fail instead of opening a window. */
export function quietPinentry({ PASSWORD_STORE_GPG_OPTS: own }: Environment) {
  return { PASSWORD_STORE_GPG_OPTS: [own, '--pinentry-mode error'].filter(Boolean).join(' ') };
}
