import { dirname } from 'node:path';
import { ensurePrivateDirectory, writeFileAtomic } from '../system/index.ts';

/**
 * Stores the code that V8 compiled from one of our files. {@link loadFile} in kept-code.ts reads
 * it; writing is separate because that file must start fast.
 */
export function keepCode(path: string, code: Uint8Array): void {
  try {
    ensurePrivateDirectory(dirname(dirname(path)));
    ensurePrivateDirectory(dirname(path));
    writeFileAtomic(path, code);
  } catch {
    // The home is read-only, or the folder does not belong to this user alone: nothing is stored.
  }
}
