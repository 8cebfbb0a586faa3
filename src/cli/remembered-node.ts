import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AppPaths, ensurePrivateDirectory, readFileIfThere, writeFileAtomic } from '../system/index.ts';

const nodeFile = ({ state }: Pick<AppPaths, 'state'>) => join(state, 'node');

/**
 * Writes down which Node this is, for bin/awsh: it starts the Node of the last good start, whatever version a directory
 * pins (nvm, fnm, asdf, Volta). A Node that a directory brought is not written down. What cannot be written is found again
 * in PATH.
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

/** For a Node that does not do: the next start looks in PATH again. */
export function forgetNode(paths: Pick<AppPaths, 'state'>): void {
  try {
    rmSync(nodeFile(paths), { force: true });
  } catch {
    // As above.
  }
}

const atTheTop = ['.git', 'package.json', '.awsprofile'] as const;

/**
 * In no project, and nobody else can replace it (security rule 24). Version managers keep themselves in a checkout, too: in a
 * hidden folder, or beside the system's own. bin/awsh has the same rule for what it finds in PATH.
 */
function isUsersChoice(node: string, home: string): boolean {
  if (/^\/(proc|dev)\/|\/node_modules\//.test(node)) return false;
  if (isWritableByAll(node) || isWritableByAll(dirname(node))) return false;
  for (let above = dirname(dirname(node)); above !== '/'; above = dirname(above)) {
    if (isWritableByAll(above) && (statSync(above).mode & 0o1000) === 0) return false;
  }
  if (/^\/(usr|opt|nix|home\/linuxbrew)\//.test(node)) return true;
  for (let above = dirname(node); above !== '/' && above !== home; above = dirname(above)) {
    if (atTheTop.some((name) => existsSync(join(above, name)))) return /\/\.[^.]/.test(above);
  }
  return true;
}

const isWritableByAll = (path: string) => (statSync(path).mode & 0o002) !== 0;
