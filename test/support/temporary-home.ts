import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * A separate home for one test, with HOME and every XDG_* below it. It is removed when the test
 * ends.
 */
export interface TemporaryHome {
  path: string;
  /** HOME, XDG_*, PATH and no AWS variables; no agent. */
  environment: Record<string, string>;
  /** Writes a file below the home, with its folders; returns its absolute path. */
  write(name: string, content: string | Uint8Array, mode?: number): string;
}

/** Call inside a test (it is removed by onTestFinished), or pass `keep` and remove `path` yourself. */
export function temporaryHome(options: { keep?: boolean } = {}): TemporaryHome {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'awsh-test-')));
  if (!options.keep) onTestFinished(() => removeAll(path));
  mkdirSync(join(path, 'run'), { mode: 0o700 });
  return {
    path,
    environment: {
      HOME: path,
      XDG_CONFIG_HOME: join(path, '.config'),
      XDG_DATA_HOME: join(path, '.local/share'),
      XDG_STATE_HOME: join(path, '.local/state'),
      XDG_CACHE_HOME: join(path, '.cache'),
      XDG_RUNTIME_DIR: join(path, 'run'),
      // A test that needs an agent sets AWSH_AGENT to ''.
      AWSH_AGENT: 'off',
      PATH: process.env.PATH ?? '',
      LANG: 'C.UTF-8',
      NO_PROXY: '127.0.0.1,localhost',
    },
    write(name, content, mode = 0o600) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, content, { mode });
      return file;
    },
  };
}

/**
 * A program that is ending may still write a last file, and Node's own retries do not look for new
 * ones.
 */
async function removeAll(path: string): Promise<void> {
  for (let left = 30; ; left--) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(100);
    }
  }
}
