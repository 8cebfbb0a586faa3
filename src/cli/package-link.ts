import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isNewer } from '../agent/index.ts';
import {
  type AppPaths,
  AwshError,
  checkPrivateDirectory,
  ensurePrivateDirectory,
  lstatIfThere,
  othersCanWrite,
  printable,
  readFileIfThere,
  shellCommand,
} from '../system/index.ts';

type DataPath = Pick<AppPaths, 'data'>;

/**
 * `$XDG_DATA_HOME/awsh/current`, a symbolic link to the folder of the package that shells load awsh
 * from. Start-up files name the link, because the folder's own path contains a Node version under
 * nvm, fnm, Volta, asdf and mise.
 */
export function packageLink({ data }: DataPath): string {
  return join(data, 'current');
}

/**
 * Points the link to this package; returns false if it already does. Throws AwshError, with nothing
 * changed, if another user could write what every new shell would run.
 */
export function linkPackage(paths: DataPath, packageFolder: string): boolean {
  ensurePrivateDirectory(paths.data);
  requireOwnPackage(packageFolder);
  const link = packageLink(paths);
  const stat = lstatIfThere(link);
  if (stat?.isSymbolicLink() && fs.readlinkSync(link) === packageFolder) return false;
  if (stat !== undefined && !stat.isSymbolicLink()) {
    throw new AwshError(
      'other',
      `${printable(link)} is in the way`,
      'awsh keeps a symbolic link there',
      shellCommand`mv ${link} ${`${link}.old`}`,
    );
  }
  const temporary = `${link}.${randomBytes(8).toString('hex')}`;
  fs.symlinkSync(packageFolder, temporary);
  fs.renameSync(temporary, link);
  return true;
}

/** Removes the link for `setup --remove`. Its target stays. */
export function unlinkPackage(paths: DataPath): void {
  const link = packageLink(paths);
  if (lstatIfThere(link)?.isSymbolicLink()) fs.rmSync(link);
}

/**
 * Runs after a command has done its work. If the link exists but points to a package that is
 * missing or older, points it to this package, so that new shells load the awsh that came with
 * another Node. Only a global installation takes the link over, not a checkout or a project's own
 * awsh. Errors are ignored.
 */
export function keepPackageLink(paths: DataPath, packageFolder: string): void {
  try {
    const target = fs.readlinkSync(packageLink(paths));
    if (target === packageFolder || !isGlobal(packageFolder)) return;
    const [theirs, ours] = [packageVersion(target), packageVersion(packageFolder)];
    if (ours === null || (theirs !== null && !isNewer(ours, theirs))) return;
    checkPrivateDirectory(paths.data);
    linkPackage(paths, packageFolder);
  } catch {
    // Usually there is no such link.
  }
}

/** The version of the awsh package in this folder; null if there is none. */
export function packageVersion(packageFolder: string): string | null {
  const text = readFileIfThere(join(packageFolder, 'package.json'));
  if (text === null) return null;
  try {
    const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(text);
    return name === 'awsh' && typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

/**
 * True for the places where npm (under any prefix), pnpm, Yarn and Bun put globally installed
 * packages.
 */
function isGlobal(packageFolder: string): boolean {
  return /\/(lib\/node_modules|global\/(.+\/)?node_modules)\/awsh$/.test(packageFolder);
}

/**
 * Requires that the files every shell runs belong to the user or root and that others cannot write
 * to them.
 */
function requireOwnPackage(packageFolder: string): void {
  const folders = ['bin', 'completions', 'dist', 'shell'].map((name) => join(packageFolder, name));
  const files = folders.flatMap((folder) => fs.readdirSync(folder).map((name) => join(folder, name)));
  for (const file of [packageFolder, ...folders, ...files]) {
    const stat = fs.statSync(file);
    const isOwn = stat.uid === process.getuid?.() || stat.uid === 0;
    if (isOwn && !othersCanWrite(stat)) continue;
    throw new AwshError(
      'other',
      `${printable(file)} is not safe to load in every shell`,
      isOwn ? 'other users can write it' : 'it belongs to another user',
      isOwn ? shellCommand`chmod -R go-w ${packageFolder}` : 'install awsh again, as yourself or as root',
    );
  }
}
