import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CompactEncrypt } from 'jose';

/*
 * A copy of the built package that also opens a vault whose passphrase goes through 1,000 rounds.
 * With 600,000, a shell without an agent spends most of its processor time on them, at each load.
 * For tests of anything but the vault.
 */

const few = 1000;
/** The lower limit of src/vault/vault-key.ts, in a bundle with and without spaces. */
const limit = /\bleast: ?(6e5|600000)\b/;
const source = resolve(import.meta.dirname, '../..');
let made: string | null = null;

/** The folder of the copy, which this process makes once; global-setup.ts removes it. */
export function quickPackage(): string {
  if (made !== null) return made;
  const folder = mkdtempSync(join(process.env.TEST_QUICK ?? tmpdir(), 'package-'));
  for (const name of ['package.json', 'bin', 'shell', 'dist', 'completions'])
    cpSync(join(source, name), join(folder, name), { recursive: true });
  symlinkSync(join(source, 'node_modules'), join(folder, 'node_modules'));
  const bundles = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' });
  const changed = bundles.filter((name) => /\.[cm]js$/.test(name) && allowFew(join(folder, 'dist', name)));
  if (changed.length < 2) throw new Error(`neither the commands nor the agent contain ${limit}`);
  made = folder;
  return folder;
}

function allowFew(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(limit, `least:${few}`);
  if (changed !== text) writeFileSync(path, changed);
  return changed !== text;
}

/** The text of a vault's key file with few rounds. */
export function wrapQuickly(key: Uint8Array, passphrase: string): Promise<string> {
  return new CompactEncrypt(key)
    .setProtectedHeader({
      alg: 'PBES2-HS512+A256KW',
      enc: 'A256GCM',
      awsh: 'vault-key',
      version: 1,
    })
    .setKeyManagementParameters({ p2c: few, p2s: Buffer.alloc(16, 1) })
    .encrypt(new TextEncoder().encode(passphrase));
}
