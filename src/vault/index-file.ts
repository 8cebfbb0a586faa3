import { dirname, join } from 'node:path';
import { type AppPaths, lstatIfThere, VaultError, withLock } from '../system/index.ts';
import { emptyIndex, formatIndex, type IndexContent, parseIndex } from './index-format.ts';
import { ensureVaultDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';
import { fileFault } from './vault-errors.ts';

/**
 * The index on disk. It contains no secret, is written atomically under a lock, and can be rebuilt
 * if it is lost.
 */
export class IndexFile {
  readonly #path: string;
  readonly #lock: string;
  #seen: { stamp: string; content: IndexContent | null } | undefined;

  constructor(paths: Pick<AppPaths, 'index' | 'locks'>) {
    this.#path = paths.index;
    this.#lock = join(paths.locks, 'vault-index.lock');
  }

  /** The present content; empty if the file is missing or unreadable. */
  read(): IndexContent {
    return this.#load() ?? emptyIndex();
  }

  /** True if the file is missing or unreadable. */
  isLost(): boolean {
    return this.#load() === null;
  }

  /**
   * Changes it under the lock, starting from the latest content. Must not be called while the user
   * is being asked.
   */
  async update(change: (content: IndexContent) => void): Promise<void> {
    try {
      await withLock(
        this.#lock,
        { timeoutMs: 10_000, staleMs: 30_000, fallback: `${this.#path}.lock` },
        async () => {
          this.#seen = undefined;
          const content = this.read();
          change(content);
          ensureVaultDirectory(dirname(this.#path));
          writePrivateFile(this.#path, formatIndex(content));
        },
      );
    } catch (error) {
      throw fileFault(error, this.#path);
    } finally {
      this.#seen = undefined;
    }
  }

  /**
   * Parses the file again only if it is another file than last time: each write renames a new file
   * into place.
   */
  #load(): IndexContent | null {
    const stamp = this.#stamp();
    if (this.#seen?.stamp !== stamp) this.#seen = { stamp, content: this.#parse() };
    return this.#seen.content;
  }

  #parse(): IndexContent | null {
    try {
      const text = readPrivateFile(this.#path);
      return text === null ? null : parseIndex(text);
    } catch (error) {
      // A link or another user's file in its place counts as lost; the next write replaces it.
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  #stamp(): string {
    try {
      const stat = lstatIfThere(this.#path);
      return stat === undefined ? 'none' : `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
    } catch (error) {
      throw fileFault(error, this.#path);
    }
  }
}
