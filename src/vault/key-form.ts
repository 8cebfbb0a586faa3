import { isAccessKeyId, isLocalKeyId } from './items.ts';

/** Why a key cannot be stored, without quoting it. */
export interface KeyFormFault {
  readonly what: string;
  readonly why: string;
}

/**
 * Null for a key id that can be stored. `isLocal`: the key is for an endpoint on this machine, such
 * as LocalStack's, whose keys may be any text.
 */
export function storableKeyIdFault(accessKeyId: string, isLocal: boolean): KeyFormFault | null {
  const fault = awsKeyIdFault(accessKeyId);
  if (fault !== null) {
    return isLocal && isLocalKeyId(accessKeyId) ? null : { what: 'that is not an access key id', why: fault };
  }
  if (accessKeyId.startsWith('ASIA')) {
    return {
      what: 'that key is temporary',
      why: 'a key id that begins with ASIA is part of a session, and ends with it; the key of an IAM user begins with AKIA',
    };
  }
  return null;
}

/**
 * Why this is not the id of an access key from AWS, long-term or temporary; null if it may be. Used
 * by `add`, by `import` and for keys in plain text in the AWS files.
 */
export function awsKeyIdFault(text: string): string | null {
  const fault = accessKeyIdFault(text);
  if (fault !== null) return fault;
  const prefix = text.slice(0, 4);
  if (otherIds.test(text)) {
    return `AWS uses ${prefix} for something else; the key of an IAM user begins with AKIA`;
  }
  // IAM's reference of unique identifiers: AKIA is the prefix of long-term keys, ASIA of temporary
  // ones.
  return /^A[KS]IA/.test(text) && text.length !== 20
    ? `an id that begins with ${prefix} has 20 characters, and it has ${text.length}`
    : null;
}

/**
 * IAM User Guide, "IAM identifiers", unique identifiers: those of users, roles, groups and the
 * like.
 */
const otherIds = /^(ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA)/;

/**
 * Null for a secret access key that can be stored: 40 characters of AWS's alphabet, or any text for
 * a local endpoint.
 */
export function storableSecretFault(secret: string, isLocal: boolean): KeyFormFault | null {
  if (/^[A-Za-z0-9/+]{40}$/.test(secret)) return null;
  if (isLocal && secretKeyFault(secret) === null) return null;
  const isTooLong = /^[A-Za-z0-9/+]+$/.test(secret) && secret.length > 40;
  const isTooShort = /^[A-Za-z0-9/+]+$/.test(secret) && secret.length < 40;
  const form = 'it has 40 letters, digits, / and +';
  const why = isTooShort || isTooLong ? `${form}; this one is too ${isTooLong ? 'long' : 'short'}` : form;
  return { what: 'that is not a secret access key', why: secretKeyFault(secret) ?? why };
}

/** Why this is not the id of an access key, without quoting it; null if it may be. */
export function accessKeyIdFault(text: string): string | null {
  if (isAccessKeyId(text)) return null;
  if (isQuoted(text)) return 'the quotes would be part of it: write it without quotes';
  return 'it has 16 to 128 capital letters and digits, like AKIAIOSFODNN7EXAMPLE';
}

/** The same for a secret access key. */
export function secretKeyFault(text: string): string | null {
  if (isQuoted(text)) return 'the quotes would be part of it: write it without quotes';
  if (/^[!-~]{1,512}$/.test(text)) return null;
  if (text === '') return 'it is empty';
  if (text.includes('\0')) return 'it has NUL bytes, as files have after a crash';
  const odd = /[^ -~]/u.exec(text)?.[0].codePointAt(0);
  if (odd === undefined) return text.length > 512 ? 'it is too long' : 'it has a space in it';
  const code = odd.toString(16).toUpperCase().padStart(4, '0');
  return `it has a character that no secret access key has (U+${code}): only letters, digits, / and + are possible`;
}

function isQuoted(text: string): boolean {
  return /^["'\u201c\u201d\u2018\u2019`].*["'\u201c\u201d\u2018\u2019`]$/u.test(text);
}
