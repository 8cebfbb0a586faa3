// The first code that runs in Node, built as dist/awsh.cjs: small, CommonJS, and quick to start. It
// loads main.cjs, which has all verbs.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forgetNode } from '../cli/remembered-node.ts';
import { cachePath, keepInspectorShut, statePath } from '../system/index.ts';
import { type LoadedFile, loadFile } from './kept-code.ts';
import type { Program } from './main.ts';

keepInspectorShut();
type HideTypedAhead = typeof import('./hide-typed-ahead.ts');
/** The verbs that ask for a secret, or that ask before they change what is stored. */
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
  // The launcher passes --preserve-symlinks-main, because Node takes ten times as long to resolve
  // the links itself.
  const folder = dirname(realpathSync.native(__filename));
  const packageFolder = dirname(folder);
  const compiledFolder = join(cachePath(process.env), 'compile');
  const words = process.argv.slice(2);
  // The compiled code is kept for each verb, because each uses other functions.
  const verb = words.find((word) => /^_?[a-z]+(-[a-z]+)?$/.test(word)) ?? '';
  const loaded: LoadedFile<unknown>[] = [];
  const load = <T>(name: string, keptAs: string) => {
    const file = loadFile<T>(join(folder, name), compiledFolder, keptAs, loadPackages as NodeJS.Require);
    loaded.push(file);
    return file.exports;
  };
  const loadPackages = (name: string) =>
    /^\.\/packages-/.test(name) ? load(name, name.slice(2, -4)) : require(name);
  if (askingVerbs.test(`${process.argv[2]}`)) {
    const first = load<HideTypedAhead>('hide-typed-ahead.cjs', 'hide-typed-ahead');
    first.hideTypedAhead(process.argv.slice(3));
  }
  const program = load<Program>('main.cjs', `main-${verb}`);
  const status = await program.main(packageFolder);
  // Status 1 of doctor is an answer: it has found a problem. Without stored code it takes over 25 %
  // more processor time (bench/reading-verbs.ts).
  const isAnswer = status === 0 || (status === 1 && verb === 'doctor');
  finish(status, program.keepCode, program.isVerb(verb) ? loaded : [], isAnswer);
}

/**
 * Ends the process. After an error no compiled code is kept, because it contains rarely used
 * functions.
 */
function finish(
  status: number,
  keepCode: (path: string, code: Uint8Array) => void,
  files: readonly LoadedFile<unknown>[],
  isAnswer: boolean,
): void {
  for (const file of isAnswer ? files : []) {
    const code = file.toKeep();
    if (code !== null) keepCode(file.kept, code);
  }
  // Not left to the event loop: an open connection must not keep a finished command alive.
  process.exit(status);
}

/** Prints the error if the main program could not be loaded. */
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
