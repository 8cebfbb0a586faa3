// Writes what the command table says into completions/. Run it after a change of the table; a test compares them.
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Below node_modules, so that what stays outside the bundle is found.
const folder = mkdtempSync(join(root, 'node_modules', '.completions-'));
try {
  const outfile = join(folder, 'completion-files.mjs');
  await build({
    entryPoints: [join(root, 'src/cli/completion-files.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const { writeCompletionFiles } = await import(pathToFileURL(outfile).href);
  writeCompletionFiles(root);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
