// Tokens that are stored encrypted, with the setting `sso_cache = vault`: the key is in the vault.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '../../system/index.ts';
import type { TokenReply } from './oidc.ts';

/** Gives the 256-bit key of the vault, in base64url. Throws as the vault does. */
export type SealingKey = () => Promise<Secret>;

const mark = 'sealed:';
const cipher = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];

export function isSealed(token: Secret): boolean {
  return token.reveal().startsWith(mark);
}

/** The token, encrypted (AES-256-GCM): one word, which can be stored in its place. */
export async function sealedToken(token: Secret, key: SealingKey): Promise<Secret> {
  const iv = randomBytes(ivBytes);
  const encrypt = createCipheriv(cipher, bytesOf(await key()), iv);
  const text = Buffer.concat([iv, encrypt.update(token.reveal()), encrypt.final(), encrypt.getAuthTag()]);
  return new Secret(`${mark}${text.toString('base64url')}`);
}

/** The token itself; null if this key does not open it. One that is not encrypted is given as it is. */
export async function openedToken(token: Secret, key: SealingKey | undefined): Promise<Secret | null> {
  if (!isSealed(token)) return token;
  if (key === undefined) return null;
  const secret = bytesOf(await key());
  try {
    const bytes = Buffer.from(token.reveal().slice(mark.length), 'base64url');
    const decrypt = createDecipheriv(cipher, secret, bytes.subarray(0, ivBytes));
    decrypt.setAuthTag(bytes.subarray(-tagBytes));
    const text = decrypt.update(bytes.subarray(ivBytes, -tagBytes));
    return new Secret(Buffer.concat([text, decrypt.final()]).toString('utf8'));
  } catch {
    return null;
  }
}

/** A reply of the token endpoint with both of its tokens encrypted. */
export async function sealedReply(reply: TokenReply, key: SealingKey): Promise<TokenReply> {
  const { accessToken, refreshToken } = reply;
  return {
    ...reply,
    accessToken: await sealedToken(accessToken, key),
    refreshToken: refreshToken && (await sealedToken(refreshToken, key)),
  };
}

const bytesOf = (key: Secret) => Buffer.from(key.reveal(), 'base64url');
