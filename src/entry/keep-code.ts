import { dirname } from 'node:path';
import { ensurePrivateDirectory, writeFileAtomic } from '../system/index.ts';

/** Keeps what V8 made of a file of ours; {@link loadFile} of kept-code.ts reads it, which is in a hurry. */
export function keepCode(path: string, code: Uint8Array): void {
  try {
    ensurePrivateDirectory(dirname(dirname(path)));
    ensurePrivateDirectory(dirname(path));
    writeFileAtomic(path, code);
  } catch {
    // A read-only home, or a folder that is not ours alone: then without.
  }
}
