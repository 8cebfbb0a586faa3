// Reads the request `run` of src/agent/request.ts, and makes the caller's environment of it.
import { decodeValue, placeNames } from '../shell/index.ts';
import type { Environment } from '../system/index.ts';

/** A command that the launcher asks the agent's thread for. */
export interface AskedCommand {
  readonly words: readonly string[];
  readonly environment: Environment;
  readonly directory: string;
  /** The launcher. */
  readonly pid: number;
  /** `7` if stdout is a terminal, `8` if stderr is one. */
  readonly terminals: string;
  /** TZ, or null. */
  readonly zone: string | null;
}

/** The variables after the terminals in the line `screen`; empty counts as unset for all of them. */
export const screenNames = ['NO_COLOR', 'TERM', 'PASSWORD_STORE_DIR', 'VISUAL', 'EDITOR'] as const;

/** The folders in the line `place`; the proxies after them are empty. */
const folderNames = placeNames.filter((name) => !/proxy/i.test(name));

/** Secrets of these verbs' environment that none of them reads. */
const unread =
  /^AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CONTAINER_AUTHORIZATION_TOKEN)$|_FILE_PASSPHRASE$/;
/** Variables of awsh, and of AWS that awsh reads: without their values, Node has to answer. */
const needed = /^(AWSH_|AWS_VAULT|AWS_STS_REGIONAL_ENDPOINTS$|AWS_LOGIN_CACHE_DIRECTORY$)/;

/** Null if the request is of another build, or if it is malformed or incomplete. */
export function readAskedCommand(text: string, build: string, leave: () => never): AskedCommand | null {
  const words: string[] = [];
  const values: Record<string, string> = {};
  const fields = new Map<string, string>();
  for (const line of text.split('\n').slice(1, -2)) {
    const [, word = '', value = ''] = /^([a-z]+) (.*)$/.exec(line) ?? [];
    if (word === 'arg') words.push(decodeValue(value));
    else if (word === 'env') {
      const [, name, content] = /^(AWS[A-Za-z0-9_]*) (.*)$/.exec(value) ?? [];
      if (name === undefined || content === undefined) return null;
      values[name] = decodeValue(content);
    } else fields.set(word, value);
  }
  const field = (word: string) => fields.get(word) ?? '';
  const [terminals = '', zone = '', ...screen] = field('screen').split('|');
  const place = field('place').split('|');
  if (field('build') !== build || screen.length !== screenNames.length) return null;
  if (place.length !== placeNames.length || !/^[1-9][0-9]{0,9}$/.test(field('from'))) return null;
  for (const [at, name] of folderNames.entries()) if (place[at]) values[name] = place[at];
  for (const [at, name] of screenNames.entries()) if (screen[at]) values[name] = screen[at];
  const untold = field('untold').split(' ').filter(Boolean);
  if (values.HOME === undefined || untold.some((name) => needed.test(name) && !unread.test(name)))
    return null;
  return {
    words,
    environment: guarded(values, untold, leave),
    directory: field('in'),
    pid: Number(field('from')),
    terminals,
    zone: zone === '' ? null : zone.slice(1),
  };
}

/** An environment in which reading a variable whose value was not sent calls `leave`. */
function guarded(values: Record<string, string>, untold: readonly string[], leave: () => never): Environment {
  const known: readonly string[] = [...folderNames, ...screenNames];
  return new Proxy(values, {
    get(_, name) {
      if (typeof name !== 'string') return undefined;
      if (Object.hasOwn(values, name)) return values[name];
      if (untold.includes(name)) return /_FILE_PASSPHRASE$/.test(name) ? undefined : leave();
      return name.startsWith('AWS') || known.includes(name) ? undefined : leave();
    },
  });
}
