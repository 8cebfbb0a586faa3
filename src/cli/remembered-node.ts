import { join } from 'node:path';
import { type AppPaths, ensurePrivateDirectory, readFileIfThere, writeFileAtomic } from '../system/index.ts';

/**
 * Writes down which Node this is, for bin/awsh: it starts the Node of the last good start, whatever version a directory
 * pins (nvm, fnm, asdf, Volta). What cannot be written is found again in PATH.
 */
export function rememberNode({ state }: Pick<AppPaths, 'state'>): void {
  try {
    const file = join(state, 'node');
    const line = `${process.execPath}\n`;
    if (readFileIfThere(file) === line) return;
    ensurePrivateDirectory(state);
    writeFileAtomic(file, line);
  } catch {
    // A read-only home.
  }
}
