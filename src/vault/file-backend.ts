import * as fs from 'node:fs';
import { join } from 'node:path';
import { hasCode, Secret } from '../system/index.ts';
import { fileNameOf } from './item-name.ts';
import { ensureVaultDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';
import type { Backend } from './records.ts';
import { CorruptItemError, fileFault } from './vault-errors.ts';
import type { VaultKey } from './vault-key.ts';

/** The source of the file backend's key: a passphrase, or an unlocked agent. */
export interface VaultKeySource {
  /** The key, or null if there is no vault yet, and so no items. */
  existing(): Promise<VaultKey | null>;
  /** The key; creates a vault if there is none. */
  orNew(): Promise<VaultKey>;
}

const algorithm = 'dir';
const encryption = 'A256GCM';
const version = 1;

/**
 * Encrypted files, one for each item (JWE, RFC 7516). The header, which the encryption
 * authenticates, contains the item's name and its version, so a file copied to another item's name
 * cannot be opened.
 */
export class FileBackend implements Backend {
  readonly name = 'file';
  readonly #folder: string;
  readonly #key: VaultKeySource;

  constructor(folder: string, key: VaultKeySource) {
    this.#folder = folder;
    this.#key = key;
  }

  async get(item: string): Promise<Secret | null> {
    const sealed = this.#read(item);
    if (sealed === null) return null;
    const key = await this.#key.existing();
    if (key === null) throw new CorruptItemError(item, 'the key file of the vault is missing');
    return unseal(item, sealed, key);
  }

  async prepare(): Promise<void> {
    await this.#key.orNew();
  }

  async set(item: string, value: Secret): Promise<void> {
    const sealed = await seal(item, value, await this.#key.orNew());
    ensureVaultDirectory(this.#folder);
    writePrivateFile(this.#path(item), sealed);
  }

  async delete(item: string): Promise<boolean> {
    if (!fs.existsSync(this.#folder)) return false;
    ensureVaultDirectory(this.#folder);
    try {
      fs.unlinkSync(this.#path(item));
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw fileFault(error, this.#path(item));
    }
  }

  #read(item: string): string | null {
    if (!fs.existsSync(this.#folder)) return null;
    ensureVaultDirectory(this.#folder);
    return readPrivateFile(this.#path(item));
  }

  #path(item: string): string {
    return join(this.#folder, `${fileNameOf(item)}.jwe`);
  }
}

async function seal(item: string, value: Secret, key: VaultKey): Promise<string> {
  const { CompactEncrypt } = await import('jose');
  return new CompactEncrypt(new TextEncoder().encode(value.reveal()))
    .setProtectedHeader({ alg: algorithm, enc: encryption, item, version })
    .encrypt(key);
}

async function unseal(item: string, sealed: string, key: VaultKey): Promise<Secret> {
  const { compactDecrypt } = await import('jose');
  const opened = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: [algorithm],
    contentEncryptionAlgorithms: [encryption],
  }).catch(() => null);
  if (opened === null)
    throw new CorruptItemError(item, 'its file is damaged, or was encrypted for another vault');
  if (opened.protectedHeader.version !== version) {
    throw new CorruptItemError(item, 'its format is not known to this version of awsh');
  }
  if (opened.protectedHeader.item !== item)
    throw new CorruptItemError(item, 'its file is the renamed file of another item');
  return new Secret(new TextDecoder().decode(opened.plaintext));
}
