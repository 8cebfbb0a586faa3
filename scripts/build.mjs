// Builds dist/: a small entry (awsh.cjs), the verbs that must be quick (hot-*.cjs), all of awsh (main.cjs), the packages that
// verbs load when they need them (packages-*.cjs), and the agent's two programs. Native packages stay outside the bundles.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
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
  const found = process.getBuiltinModule(path);
  const names = Object.keys(found).filter((name) => /^\w+$/.test(name));
  // With `new` (tty.ReadStream) it makes one; Reflect, because esbuild's minifier drops the new of new (require(…).name).
  // What is no function is read at once, and only if it is used.
  const body = (name) =>
    `return new.target ? Reflect.construct(require('${path}').${name}, given) : require('${path}').${name}(...given);`;
  return names
    .map((name) =>
      typeof found[name] === 'function'
        ? `export function ${name}(...given) { ${body(name)} }`
        : `export const ${name} = /* @__PURE__ */ (() => require('${path}').${name})();`,
    )
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

/** In hot-*.cjs these take the places of those that know every verb. */
const instead = {
  'src/cli/command-table.ts': "export * from './hot-table.ts';",
  'src/entry/command-modules.ts': 'export const commandModules = {};',
};

/**
 * What there is to do only if AWS is called or has answered, the command line is wrong, the disk refuses, or a vault is
 * examined.
 */
const leftToMain = [
  'src/cli/aws-vault-hint.ts',
  'src/cli/not-in-awsh.ts',
  'src/sessions/assume-role.ts',
  'src/sessions/caller-identity.ts',
  'src/sessions/connection.ts',
  'src/sessions/get-session-token.ts',
  'src/sessions/narrowed-key.ts',
  'src/sessions/narrowed-steps.ts',
  'src/sessions/session-reply.ts',
  'src/sessions/sts-client.ts',
  'src/sessions/sts-errors.ts',
  'src/system/unreachable.ts',
  'src/system/disk-fault.ts',
  'src/vault/backend-health.ts',
  'src/vault/missing-backends.ts',
];

const takeColdPath = `import { takeColdPath } from ${JSON.stringify(resolve('src/cli/cold-path.ts'))};\n`;

/** The same functions and classes, each of which takes the cold path. */
function coldModule(file) {
  const source = readFileSync(file, 'utf8');
  const exported = [
    ...source.matchAll(/^export (?!type |interface )(?:(async )?function (\w+)|class (\w+)|.*)/gm),
  ];
  const lines = exported.map(([line, isAsync = '', name, type]) => {
    if (name !== undefined) return `export ${isAsync}function ${name}() { takeColdPath(); }`;
    if (type !== undefined) return `export class ${type} { constructor() { takeColdPath(); } }`;
    throw new Error(`${file}: neither a function nor a class can be left to main.cjs: ${line}`);
  });
  return takeColdPath + lines.join('\n');
}

/**
 * In hot-*.cjs whatever is imported at its use is not there, nor what is listed above: reaching for it hands the command to
 * main.cjs.
 */
const leaveToMain = {
  name: 'leave-to-main',
  setup(build) {
    for (const file of [...leftToMain, ...Object.keys(instead)]) {
      build.onLoad({ filter: new RegExp(`/${file.replaceAll('.', '\\.')}$`) }, ({ path }) => ({
        contents: instead[file] ?? coldModule(path),
        resolveDir: dirname(path),
      }));
    }
    const stubs = {
      cold: `${takeColdPath}takeColdPath();`,
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
  return inAscii(own.replace('"use strict";', `"use strict";${requires}`));
}

/** src/entry/kept-code.ts reads a byte as a letter, and esbuild leaves what is in patterns as it is. */
function inAscii(text) {
  return text.replace(
    /[^\x00-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const quick = { ...commonJs, minifySyntax: true, minifyWhitespace: true };

await bundle(
  { ...quick, minifyIdentifiers: true, entryPoints: { awsh: 'src/entry/awsh.ts' }, plugins: [loadLate] },
  onceRequired,
);

/**
 * Text of 128 KB and more V8 keeps apart from what is young: shorter, it would fill that until V8 collects it, for over a
 * millisecond, before the command is done.
 */
function ofItsOwnPlace(text) {
  return text.padEnd(128 * 1024);
}

/** For the test that counts them: what is compiled to one line shows no file's name. */
function packagesOf({ inputs }) {
  const names = Object.keys(inputs).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter(Boolean))].sort().join(' ');
}

/** One function, for src/entry/kept-code.ts, in ASCII. */
const wrapped = {
  ...quick,
  minifyIdentifiers: true,
  banner: { js: '(function(require,module,exports,__filename,__dirname){' },
  footer: { js: '})' },
  mainFields: ['module', 'main'],
  // In such a function an import() would have no loader.
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
    plugins: [loadLate, leaveToMain],
  },
  (text, metafile) => ofItsOwnPlace(`// packages: ${packagesOf(metafile)}\n${onceRequired(text)}`),
);

/** Packages that verbs load when they need one: those of one file share what they are made of. */
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

/** In main.cjs a package is a call of its function in packages-*.cjs. */
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
  { ...wrapped, entryPoints: { main: 'src/entry/main.ts' }, plugins: [loadLate, packagesApart] },
  inAscii,
);

// On its own, as it runs before main.cjs is loaded.
await bundle(
  {
    ...wrapped,
    entryPoints: { 'hide-typed-ahead': 'src/entry/hide-typed-ahead.ts' },
    plugins: [loadLate],
  },
  inAscii,
);

for (const [file, names] of Object.entries(packageFiles)) {
  const rows = names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)}),`);
  const contents = `module.exports = {\n${rows.join('\n')}\n};`;
  const stdin = { contents, resolveDir: process.cwd() };
  await bundle({ ...wrapped, entryNames: `packages-${file}`, stdin }, inAscii);
}

// The agent's own two programs share their code.
await bundle({
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

for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  if (/\.[cm]js$/.test(file) && !outputs.has(file)) rmSync(file);
}
