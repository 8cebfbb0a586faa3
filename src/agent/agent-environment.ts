import { delimiter } from 'node:path';
import { type Environment, safePath } from '../system/index.ts';

/** Where things lie, how the network is reached, and in what language: nothing that changes what Node or a linker loads. */
const kept = [
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TZ',
  'LANG',
  'DBUS_SESSION_BUS_ADDRESS',
  'GNUPGHOME',
  'PASSWORD_STORE_DIR',
] as const;

/** What a hook fixes when it is sourced, and sends with each request; a worker takes it from there. */
export const fixedVariables = [
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'XDG_RUNTIME_DIR',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
] as const;

/** The environment that the agent is started with (SECURITY 17): no NODE_*, no LD_*, no key, no relative PATH entry. */
export function agentEnvironment(environment: Environment): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const isKept = [...kept, ...fixedVariables].some((known) => known === name) || /^LC_[A-Z]+$/.test(name);
    if (isKept && value !== undefined) result[name] = value;
  }
  result.PATH = safePath(environment.PATH).join(delimiter) || '/usr/bin:/bin';
  return result;
}

/** The agent's own environment with what one request fixed in place of it, for the worker that serves that request. */
export function workerEnvironment(own: Environment, request: Environment): Record<string, string> {
  const result = agentEnvironment(own);
  for (const name of fixedVariables) {
    const value = request[name];
    if (value !== undefined) result[name] = value;
    else if (name !== 'HOME') delete result[name];
  }
  return { ...result, ...quietPinentry(result) };
}

/** A process's environment, with what its hook fixed in place of what a directory may have set since (SECURITY 4). */
export function hookSurroundings(own: Environment, fixed: Environment): Environment {
  const others = Object.entries(own).filter(([name]) => !fixedVariables.some((known) => known === name));
  return { ...Object.fromEntries(others), ...fixed };
}

/** For whoever has nobody to ask: gpg is to fail rather than to open a window. */
export function quietPinentry({ PASSWORD_STORE_GPG_OPTS: own }: Environment) {
  return { PASSWORD_STORE_GPG_OPTS: [own, '--pinentry-mode error'].filter(Boolean).join(' ') };
}
