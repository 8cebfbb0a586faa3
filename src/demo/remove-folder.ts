import { rmSync } from 'node:fs';

/**
 * Removes a folder into which a process that is just ending may still write. Each attempt reads the
 * whole folder again; rmSync's own maxRetries repeats only the last step, which fails every time if
 * a file was added.
 */
export function removeFolder(path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === 40) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}
