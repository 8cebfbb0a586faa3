import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { TemporaryHome } from './temporary-home.ts';

const root = join(import.meta.dirname, '../..');

/**
 * A small program made of `source` and what it imports from './src/…', for what a test cannot do in
 * its own process: another terminal, another user, a kill. Returns its path below the home. Start
 * it with process.execPath.
 */
export function bundledScript(home: TemporaryHome, source: string, name = 'script.mjs'): string {
  const outfile = join(home.path, name);
  buildSync({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['keytar', '@lydell/node-pty'],
    // As in scripts/build.mjs: some packages still call require() for Node's own modules.
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}
