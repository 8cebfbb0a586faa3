// Builds dist/: a small entry (awsh.cjs), all of awsh (main.cjs), the packages that verbs load when
// needed (packages-*.cjs), and the agent's two programs. Native packages are not bundled.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { partsOf } from './build-parts.mjs';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: ['keytar', '@lydell/node-pty'],
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Omits a part that only makes awsh faster, for bench/build-pieces.ts: `--without late-modules`.
 */
const { values } = parseArgs({ options: { without: { type: 'string' } } });
const has = (piece) => values.without !== piece;

const outputs = new Set();

/** Overwrites the files in place, so that an awsh that is running always finds them. */
async function bundle(options, change = (text) => text) {
  const { metafile, outputFiles } = await build({ ...common, ...options, metafile: true, write: false });
  for (const file of Object.keys(metafile.outputs)) outputs.add(file);
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, change(text));
  }
}

const commonJs = { outdir: 'dist', outExtension: { '.js': '.cjs' }, format: 'cjs' };

/**
 * Node's own modules that load slowly and are seldom needed. Their functions load them when called
 * (13 % of `list`: bench/build-pieces.ts).
 */
const late = has('late-modules')
  ? [
      'node:child_process',
      'node:crypto',
      'node:http',
      'node:https',
      'node:net',
      'node:os',
      'node:stream',
      'node:stream/consumers',
      'node:timers/promises',
      'node:tls',
      'node:tty',
    ]
  : [];

/**
 * One of Node's own modules as an ES module, so that esbuild loads it once and copies only what is
 * used. Otherwise esbuild copies all of it for each file that imports it (11 % of the processor time
 * of a cached export, 21 % of `list`: bench/build-pieces.ts).
 */
function builtinModule(path) {
  const found = process.getBuiltinModule(path);
  const names = Object.keys(found).filter((name) => /^\w+$/.test(name) && name !== 'default');
  if (!late.includes(path)) {
    // Reading a getter would load its value (fs.promises).
    const values = names.filter((name) => !Object.getOwnPropertyDescriptor(found, name)?.get);
    return [
      `const found = require('${path}');`,
      'export default found;',
      // Read only if used: in Node 24, reading fs.F_OK and others prints a warning (DEP0176).
      ...values.map((name) => `export const ${name} = /* @__PURE__ */ (() => found.${name})();`),
    ].join('\n');
  }
  return names
    .filter((name) => typeof found[name] === 'function')
    .map((name) => {
      const member = `require('${path}').${name}`;
      // A class is called with `new` (tty.ReadStream). Reflect, because esbuild's minifier drops the
      // new of new (require(…).name).
      const made = `Reflect.construct(${member}, given)`;
      return `export function ${name}(...given) { return new.target ? ${made} : ${member}(...given); }`;
    })
    .join('\n');
}

const builtins = {
  name: 'builtins',
  setup(build) {
    if (!has('builtin-modules')) return;
    build.onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      namespace === 'builtin' ? { path, external: true } : { path, namespace: 'builtin' },
    );
    build.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: builtinModule(path) }));
  },
};

/**
 * src/entry/kept-code.ts reads one byte as one character. Write other characters of a pattern as
 * \uXXXX.
 */
function inAscii(text) {
  const at = [...text].findIndex((letter) => letter > '\x7f');
  if (at >= 0) throw new Error(`not ASCII: ${[...text].slice(at - 40, at + 10).join('')}`);
  return text;
}

const quick = { ...commonJs, minifySyntax: true, minifyWhitespace: true };

await bundle(
  { ...quick, minifyIdentifiers: true, entryPoints: { awsh: 'src/entry/awsh.ts' }, plugins: [builtins] },
  inAscii,
);

/** One function in ASCII, for src/entry/kept-code.ts. */
const wrapped = {
  ...quick,
  minifyIdentifiers: true,
  banner: { js: '(function(require,module,exports,__filename,__dirname){' },
  footer: { js: '})' },
  mainFields: ['module', 'main'],
  // import() has no loader in such a function.
  supported: { 'dynamic-import': false },
};

/** Packages that verbs load when needed. Packages in one file share their dependencies. */
const packageFiles = {
  aws: [
    '@aws-sdk/client-iam',
    '@aws-sdk/client-sts',
    '@aws-sdk/credential-provider-login',
    '@smithy/core/config',
    '@smithy/node-http-handler',
    '@smithy/signature-v4',
    'http-proxy-agent',
    'https-proxy-agent',
  ],
  'command-line': ['chalk'],
  execa: ['execa'],
  jose: ['jose'],
  prompts: ['@clack/prompts', 'fuzzysort'],
};

/** In main.cjs, a package is a call to its function in packages-*.cjs. */
const packagesApart = {
  name: 'packages-apart',
  setup(build) {
    const fileOf = (name) => Object.keys(packageFiles).find((file) => packageFiles[file].includes(name));
    build.onResolve({ filter: /^[@a-z]/ }, ({ path, importer }) => {
      if (!importer.includes('node_modules') && fileOf(path)) return { path, namespace: 'package' };
    });
    build.onLoad({ filter: /./, namespace: 'package' }, ({ path }) => ({
      contents: `module.exports = require('./packages-${fileOf(path)}.cjs')[${JSON.stringify(path)}]();`,
    }));
    build.onResolve({ filter: /^\.\/packages-/ }, ({ path }) => ({ path, external: true }));
  },
};

if (has('lazy-parts')) {
  const { mainFields } = wrapped;
  const plugins = [builtins, packagesApart];
  const contents = await partsOf('src/entry/main.ts', {
    ...common,
    mainFields,
    supported: wrapped.supported,
    plugins,
  });
  const external = [...common.external, 'node:*', './packages-*'];
  const stdin = { contents, resolveDir: process.cwd() };
  await bundle({ ...wrapped, external, entryNames: 'main', stdin }, inAscii);
} else {
  await bundle(
    { ...wrapped, entryPoints: { main: 'src/entry/main.ts' }, plugins: [builtins, packagesApart] },
    inAscii,
  );
}

// Separate, because it runs before main.cjs is loaded.
await bundle(
  {
    ...wrapped,
    entryPoints: { 'hide-typed-ahead': 'src/entry/hide-typed-ahead.ts' },
    plugins: [builtins],
  },
  inAscii,
);

for (const [file, names] of Object.entries(packageFiles)) {
  const rows = names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)}),`);
  const contents = `module.exports = {\n${rows.join('\n')}\n};`;
  const stdin = { contents, resolveDir: process.cwd() };
  await bundle({ ...wrapped, entryNames: `packages-${file}`, stdin }, inAscii);
}

/**
 * Identifies the code of the commands that the agent's thread runs. The launcher, the agent and the
 * thread answer such a command only if all have the same word.
 */
const hash = createHash('sha256');
for (const name of ['main.cjs', 'packages-command-line.cjs']) hash.update(readFileSync(join('dist', name)));
const word = hash.digest('hex').slice(0, 16);

await bundle({
  ...commonJs,
  entryPoints: { 'command-thread': 'src/entry/command-thread.ts' },
});

// The agent's own two programs share their code.
await bundle({
  define: { AWSH_WORD: JSON.stringify(word) },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  splitting: true,
  mainFields: ['module', 'main'],
  // Some bundled CommonJS packages still call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  entryPoints: { agent: 'src/agent/agent-entry.ts', worker: 'src/agent/worker-entry.ts' },
  chunkNames: 'chunks/[name]-[hash]',
});

// The man pages, from the command table.
const manPages = join('dist', '.man-pages.mjs');
await build({
  entryPoints: ['src/cli/man-pages.ts'],
  outfile: manPages,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
});
const { writeManPages } = await import(pathToFileURL(manPages).href);
writeManPages(process.cwd());
rmSync(manPages);

// Last, so that it never names files that are not there yet.
writeFileSync(join('dist', 'word.txt'), `${word}\n`);

for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  if (/\.[cm]js$/.test(file) && !outputs.has(file)) rmSync(file);
}
