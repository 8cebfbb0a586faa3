import { printable } from '../system/index.ts';

const mostNamed = 10;

/** The profiles of these keys as text: the first ten, and the number of the rest. */
export function namesOf(keys: readonly { readonly profile: string }[]): string {
  const names = keys.slice(0, mostNamed).map(({ profile }) => printable(profile));
  const more = keys.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** `1 access key`, `3 access keys`. */
export function numberOf(keys: readonly unknown[]): string {
  return keys.length === 1 ? '1 access key' : `${keys.length} access keys`;
}
