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
 * `$XDG_DATA_HOME/awsh/current`, a symbolic link to the folder of the package that shells load awsh from. Start-up files
 * name it instead of that folder, which has a Node's version in its path where nvm, fnm, Volta, asdf or mise made it.
 */
export function packageLink({ data }: DataPath): string {
  return join(data, 'current');
}

/**
 * Makes the link lead to this package; false where it does already. AwshError, and nothing changed, where somebody else
 * could write what every new shell would run.
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

/** Takes the link away, after `setup --remove`; what it leads to stays. */
export function unlinkPackage(paths: DataPath): void {
  const link = packageLink(paths);
  if (lstatIfThere(link)?.isSymbolicLink()) fs.rmSync(link);
}

/**
 * For a command that has done its work: where the link is there, but leads to a package that is gone or older, it comes to
 * lead to this one, so that an awsh that came with another Node is what new shells load. Only a global installation takes
 * the link over: a checkout that is tried, or a project's own awsh, does not. What cannot be changed disturbs nobody.
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
    // There is none, as a rule.
  }
}

/** The version of the awsh package in this folder; null where there is none. */
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

/** Where npm (below whatever prefix), pnpm, Yarn and Bun put packages that were installed for all projects. */
function isGlobal(packageFolder: string): boolean {
  return /\/(lib\/node_modules|global\/(.+\/)?node_modules)\/awsh$/.test(packageFolder);
}

/** What is run in every shell is the person's own or root's, and closed to others' writing. */
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
