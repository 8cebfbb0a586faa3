import { isAccessKeyId } from './items.ts';

/** Why this cannot be the id of an access key, in words that never repeat it; null where it can. */
export function accessKeyIdFault(text: string): string | null {
  if (isAccessKeyId(text)) return null;
  if (isQuoted(text)) return 'the quotes are taken as a part of it: write it without';
  return 'it has 16 to 128 capital letters and digits, like AKIAIOSFODNN7EXAMPLE';
}

/** Why this cannot be a secret access key, likewise. */
export function secretKeyFault(text: string): string | null {
  if (isQuoted(text)) return 'the quotes are taken as a part of it: write it without';
  return /^[!-~]{1,512}$/.test(text) ? null : 'it is empty, or has spaces or other characters in it';
}

function isQuoted(text: string): boolean {
  return /^["'“”‘’`].*["'“”‘’`]$/u.test(text);
}
