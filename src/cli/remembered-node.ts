import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AppPaths, ensurePrivateDirectory, readFileIfThere, writeFileAtomic } from '../system/index.ts';

const nodeFile = ({ state }: Pick<AppPaths, 'state'>) => join(state, 'node');

/**
 * Records the path of this Node for bin/awsh, which starts the Node of the last successful start
 * whatever version a directory pins (nvm, fnm, asdf, Volta). A Node that belongs to a directory, or
 * that another user can replace, is not recorded. If the record cannot be written, bin/awsh
 * searches PATH again.
 */
export function rememberNode(paths: Pick<AppPaths, 'state' | 'home'>): void {
  try {
    const file = nodeFile(paths);
    const line = `${process.execPath}\n`;
    if (readFileIfThere(file) === line || !isUsersChoice(process.execPath, paths.home)) return;
    ensurePrivateDirectory(paths.state);
    writeFileAtomic(file, line);
  } catch {
    // A read-only home.
  }
}

/** Forgets a Node that does not work, so that the next start searches PATH again. */
export function forgetNode(paths: Pick<AppPaths, 'state'>): void {
  try {
    rmSync(nodeFile(paths), { force: true });
  } catch {
    // As above.
  }
}

/**
 * Files and folders that mark the root of a project. bin/awsh has the same names, and a test
 * compares them.
 */
export const projectMarks = [
  '.git',
  '.hg',
  '.svn',
  '.jj',
  '.envrc',
  '.awsprofile',
  '.tool-versions',
  '.mise.toml',
  'mise.toml',
  '.nvmrc',
  '.node-version',
  '.editorconfig',
  '.gitignore',
  '.github',
  'package.json',
  'go.mod',
  'Cargo.toml',
  'pyproject.toml',
  'requirements.txt',
  'setup.py',
  'Gemfile',
  'pom.xml',
  'build.gradle',
  'composer.json',
  'CMakeLists.txt',
  'Makefile',
  'Dockerfile',
  'compose.yaml',
  'docker-compose.yml',
  'flake.nix',
] as const;

const ofTheSystem = /^\/(usr|opt|nix|home\/linuxbrew)\//;

/**
 * True if the Node is in no project, is not near the working directory, and cannot be replaced by
 * another user (security rule 24). Version managers are often git checkouts too, so a checkout in a
 * hidden folder or in a system folder is accepted. bin/awsh has the same rules for what it finds in
 * PATH. `node` must have no links in it, as process.execPath has none.
 */
function isUsersChoice(node: string, home: string): boolean {
  if (/^\/(proc|dev)\/|\/node_modules\//.test(node)) return false;
  const above = foldersAbove(node);
  if (!isClosed(node, above)) return false;
  if (ofTheSystem.test(node)) return true;
  const here = `${realpathSync(process.cwd())}/`;
  const homeFolder = existsSync(home) ? realpathSync(home) : home;
  const ownAbove = above.filter((folder) => !`${homeFolder}/`.startsWith(`${folder}/`));
  if (ownAbove.slice(0, 4).some((folder) => here.startsWith(`${folder}/`))) return false;
  const project = ownAbove.find((folder) => projectMarks.some((name) => existsSync(join(folder, name))));
  return project === undefined || /\/\.[^.]/.test(project);
}

/** The file's folder, the one above it, and so on, without the root. */
function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(file); folder !== '/'; folder = dirname(folder)) folders.push(folder);
  return folders;
}

/**
 * True if the file and its folders belong to root or the user and others cannot write to them.
 * Folders further up may be sticky, as /tmp is.
 */
function isClosed(file: string, [folder = '/', ...further]: readonly string[]): boolean {
  return (
    [file, folder].every((path) => isOursAlone(path, false)) &&
    further.every((path) => isOursAlone(path, true))
  );
}

function isOursAlone(path: string, maySticky: boolean): boolean {
  const { uid, gid, mode } = statSync(path);
  const self = process.geteuid?.() ?? uid;
  if (uid !== 0 && uid !== self) return false;
  if ((mode & 0o002) !== 0) return maySticky && (mode & 0o1000) !== 0;
  const ownGroups = [self, 0, ...(process.platform === 'darwin' ? [80] : [])];
  return (mode & 0o020) === 0 || ownGroups.includes(gid);
}
