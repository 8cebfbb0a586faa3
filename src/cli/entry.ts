// The first thing that runs in our Node, built as dist/awsh.cjs: small, CommonJS, and quick to start. What it does not
// answer itself it leaves to main.mjs beside it.
import { dirname } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `this Node is ${process.versions.node}`,
    'awsh needs Node 20.19 or newer',
    'install a newer Node, or put its folder first in PATH',
  );
} else {
  // Not a literal: the bundler is to leave this import to run time.
  const beside = './main.mjs';
  const program = import(beside) as Promise<typeof import('./main.ts')>;
  program.then(
    ({ main }) => main(dirname(__dirname)),
    () =>
      fail(
        'this installation is incomplete',
        `${__dirname} lacks files, or parts of two versions are mixed`,
        'install awsh again',
      ),
  );
}

function fail(what: string, why: string, next: string): void {
  process.stderr.write(`awsh: ${what}\n  why:  ${why}\n  next: ${next}\n`);
  process.exitCode = 1;
}
