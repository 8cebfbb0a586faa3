import * as fs from 'node:fs';
import { join } from 'node:path';
import { hasCode, printable, Secret, VaultError } from '../system/index.ts';
import { addAwsVaultItem, isAwsVaultKeyName } from './aws-vault-items.ts';
import { type Found, FoundKeys } from './found-keys.ts';

const largestFile = 1024 * 1024;

/**
 * The access keys in the folder of aws-vault's `file` backend: one JWE an item, opened by the passphrase itself
 * (PBES2-HS256+A128KW, A256GCM). Sessions and Identity Center tokens are skipped. VaultError (exit 5) where the folder is
 * not there, or where the passphrase opens nothing.
 */
export async function readAwsVaultFiles(
  folder: string,
  passphrase: () => Promise<Secret>,
  added: Date,
): Promise<Found> {
  const files = keyFiles(folder);
  const found = new FoundKeys(added);
  if (files.length === 0) return found;
  const key = new TextEncoder().encode((await passphrase()).reveal());
  let opened = 0;
  for (const name of files) {
    const place = `aws-vault's ${printable(name)}`;
    const text = await open(join(folder, name), key);
    if (text === null) found.passOver(decodeName(name), `it cannot be opened (${place})`);
    else {
      opened += 1;
      addAwsVaultItem(found, text, decodeName(name), place);
    }
  }
  if (opened > 0) return found;
  throw new VaultError(
    "the passphrase opens none of aws-vault's files",
    `there are ${files.length} in ${printable(folder)}; nothing was changed`,
    'try again; it is the one that aws-vault asks for',
  );
}

function keyFiles(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    return names.filter((name) => isAwsVaultKeyName(decodeName(name))).sort();
  } catch (error) {
    const why = hasCode(error, 'ENOENT') ? 'there is no such folder' : 'it cannot be read';
    throw new VaultError(
      `no keys of aws-vault in ${printable(folder)}`,
      why,
      'awsh import --aws-vault-file --dir DIR',
      error,
    );
  }
}

/** aws-vault escapes only `/` and `%`, as %XX bytes. */
function decodeName(file: string): string {
  const bytes = Buffer.from(file).toString('latin1');
  const decoded = bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

async function open(path: string, key: Uint8Array): Promise<Secret | null> {
  const { compactDecrypt } = await import('jose');
  try {
    if (fs.statSync(path).size > largestFile) return null;
    const { plaintext } = await compactDecrypt(fs.readFileSync(path, 'utf8').trim(), key, {
      keyManagementAlgorithms: ['PBES2-HS256+A128KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new Secret(new TextDecoder().decode(plaintext));
  } catch {
    return null;
  }
}
