import type { Secret } from '../system/index.ts';
import type { FoundKeys } from './found-keys.ts';

const oldSessions = [
  /^session,[^,]+,[^,]*,[0-9]{2,}$/,
  /^session:[^ ]+:[^ ]*:[^:]+$/,
  /^.+? session \(\d+\)$/,
];

/**
 * False for the names that aws-vault itself uses for sessions and Identity Center tokens (its
 * vault/sessionkeyring.go and vault/oidctokenkeyring.go), which it never gives out as keys.
 */
export function isAwsVaultKeyName(name: string): boolean {
  return !name.startsWith('oidc:') && !isSession(name) && !oldSessions.some((pattern) => pattern.test(name));
}

/**
 * `TYPE,PROFILE,MFA-SERIAL,EXPIRY` with profile and serial in base64url. A name that cannot be
 * decoded is a key's.
 */
function isSession(name: string): boolean {
  const [, profile, serial] = /^[^,]+,([^,]+),([^,]*),[0-9]+$/.exec(name) ?? [];
  return [profile, serial].every(
    (text) => text !== undefined && /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1,
  );
}

/** awsh's own items, which are in the same password store if both programs use `pass`. */
export function isAwshItemName(name: string): boolean {
  return /(^|\/)(access-key|pending-key|session)\.[^/]+$/.test(name);
}

export interface ItemPlace {
  /** For the user: `pass team/prod`. */
  readonly place: string;
  /** The `awsh import` that reads this store. */
  readonly command: string;
  /**
   * True if aws-vault finds the item by its content's own name, as in the Secret Service, whose
   * labels users can change. Else the name of the file or entry counts, also after it was renamed.
   */
  readonly namedInside?: boolean;
}

/**
 * Adds the key in an item of aws-vault's file, pass or Secret Service backend: `{"Key", "Data",
 * …}`, where Data is base64 of `{"AccessKeyID", "SecretAccessKey", …}`.
 */
export function addAwsVaultItem(
  found: FoundKeys,
  text: Secret,
  name: string,
  { place, command, namedInside = false }: ItemPlace,
): void {
  const item = fieldsOf(text.reveal());
  const data = typeof item?.Data === 'string' ? Buffer.from(item.Data, 'base64').toString('utf8') : '';
  const fields = fieldsOf(data);
  if (item === null || fields === null) {
    found.passOver(name, `it is not an access key that aws-vault stored (${place})`, {
      advice: 'it was left in place; this shows what can be imported',
      next: `${command} --dry-run`,
    });
    return;
  }
  const key = namedInside && typeof item.Key === 'string' && item.Key !== '' ? item.Key : name;
  if (!isAwsVaultKeyName(key)) return;
  const field = (word: string) => (typeof fields[word] === 'string' ? fields[word] : '');
  found.add({
    name: key,
    place,
    accessKeyId: field('AccessKeyID') || field('AccessKeyId'),
    secret: field('SecretAccessKey'),
    hasToken: field('SessionToken') !== '',
  });
}

/**
 * Null if it is not a JSON object. JSON.parse quotes the text in its message, so that error is
 * dropped.
 */
export function fieldsOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
