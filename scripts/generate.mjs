// Writes the files generated from tables in src/: the completions and parts of the hooks. Tests
// compare both.
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const writers = [
  ['src/cli/completion-files.ts', 'writeCompletionFiles'],
  ['src/shell/hook-files.ts', 'writeHookFiles'],
];

// Below node_modules, so that packages outside the bundle are found.
const folder = mkdtempSync(join(root, 'node_modules', '.generate-'));
try {
  for (const [source, write] of writers) {
    const outfile = join(folder, `${write}.mjs`);
    await build({
      entryPoints: [join(root, source)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
    });
    const module = await import(pathToFileURL(outfile).href);
    module[write](root);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
