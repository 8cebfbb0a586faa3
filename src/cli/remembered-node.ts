import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppPaths, ensurePrivateDirectory, readFileIfThere, writeFileAtomic } from '../system/index.ts';

const nodeFile = ({ state }: Pick<AppPaths, 'state'>) => join(state, 'node');

/**
 * Writes down which Node this is, for bin/awsh: it starts the Node of the last good start, whatever version a directory
 * pins (nvm, fnm, asdf, Volta). What cannot be written is found again in PATH.
 */
export function rememberNode(paths: Pick<AppPaths, 'state'>): void {
  try {
    const file = nodeFile(paths);
    const line = `${process.execPath}\n`;
    if (readFileIfThere(file) === line) return;
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
