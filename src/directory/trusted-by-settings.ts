import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode, printable, shellCommand, UsageError } from '../system/index.ts';
import type { DirectoryFile } from './directory-file.ts';

/** The settings that this rule needs. */
export interface TrustingSettings {
  readonly path: string;
  readonly trustedDirs: readonly { readonly path: string; readonly profiles: readonly string[] }[];
}

/**
 * True if `trusted_dirs` lets this profile load from this file without asking (security rule 3):
 * the file is below a listed folder, compared by real paths and whole components, and the profile
 * is listed for that folder and not protected. The caller must check for a record of `deny` first.
 * Throws UsageError if others can write the folder, or one on the way to the file.
 */
export function trustedBySettings(
  settings: TrustingSettings,
  file: DirectoryFile,
  profile: string,
  isProtected: boolean,
): boolean {
  if (isProtected) return false;
  const folder = dirname(file.realpath);
  const roots = settings.trustedDirs
    .filter(({ profiles }) => profiles.includes(profile))
    .map(({ path }) => realpathOf(path))
    .filter((root) => root !== null)
    .filter((root) => isWithin(folder, root));
  for (const root of roots) checkTree(folder, root, settings.path);
  return roots.length > 0;
}

function isWithin(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(`${root}/`);
}

function realpathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return null;
    throw error;
  }
}

/** From the file's folder up to `/`: anyone who can write one of them can replace the tree. */
function checkTree(folder: string, root: string, settingsPath: string): void {
  for (let path = folder; ; path = dirname(path)) {
    // In a sticky folder above (/tmp) others can add, but not replace.
    if (isWritableByOthers(path, isWithin(path, root))) {
      const why = `other users can write ${printable(path)}`;
      throw new UsageError(
        `${printable(settingsPath)}: trusted_dirs ${printable(root)} is not safe`,
        why,
        shellCommand`ls -ld ${path}`,
      );
    }
    if (path === dirname(path)) return;
  }
}

function isWritableByOthers(path: string, evenIfSticky: boolean): boolean {
  const { uid, mode } = statSync(path);
  if (uid !== process.getuid?.() && uid !== 0) return true;
  return (mode & 0o022) !== 0 && (evenIfSticky || (mode & 0o1000) === 0);
}
