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
    writeFileSync(path, change(text, metafile));
  }
}

const commonJs = { outdir: 'dist', outExtension: { '.js': '.cjs' }, format: 'cjs' };

/** Node's own modules that cost something to load and are needed by few: each of their functions loads them when called. */
const late = ['node:crypto', 'node:net', 'node:os', 'node:timers/promises', 'node:tty'];

function lateModule(path) {
  const functions = Object.keys(process.getBuiltinModule(path)).filter((name) => /^\w+$/.test(name));
  return functions
    .map((name) => `export const ${name} = (...given) => require('${path}').${name}(...given);`)
    .join('\n');
}

const loadLate = {
  name: 'load-late',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, namespace }) => {
      if (namespace !== 'late' && late.includes(path)) return { path, namespace: 'late' };
    });
    build.onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({ contents: lateModule(path) }));
  },
};

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

/**
 * For each file that imports it esbuild requires a module of Node's, and copies it name by name. Once is enough, and they
 * need no copy. Text of one byte a letter is read and compiled faster; in strings and patterns an escape means the same.
 */
function onceRequired(text) {
  const names = new Set();
  const copied = /\b[\w$]+\(require\("(node:\w+)"\)(?:,1)?\)/g;
  const own = text.replace(copied, 'require("$1")').replace(/= ?require\("node:(\w+)"\)/g, (_, name) => {
    names.add(name);
    return `=node_${name}`;
  });
  const requires = [...names].map((name) => `var node_${name}=require("node:${name}");`).join('');
  return own
    .replace('"use strict";', `"use strict";${requires}`)
    .replace(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const quick = { ...commonJs, minifySyntax: true, minifyWhitespace: true };

await bundle({ ...quick, entryPoints: { awsh: 'src/cli/entry.ts' }, plugins: [loadLate] }, onceRequired);

/** For the test that counts them: what is compiled to one line shows no file's name. */
function packagesOf({ inputs }) {
  const names = Object.keys(inputs).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter(Boolean))].sort().join(' ');
}

await bundle(
  {
    ...quick,
    minifyIdentifiers: true,
    // One function, for src/cli/kept-code.ts.
    banner: { js: '(function(require,module){' },
    footer: { js: '})' },
    entryPoints: { hot: 'src/cli/hot.ts' },
    mainFields: ['module', 'main'],
    plugins: [loadLate, leaveToMain],
  },
  (text, metafile) => `// packages: ${packagesOf(metafile)}\n${onceRequired(text)}`,
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
