import { accessKeyItem, decodeAccessKey } from './items.ts';
import type { AccessKey, Backend } from './records.ts';
import { CorruptItemError, KeyChangedError } from './vault-errors.ts';

/** What is stored under a name: a key, an item that cannot be read, or nothing. */
export type There = Pick<AccessKey, 'accessKeyId'> | 'unreadable' | null;

/** True if nothing is stored, or one of these keys; null is an item that cannot be read. */
export function isAmong(ids: readonly (string | null)[], there: There): boolean {
  return there === null || ids.includes(there === 'unreadable' ? null : there.accessKeyId);
}

export function keyChanged(profile: string, there: There): KeyChangedError {
  return new KeyChangedError(profile, there === null || there === 'unreadable' ? null : there.accessKeyId);
}

/** What the backend holds for the profile at this moment. */
export async function presentKey(
  backend: Backend,
  profile: string,
): Promise<AccessKey | 'unreadable' | null> {
  const item = accessKeyItem(profile);
  try {
    const value = await backend.get(item);
    return value === null ? null : decodeAccessKey(item, value);
  } catch (error) {
    if (error instanceof CorruptItemError) return 'unreadable';
    throw error;
  }
}
