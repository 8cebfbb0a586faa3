/** Lists the access keys in a backend by the names of its files, without opening any. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../system/index.ts';
import type { ChoiceOptions } from './backend-choice.ts';
import { fileNameOf, itemOfFileName } from './item-name.ts';
import { accessKeyItem } from './items.ts';
import type { BackendName } from './records.ts';

export const fileFolder = ({ settings, paths }: ChoiceOptions): string => settings.fileFolder ?? paths.vault;

export function passStore({ settings, environment }: ChoiceOptions): string {
  const home = homeFolder(environment);
  return settings.passFolder ?? environment.PASSWORD_STORE_DIR ?? join(home, '.password-store');
}

/** The name of the file with a profile's key, without its extension. */
export const accessKeyFile = (profile: string): string => fileNameOf(accessKeyItem(profile));

/**
 * The files of access keys, without their extension; null if only reading secrets would tell
 * (keychain).
 */
export function accessKeyFiles(name: BackendName, options: ChoiceOptions): Set<string> | null {
  if (name === 'keychain') return null;
  const prefix = options.settings.passPrefix ?? 'awsh';
  const [folder, ending] =
    name === 'file' ? [fileFolder(options), '.jwe'] : [join(passStore(options), prefix), '.gpg'];
  const start = accessKeyFile('');
  try {
    const items = readdirSync(folder).filter((file) => file.startsWith(start) && file.endsWith(ending));
    return new Set(items.map((file) => file.slice(0, -ending.length)));
  } catch {
    return existsSync(folder) ? null : new Set();
  }
}

/** The profile whose key is in a file of this name; null if the name was too long and cut. */
export function profileOfFile(file: string): string | null {
  return itemOfFileName(file)?.slice(accessKeyItem('').length) ?? null;
}
