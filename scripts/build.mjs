// Builds dist/: one small CommonJS entry (awsh.cjs) and, beside it, the ES modules it imports when a verb needs
// them. Native packages stay outside the bundles.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: ['keytar', '@lydell/node-pty'],
  legalComments: 'none',
  logLevel: 'warning',
};

const outputs = new Set();

/** Writes over what is there, so that an awsh that runs meanwhile always finds its files. */
async function bundle(options) {
  const { metafile } = await build({ ...common, ...options, metafile: true });
  for (const file of Object.keys(metafile.outputs)) outputs.add(file);
}

await bundle({
  entryPoints: { awsh: 'src/cli/entry.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  external: [...common.external, './main.mjs'],
});

const modules = {
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  splitting: true,
  mainFields: ['module', 'main'],
  // Some bundled CommonJS packages still call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

await bundle({ ...modules, entryPoints: { main: 'src/cli/main.ts' }, chunkNames: 'chunks/[name]-[hash]' });

// Apart from main's: shared chunks would cost every command a few more files to open.
await bundle({
  ...modules,
  entryPoints: { agent: 'src/agent/agent-entry.ts', worker: 'src/agent/worker-entry.ts' },
  chunkNames: 'chunks/agent/[name]-[hash]',
});

for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  if (/\.[cm]js$/.test(file) && !outputs.has(file)) rmSync(file);
}
