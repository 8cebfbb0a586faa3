// Builds dist/: one small CommonJS entry (awsh.cjs), the verbs that must be quick (hot.cjs) and, beside them, the ES
// modules that are imported when a verb needs them. Native packages stay outside the bundles.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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
async function bundle(options, change = (text) => text) {
  const { metafile, outputFiles } = await build({ ...common, ...options, metafile: true, write: false });
  for (const file of Object.keys(metafile.outputs)) outputs.add(file);
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, change(text));
  }
}

const commonJs = { outdir: 'dist', outExtension: { '.js': '.cjs' }, format: 'cjs' };

await bundle({ ...commonJs, entryPoints: { awsh: 'src/cli/entry.ts' } });

/** In hot.cjs whatever is imported at its use is not there: reaching for it hands the command to main.mjs. */
const leaveToMain = {
  name: 'leave-to-main',
  setup(build) {
    const coldPath = resolve('src/cli/cold-path.ts');
    const stubs = {
      cold: `import { takeColdPath } from ${JSON.stringify(coldPath)};\ntakeColdPath();`,
      // A dynamic import would start Node's loader of ES modules, for 8 ms.
      keytar: "export default require('keytar');",
    };
    build.onResolve({ filter: /./ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return;
      return { path, namespace: path === 'keytar' ? 'keytar' : 'cold' };
    });
    build.onLoad({ filter: /./, namespace: 'cold' }, () => ({
      contents: stubs.cold,
      resolveDir: process.cwd(),
    }));
    build.onLoad({ filter: /./, namespace: 'keytar' }, () => ({
      contents: stubs.keytar,
      resolveDir: process.cwd(),
    }));
  },
};

await bundle(
  {
    ...commonJs,
    entryPoints: { hot: 'src/cli/hot.ts' },
    mainFields: ['module', 'main'],
    plugins: [leaveToMain],
  },
  // For each file that imports it esbuild copies a module name by name, `fs` a dozen times. Node's own need no copy.
  (text) => text.replace(/__toESM\((require\("node:[a-z/]+"\))(?:, 1)?\)/g, '$1'),
);

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
