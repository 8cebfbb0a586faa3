import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Environment,
  hasCode,
  printable,
  readChecked,
  Secret,
  shellCommand,
  shellWord,
  statIfThere,
  VaultError,
} from '../system/index.ts';
import { addAwsVaultItem, isAwsVaultKeyName } from './aws-vault-items.ts';
import { type Found, FoundKeys } from './found-keys.ts';

const largestFile = 1024 * 1024;

/** The folder of aws-vault's `file` backend: AWS_VAULT_FILE_DIR, or its default. */
export function awsVaultFolder({ AWS_VAULT_FILE_DIR }: Environment, home: string, cwd: string): string {
  return resolve(cwd, AWS_VAULT_FILE_DIR?.replace(/^~(?=\/|$)/, home) || join(home, '.awsvault/keys'));
}

/**
 * Returns a passphrase. If it is asked for, each answer is checked with `fault` and asked for again
 * with the reason; in the end `givenUp` is thrown.
 */
export type AskAwsVaultPassphrase = (form: {
  readonly fault: (passphrase: Secret) => Promise<string | null>;
  readonly givenUp: () => VaultError;
}) => Promise<Secret>;

export interface AwsVaultFilesOptions {
  readonly ask: AskAwsVaultPassphrase;
  /**
   * The `awsh import` command that reads this folder, and the one that asks for the passphrase
   * whatever the environment contains.
   */
  readonly command: string;
  readonly askingCommand: string;
}

/**
 * The access keys in the folder of aws-vault's `file` backend: one JWE for each item, opened by the
 * passphrase itself (PBES2-HS256+A128KW, A256GCM). Sessions and Identity Center tokens are skipped.
 * An item that cannot be opened is reported as skipped. Throws VaultError (exit 5) if the folder
 * does not exist, or if nothing was opened.
 */
export async function readAwsVaultFiles(
  folder: string,
  { ask, command, askingCommand }: AwsVaultFilesOptions,
  added: Date,
): Promise<Found> {
  const { names, unreadable } = awsVaultFileNames(folder);
  const withUnreadable = (keys: FoundKeys) => {
    for (const name of unreadable)
      keys.passOver(decodeName(name), `it is not a regular file (aws-vault's ${printable(name)})`, {
        advice: 'aws-vault would wait for it: remove it if nothing needs it',
        next: shellCommand`ls -ld -- ${join(folder, name)}`,
      });
    return keys;
  };
  if (names.length === 0) return withUnreadable(new FoundKeys(added));
  let found: Found | null = null;
  const fault = async (passphrase: Secret) => {
    const opened = await openAll(folder, names, passphrase, { added, command, askingCommand });
    found = opened && withUnreadable(opened);
    return opened === null ? "the passphrase is wrong: it does not open any of aws-vault's files" : null;
  };
  const givenUp = () =>
    new VaultError(
      "the passphrase does not open any of aws-vault's files",
      `${names.length} in ${printable(folder)} need the passphrase that aws-vault asks for; nothing was changed`,
      askingCommand,
    );
  const passphrase = await ask({ fault, givenUp });
  if (found === null && (await fault(passphrase)) !== null) throw givenUp();
  return found ?? withUnreadable(new FoundKeys(added));
}

/** Null if the passphrase opens none. */
async function openAll(
  folder: string,
  names: readonly string[],
  passphrase: Secret,
  { added, command, askingCommand }: Omit<AwsVaultFilesOptions, 'ask'> & { readonly added: Date },
): Promise<FoundKeys | null> {
  const found = new FoundKeys(added);
  const key = new TextEncoder().encode(passphrase.reveal());
  let opened = 0;
  for (const name of names) {
    const place = `aws-vault's ${printable(name)}`;
    const text = await openItem(join(folder, name), key);
    if (text === null) {
      const advice = 'import it on its own, with its own passphrase';
      const next = `${askingCommand} -- ${shellWord(decodeName(name))}`;
      found.passOver(
        decodeName(name),
        `it cannot be opened: it has another passphrase, or is damaged (${place})`,
        { advice, next },
      );
      continue;
    }
    opened += 1;
    addAwsVaultItem(found, text, decodeName(name), { place, command });
  }
  return opened > 0 ? found : null;
}

/**
 * The content of aws-vault's folder, by file names, without sessions and Identity Center tokens.
 */
export interface AwsVaultFolder {
  /** The files that hold items of aws-vault's. */
  readonly names: readonly string[];
  /** Pipes, sockets and devices, which aws-vault would wait for. */
  readonly unreadable: readonly string[];
  /** Folders, and files of other programs. */
  readonly others: readonly string[];
}

/** Throws VaultError if the folder cannot be read. */
function awsVaultFileNames(folder: string): AwsVaultFolder {
  try {
    const all = fs.readdirSync(folder).filter((name) => isAwsVaultKeyName(decodeName(name)));
    const kinds = new Map(all.sort().map((name) => [name, kindOf(join(folder, name))]));
    const those = (kind: FileKind) => all.filter((name) => kinds.get(name) === kind);
    return { names: those('item'), unreadable: those('unreadable'), others: those('other') };
  } catch (error) {
    const why = hasCode(error, 'ENOENT') ? 'there is no such folder' : 'it cannot be read';
    throw new VaultError(`no keys of aws-vault in ${printable(folder)}`, why, 'awsh import', error);
  }
}

/** The profiles with a key in the folder, by file names; none if there is no such folder. */
export function profilesInAwsVaultFiles(folder: string): string[] {
  try {
    return awsVaultFileNames(folder).names.map(decodeName);
  } catch {
    return [];
  }
}

/** The other content of the folder, by aws-vault's names; empty if there is no such folder. */
export function othersInAwsVaultFiles(folder: string): Pick<AwsVaultFolder, 'others' | 'unreadable'> {
  try {
    const { others, unreadable } = awsVaultFileNames(folder);
    return { others: others.map(decodeName), unreadable: unreadable.map(decodeName) };
  } catch {
    return { others: [], unreadable: [] };
  }
}

type FileKind = 'item' | 'unreadable' | 'other';

/** Only regular files are opened. A broken link is ignored. */
function kindOf(path: string): FileKind {
  const stat = statIfThere(path);
  if (stat === undefined || stat.isDirectory()) return 'other';
  if (!stat.isFile()) return 'unreadable';
  return isSealed(path) ? 'item' : 'other';
}

/**
 * A desktop may have put its own files into the folder. Every JWE begins with `{"` in base64url.
 */
function isSealed(path: string): boolean {
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const start = Buffer.alloc(3);
      return fs.readSync(fd, start, 0, 3, 0) < 3 || start.toString('latin1') === 'eyJ';
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return true;
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

async function openItem(path: string, key: Uint8Array): Promise<Secret | null> {
  const { compactDecrypt } = await import('jose');
  try {
    const item = readChecked(path, { largest: largestFile }).toString('utf8').trim();
    const { plaintext } = await compactDecrypt(item, key, {
      keyManagementAlgorithms: ['PBES2-HS256+A128KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new Secret(new TextDecoder().decode(plaintext));
  } catch {
    return null;
  }
}
