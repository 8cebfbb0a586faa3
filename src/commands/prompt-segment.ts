import { decodeValue, expiration, loadedValues } from '../shell/index.ts';
import { type Environment, formatDuration } from '../system/index.ts';

export interface Segment {
  /** At most 40 characters that no prompt takes for anything but text. */
  readonly text: string;
  readonly colour: 'green' | 'yellow' | 'red';
}

/**
 * What the hook's segment says (`__awsh_describe` in shell/), told from the environment that it has left: profile and time
 * left, or why nothing is loaded; null where there is nothing to say. `now` is in epoch seconds.
 */
export function segmentOf(environment: Environment, now: number): Segment | null {
  const [version, kind, uid, who = '-'] = (environment.AWSH_LOADED ?? '').split(' ');
  if (version === '1' && uid === String(process.getuid?.()) && kind !== 'off') {
    const isBlocked = kind === 'blocked';
    if (kind === 'overridden' || isOverridden(environment, isBlocked ? 'awsh-blocked' : ''))
      return segment('overridden', 'yellow');
    if (isBlocked) return segment(environment.AWSH_SEGMENT || 'blocked', 'red');
    const isProtected = /^protected 1$/m.test(environment.AWSH_SAVED ?? '');
    const name = decodeValue(who.replaceAll('%20', ' '));
    return withTime(name, expiration(environment), now, isProtected);
  }
  // What `exec` started; its parent's AWSH_SEGMENT is another profile's.
  if (environment.AWS_VAULT) return withTime(environment.AWS_VAULT, expiration(environment), now, false);
  return environment.AWSH_SEGMENT && !environment.AWSH_LOADED
    ? segment(environment.AWSH_SEGMENT, 'red')
    : null;
}

function isOverridden(environment: Environment, profile: string): boolean {
  const keyId = loadedValues(environment).get('AWS_ACCESS_KEY_ID') ?? '';
  return (environment.AWS_PROFILE ?? '') !== profile || (environment.AWS_ACCESS_KEY_ID ?? '') !== keyId;
}

function withTime(name: string, expires: number | null, now: number, isProtected: boolean): Segment {
  const calm = isProtected ? 'red' : 'green';
  if (expires === null) return segment(name, calm);
  const left = expires - now;
  if (left <= 0) return segment('expired', 'red');
  const time = ` ${formatDuration(left)}`;
  const colour = left < 300 ? 'red' : left < 900 && !isProtected ? 'yellow' : calm;
  return segment(`${name.slice(0, 40 - time.length)}${time}`, colour);
}

function segment(text: string, colour: Segment['colour']): Segment {
  return { text: text.replace(/[^A-Za-z0-9_.@+=,:/ -]/g, '?').slice(0, 40), colour };
}
