// The first thing that runs in our Node, built as dist/awsh.cjs: small, CommonJS, and quick to start. The hot-*.cjs beside
// it answer the verbs that hooks and scripts wait for, where the session is in the cache; main.mjs answers everything.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePath, keepInspectorShut, statePath } from '../system/index.ts';
import { useCompileCache } from './compile-cache.ts';
import type { HotVerb } from './hot.ts';
import { loadFile } from './kept-code.ts';
import { forgetNode } from './remembered-node.ts';

keepInspectorShut();
const hotFiles = new Map([
  ['_load', 'hot-load'],
  ['exec', 'hot-exec'],
  ['export', 'hot-export'],
]);
/** The verbs that ask for something secret, or before they change what is stored. */
const askingVerbs = /^(add|import|migrate-backend|remove|rm|rotate|unlock)$/;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  forgetNode({ state: statePath(process.env) });
  fail(
    `this Node is ${process.versions.node}`,
    'awsh needs Node 20.19 or newer; install one, or put its folder first in PATH',
    'type -a node',
  );
} else {
  answer().catch(explain);
}

async function answer(): Promise<void> {
  // The launcher keeps Node from looking behind the links before it, which takes Node ten times as long.
  const folder = dirname(realpathSync.native(__filename));
  const packageFolder = dirname(folder);
  const compiledFolder = join(cachePath(process.env), 'compile');
  const verb = process.argv.slice(2).find((word) => hotFiles.has(word));
  if (verb !== undefined) {
    const name = `${hotFiles.get(verb)}`;
    const hot = loadFile<HotVerb>(join(folder, `${name}.cjs`), compiledFolder, name);
    const status = await hot.exports.answer(packageFolder);
    if (status === 0) {
      const code = hot.toKeep();
      if (code !== null) hot.exports.keepCode(hot.kept, code);
    }
    // Not left to the event loop: an open connection must not keep a finished command alive.
    if (status !== null) process.exit(status);
  }
  // Before 22 Node has none, and loads much to say so.
  if (major >= 22) useCompileCache(process.env);
  // Not literals: the bundler is to leave them to run time.
  const [first, beside] = ['./hide-typed-ahead.mjs', './main.mjs'];
  if (askingVerbs.test(`${process.argv[2]}`)) {
    const { hideTypedAhead }: typeof import('./hide-typed-ahead.ts') = await import(first);
    hideTypedAhead(process.argv.slice(3));
  }
  const { main }: typeof import('./main.ts') = await import(beside);
  await main(packageFolder);
}

/** What the main program could not say itself, because it could not be loaded. */
function explain(error: { code?: unknown }): void {
  if (error.code === 'EMFILE') fail(unloadable, 'too few open files are allowed', 'ulimit -n 1024');
  else if (/^E(ACCES|IO|NFILE|PERM)$/.test(`${error.code}`))
    fail(unloadable, `${error.code}`, `ls -l ${__dirname}`);
  else fail('this installation is incomplete', `${__dirname} lacks files`, 'npm install --global awsh');
}

const unloadable = 'awsh could not be loaded';

function fail(what: string, why: string, next: string): void {
  process.stderr.write(`awsh: ${what}\n  why:  ${why}\n  next: ${next}\n`);
  process.exitCode = 1;
}
