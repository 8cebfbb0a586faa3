import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  hasCode,
  PersonNeededError,
  printable,
  type Secret,
  shellCommand,
  VaultError,
  withLock,
} from '../system/index.ts';
import { ensureVaultDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';

/** 256 random bits, which encrypt every item of the file backend. */
export type VaultKey = Uint8Array;

/**
 * Asks for the passphrase of a vault; `create` for a new one. `fault` returns why a passphrase is
 * wrong.
 */
export type AskPassphrase = (purpose: 'create' | 'unlock', fault: PassphraseFault) => Promise<Secret>;
type PassphraseFault = (passphrase: Secret) => string | null | Promise<string | null>;

/**
 * The minimum length of a new vault's passphrase, in characters. NIST SP 800-63B-4, 3.1.1.2,
 * requires 8 if it is one factor of several.
 */
const shortestPassphrase = 8;

const algorithm = 'PBES2-HS512+A256KW';
const encryption = 'A256GCM';
/**
 * OWASP's figure for PBKDF2 is 210 000 rounds of HMAC-SHA-512. The upper limit keeps a planted file
 * from taking minutes.
 */
export const rounds = { written: 600_000, least: 600_000, most: 2_000_000 } as const;

const marks = { awsh: 'vault-key', version: 1 } as const;

/** The folder of the wrapped key, and the lock under which it is made. */
export interface VaultKeyPlace {
  readonly folder: string;
  readonly lock: string;
}

const keyFile = (place: VaultKeyPlace) => join(place.folder, 'vault.key');

export function hasVaultKey(place: VaultKeyPlace): boolean {
  return readPrivateFile(keyFile(place)) !== null;
}

/**
 * Throws VaultError if a vault in this folder could not be opened with any passphrase: others have
 * access to the folder, or its key file is missing or was changed. Unwraps nothing.
 */
export async function checkVaultFiles(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  ensureVaultDirectory(folder);
  const path = join(folder, 'vault.key');
  const wrapped = readPrivateFile(path);
  if (wrapped !== null) await checkWrapping(wrapped, path);
  else if (readdirSync(folder).some((name) => name.endsWith('.jwe')))
    throw damaged(path, 'it is missing, but items that it encrypts exist');
}

/**
 * Unwraps the vault's key, which takes about half a second. Throws VaultError for a wrong
 * passphrase. Null if there is no vault yet.
 */
export async function unlockVaultKey(place: VaultKeyPlace, ask: AskPassphrase): Promise<VaultKey | null> {
  const wrapped = readPrivateFile(keyFile(place));
  if (wrapped === null) return null;
  await checkWrapping(wrapped, keyFile(place));
  const opened: { by?: Secret; key?: VaultKey } = {};
  const fault = async (passphrase: Secret) => {
    try {
      opened.key = await unwrap(wrapped, passphrase, keyFile(place));
      opened.by = passphrase;
      return null;
    } catch (error) {
      if (error instanceof WrongPassphraseError) return error.what;
      throw error;
    }
  };
  const passphrase = await ask('unlock', fault);
  // If the passphrase was not asked for, it has not been tried yet.
  return opened.by === passphrase && opened.key ? opened.key : unwrap(wrapped, passphrase, keyFile(place));
}

/** One line if a new vault must not have this passphrase, else null. */
export function newPassphraseFault(passphrase: Secret): string | null {
  const length = [...passphrase.reveal().normalize('NFC')].length;
  return length < shortestPassphrase
    ? `a new passphrase has at least ${shortestPassphrase} characters`
    : null;
}

export class WrongPassphraseError extends VaultError {}

/** A passphrase that a new vault must not have. */
export class ShortPassphraseError extends VaultError {}

/** Exit 6: there is no vault yet, and the user cannot be asked for a passphrase. */
export class NoVaultError extends PersonNeededError {
  constructor({ what, why, next, need }: PersonNeededError) {
    super(what, why, next, need);
  }
}

/** `variable` is the one with the passphrase, if it was not asked for. */
export function wrongPassphrase(variable?: string): VaultError {
  const right = 'the right one is the one that you chose when the vault was created';
  if (variable === undefined) {
    return new WrongPassphraseError(
      'the passphrase is wrong',
      `${right}; nothing was changed`,
      'awsh unlock',
    );
  }
  return new WrongPassphraseError(
    `the passphrase in ${variable} is wrong`,
    `${right}; without the variable awsh asks for it; nothing was changed`,
    `unset ${variable}`,
  );
}

/**
 * Makes a vault: a new key, wrapped with a new passphrase. If another awsh process has made one in
 * the meantime, unlocks that.
 */
export async function createVaultKey(place: VaultKeyPlace, ask: AskPassphrase): Promise<VaultKey> {
  const passphrase = await ask('create', newPassphraseFault).catch((error: unknown) => {
    throw error instanceof PersonNeededError ? new NoVaultError(error) : error;
  });
  const fault = newPassphraseFault(passphrase);
  if (fault !== null)
    throw new ShortPassphraseError('no vault was created', fault, 'choose a longer passphrase');
  ensureVaultDirectory(place.folder);
  let made: VaultKey | null = null;
  const other = await withLock(
    place.lock,
    { timeoutMs: 15_000, staleMs: 60_000, fallback: `${keyFile(place)}.lock` },
    async () => {
      const other = readPrivateFile(keyFile(place));
      if (other !== null) return other;
      made = randomBytes(32);
      writePrivateFile(keyFile(place), await wrap(made, passphrase));
      return null;
    },
  );
  // Outside the lock, because it takes a while and several processes may be waiting.
  if (other !== null) return unwrap(other, passphrase, keyFile(place));
  if (made === null) throw new Error('a vault key was made or was there');
  return made;
}

async function wrap(key: VaultKey, passphrase: Secret): Promise<string> {
  const { CompactEncrypt } = await import('jose');
  return new CompactEncrypt(key)
    .setProtectedHeader({ alg: algorithm, enc: encryption, ...marks })
    .setKeyManagementParameters({ p2c: rounds.written, p2s: randomBytes(16) })
    .encrypt(passphraseBytes(passphrase));
}

async function unwrap(wrapped: string, passphrase: Secret, path: string): Promise<VaultKey> {
  await checkWrapping(wrapped, path);
  const { compactDecrypt } = await import('jose');
  try {
    const { plaintext } = await compactDecrypt(wrapped, passphraseBytes(passphrase), {
      keyManagementAlgorithms: [algorithm],
      contentEncryptionAlgorithms: [encryption],
      maxPBES2Count: rounds.most,
    });
    if (plaintext.length === 32) return plaintext;
  } catch (error) {
    if (hasCode(error, 'ERR_JWE_DECRYPTION_FAILED')) throw wrongPassphrase();
  }
  throw damaged(path, 'it does not hold a vault key');
}

/**
 * Refuses a file with another way of wrapping, before the key derivation and before the user is
 * asked.
 */
async function checkWrapping(wrapped: string, path: string): Promise<void> {
  const { decodeProtectedHeader } = await import('jose');
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(wrapped);
  } catch {
    throw damaged(path, 'it is cut short or overwritten');
  }
  const { alg, enc, p2c, awsh, version } = header;
  if (awsh !== marks.awsh || version !== marks.version)
    throw damaged(path, 'its format is not known to this version of awsh');
  if (alg !== algorithm || enc !== encryption)
    throw damaged(path, 'it names an encryption that awsh does not use');
  if (typeof p2c !== 'number' || !Number.isInteger(p2c) || p2c < rounds.least || p2c > rounds.most) {
    throw damaged(path, `it asks for a number of rounds outside ${rounds.least} to ${rounds.most}`);
  }
}

function damaged(path: string, why: string): VaultError {
  return new VaultError(
    `the vault's key file was refused: ${printable(path)}`,
    why,
    shellCommand`put the file back from a backup: ls -l ${path}`,
  );
}

/** One form for texts that look the same: macOS and Linux compose accents differently. */
function passphraseBytes(passphrase: Secret): Uint8Array {
  return new TextEncoder().encode(passphrase.reveal().normalize('NFC'));
}
