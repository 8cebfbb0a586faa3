import { randomBytes } from 'node:crypto';
import { Secret } from '../system/index.ts';
import type { KeysLock } from './keys-lock.ts';
import type { OpenBackend } from './open-backend.ts';
import { setAndCompare } from './pending-keys.ts';

/** The item is not in the index: it has one name, and stays until its backend is removed. */
const item = 'sealing-key.sso';

/** The key that encrypts tokens of IAM Identity Center (`sso_cache = vault`); made at its first use. */
export async function sealingKey(open: OpenBackend, lock: KeysLock): Promise<Secret> {
  const backend = await open.backend();
  const known = await backend.get(item);
  if (known !== null) return known;
  return lock.hold(async () => {
    const other = await backend.get(item);
    if (other !== null) return other;
    const made = new Secret(randomBytes(32).toString('base64url'));
    await setAndCompare(backend, item, made);
    return made;
  });
}
