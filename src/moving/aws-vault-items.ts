import type { Secret } from '../system/index.ts';
import type { FoundKeys } from './found-keys.ts';

/** The names of what is no access key: sessions of all of aws-vault's ages, and Identity Center tokens. */
const otherItems = [
  /^(sts\.\w+|sso\.GetRoleCredentials|credential_process|session),[^,]*,[^,]*,-?\d+$/,
  /^session:[^:]*:[^:]*:[^:]*$/,
  / session \(\d+\)$/,
  /^oidc:/,
];

export function isAwsVaultKeyName(name: string): boolean {
  return !otherItems.some((pattern) => pattern.test(name));
}

/**
 * Adds what an item of aws-vault's file, pass or Secret Service backend holds: `{"Key", "Data", …}`, where Data is base64
 * of `{"AccessKeyID", "SecretAccessKey", …}`.
 */
export function addAwsVaultItem(found: FoundKeys, text: Secret, name: string, place: string): void {
  const item = fieldsOf(text.reveal());
  const key = typeof item?.Key === 'string' ? item.Key : name;
  if (!isAwsVaultKeyName(key)) return;
  const data = typeof item?.Data === 'string' ? Buffer.from(item.Data, 'base64').toString('utf8') : '';
  addAwsVaultKey(found, data, key, place);
}

/** Adds the key in the text that aws-vault's keychain, wincred and keyctl backends hold as it is. */
export function addAwsVaultKey(found: FoundKeys, data: string, name: string, place: string): void {
  const fields = fieldsOf(data);
  if (fields === null) {
    found.passOver(name, `it is not what aws-vault writes (${place})`);
    return;
  }
  const text = (key: string) => (typeof fields[key] === 'string' ? fields[key] : '');
  found.add({
    name,
    place,
    accessKeyId: text('AccessKeyID') || text('AccessKeyId'),
    secret: text('SecretAccessKey'),
    hasToken: text('SessionToken') !== '',
  });
}

/** Null where it is no JSON object. JSON.parse quotes the text in its message: that error goes no further. */
export function fieldsOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
