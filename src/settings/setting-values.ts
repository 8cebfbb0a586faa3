import { isAbsolute, join, normalize } from 'node:path';
import { parseDuration } from '../system/index.ts';

/**
 * The rule for one setting: `read` returns the value, or undefined if it is not allowed; `allowed`
 * describes the allowed values.
 */
export interface ValueRule<T> {
  readonly allowed: string;
  /** Words for completion: all allowed values, or the usual ones. */
  readonly words?: readonly string[];
  readonly read: (value: string) => T | undefined;
}

export function oneOf<const T extends string>(...values: readonly T[]): ValueRule<T> {
  return {
    get allowed() {
      return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`.replace(/^ or /, '');
    },
    words: values,
    read: (value) => values.find((known) => known === value),
  };
}

export const onOrOff: ValueRule<boolean> = {
  allowed: 'on or off',
  words: ['on', 'off'],
  read: (value) => (value === 'on' ? true : value === 'off' ? false : undefined),
};

/** Seconds, or null for off. */
export const durationOrOff: ValueRule<number | null> = {
  allowed: 'off, or a duration like 30m or 8h',
  words: ['off', '30m', '1h', '8h'],
  read: (value) => (value === 'off' ? null : parseDuration(value) || undefined),
};

export const word: ValueRule<string> = {
  allowed: 'a name',
  read: (value) => value || undefined,
};

/** An absolute path; a leading `~/` is the home. */
export function pathBelow(home: string): ValueRule<string> {
  return {
    allowed: 'an absolute path, or one that begins with ~/',
    read(value) {
      const path = value === '~' || value.startsWith('~/') ? join(home, value.slice(1)) : value;
      return isAbsolute(path) ? normalize(path) : undefined;
    },
  };
}
