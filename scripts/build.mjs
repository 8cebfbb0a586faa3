// Builds dist/: a small entry (awsh.cjs), the verbs that must be fast (hot-*.cjs), all of awsh
// (main.cjs), the packages that verbs load when needed (packages-*.cjs), and the agent's two
// programs. Native packages are not bundled.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

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
 * (5 % of a cached export: bench/build-pieces.ts).
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
 * used. Otherwise esbuild copies all of it for each file that imports it (6 % of the processor time
 * of a cached export, 14 % of `list`: bench/build-pieces.ts).
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

/** In hot-*.cjs, these replace the modules that know every verb. */
const instead = {
  'src/cli/command-table.ts': "export * from './hot-table.ts';",
  'src/entry/command-modules.ts': 'export const commandModules = {};',
};

const takeColdPath = `import { takeColdPath } from ${JSON.stringify(resolve('src/cli/cold-path.ts'))};\n`;

/** hot-*.cjs contain nothing that import() loads: such an import makes main.cjs run the command. */
const leaveToMain = {
  name: 'leave-to-main',
  setup(build) {
    if (!has('quick-files')) {
      const contents = "export { keepCode } from './keep-code.ts'; export const answer = async () => null;";
      build.onLoad({ filter: /src\/entry\/hot-\w+\.ts$/ }, ({ path }) => ({
        contents,
        resolveDir: dirname(path),
      }));
    }
    for (const [file, contents] of Object.entries(instead)) {
      build.onLoad({ filter: new RegExp(`/${file.replaceAll('.', '\\.')}$`) }, ({ path }) => ({
        contents,
        resolveDir: dirname(path),
      }));
    }
    const stubs = {
      cold: `${takeColdPath}takeColdPath();`,
      // A dynamic import would start Node's loader of ES modules, which takes 8 ms.
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

await bundle(
  {
    ...wrapped,
    entryPoints: {
      'hot-exec': 'src/entry/hot-exec.ts',
      'hot-export': 'src/entry/hot-export.ts',
      'hot-load': 'src/entry/hot-load.ts',
    },
    plugins: [builtins, leaveToMain],
  },
  inAscii,
);

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

await bundle(
  { ...wrapped, entryPoints: { main: 'src/entry/main.ts' }, plugins: [builtins, packagesApart] },
  inAscii,
);

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
