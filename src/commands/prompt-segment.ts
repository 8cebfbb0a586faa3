import {
  blockedName,
  decodeValue,
  expiration,
  loadedValues,
  segmentSeconds,
  unloadedEnvironment,
} from '../shell/index.ts';
import { type Environment, formatDuration } from '../system/index.ts';

export interface Segment {
  /** At most 40 characters that every prompt shows as plain text. */
  readonly text: string;
  readonly colour: 'green' | 'yellow' | 'red';
}

/**
 * The text of the hook's segment (`__awsh_describe` in shell/), computed from the environment that
 * the hook has set: profile and time left, or why nothing is loaded; null if there is nothing to
 * show. `now` is in epoch seconds.
 */
export function segmentOf(environment: Environment, now: number): Segment | null {
  const [version, kind, uid, who = '-'] = (environment.AWSH_LOADED ?? '').split(' ');
  const isOurs = version === '1' && uid === String(process.getuid?.());
  const hasKeysOfOthers =
    isOurs &&
    kind !== 'off' &&
    kind !== 'overridden' &&
    isOverridden(environment, kind === 'blocked' ? blockedName : '');
  if (environment.AWS_VAULT && (!isOurs || kind === 'off' || hasKeysOfOthers))
    return execSegment(environment, now);
  if (isOurs && kind === 'off') return environment.AWSH_SEGMENT === 'off' ? segment('off', 'yellow') : null;
  if (isOurs) {
    if (hasKeysOfOthers || kind === 'overridden') return segment('overridden', 'yellow');
    if (kind === 'blocked') return segment(environment.AWSH_SEGMENT || 'blocked', 'red');
    const isProtected = /^protected 1$/m.test(environment.AWSH_SAVED ?? '');
    const name = withoutBox(decodeValue(who.replaceAll('%20', ' ')));
    return withTime(name, expiration(environment), now, { isProtected, mark: markOf(environment, name) });
  }
  return environment.AWSH_SEGMENT && !environment.AWSH_LOADED
    ? segment(environment.AWSH_SEGMENT, 'red')
    : null;
}

/**
 * The segment of a shell started by `exec` or aws-vault. aws-vault keeps the expiry that awsh had
 * set before it, so that counts as unset.
 */
function execSegment(environment: Environment, now: number): Segment {
  const own = unloadedEnvironment(environment);
  const isServed = !own.AWS_ACCESS_KEY_ID && Boolean(own.AWS_CONTAINER_CREDENTIALS_FULL_URI);
  const expires = isServed ? null : expiration(own);
  return withTime(withoutBox(environment.AWS_VAULT ?? ''), expires, now, { isProtected: false, mark: '' });
}

/**
 * The segment counts down to the end of a time box, so the mark in the pin's name (`dev
 * 15m@tk3b9c`), which is for shells, is removed.
 */
function withoutBox(pin: string): string {
  return pin.replace(/ why=[\w-]+$/, '').replace(/ [0-9]+[hms]@[0-9a-z]{6}$/, '');
}

/** Only the hook knows whether the directory asks for something other than the pinned profile. */
function markOf({ AWSH_SEGMENT: shown = '' }: Environment, name: string): string {
  const text = segment(name, 'green').text;
  return / pinned( \d\w*)?$/.test(shown) && !text.endsWith(' pinned') ? ' pinned' : '';
}

function isOverridden(environment: Environment, profile: string): boolean {
  const keyId = loadedValues(environment).get('AWS_ACCESS_KEY_ID') ?? '';
  return (environment.AWS_PROFILE ?? '') !== profile || (environment.AWS_ACCESS_KEY_ID ?? '') !== keyId;
}

interface SegmentTraits {
  readonly isProtected: boolean;
  readonly mark: string;
}

function withTime(
  name: string,
  expires: number | null,
  now: number,
  { isProtected, mark }: SegmentTraits,
): Segment {
  const calm = isProtected ? 'red' : 'green';
  const left = expires === null ? null : expires - now;
  if (left !== null && left <= 0) return segment('expired', 'red');
  const end = left === null ? mark : `${mark} ${formatDuration(left)}`;
  const colour =
    left !== null && left < segmentSeconds.red
      ? 'red'
      : left !== null && left < segmentSeconds.yellow && !isProtected
        ? 'yellow'
        : calm;
  return segment(`${name.slice(0, 40 - end.length)}${end}`, colour);
}

function segment(text: string, colour: Segment['colour']): Segment {
  return { text: text.replace(/[^A-Za-z0-9_.@+=,:/ -]/g, '?').slice(0, 40), colour };
}
