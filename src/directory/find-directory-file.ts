import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { AwshError, hasCode } from '../system/index.ts';

export const directoryFileName = '.awsprofile';

/**
 * The path of the directory file that applies in `cwd` (the shell's logical $PWD), or null. The
 * nearest one applies, whatever it is: unreadable, a folder, a broken link; no folder above it is
 * considered (security rule 1).
 */
export function findDirectoryFile(cwd: string): string | null {
  if (!isAbsolute(cwd)) return null;
  requireTextPath(cwd);
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, directoryFileName);
    if (isThere(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}

/** Exit 2: the path of the directory is not valid text, so no directory file is searched for. */
export class UnusablePathError extends AwshError {
  override readonly name = 'UnusablePathError';
  constructor() {
    super(
      'usage',
      'the .awsprofile here is not used',
      'the path of its directory has bytes that are not text: rename the directory',
      'cd',
    );
  }
}

/**
 * Node decodes paths as UTF-8 and replaces invalid bytes with U+FFFD: the result may be the path of
 * another directory (security rule 28). The hook cannot send control characters, except line ends.
 * Throws UnusablePathError for both.
 */
export function requireTextPath(path: string): void {
  if (/[\ufffd\0-\x09\x0b\x0c\x0e-\x1f\x7f]/.test(path)) throw new UnusablePathError();
}

/** True also if it is unknown (a folder that cannot be entered). */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !hasCode(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG');
  }
}
