import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { describe, it, onTestFinished } from 'vitest';

/** nobody: the attacker in the tests of test/security that need another user. */
export const anotherUser = 65534;
const asAnother = [`--reuid=${anotherUser}`, `--regid=${anotherUser}`, '--clear-groups', '--'];

/**
 * Only root on Linux can start a program as another user, and that user must be able to run our
 * Node.
 */
export const canBeAnotherUser =
  process.getuid?.() === 0 && spawnSync('setpriv', [...asAnother, process.execPath, '-e', '']).status === 0;

if (!canBeAnotherUser && process.env.AWSH_TEST_NO_SKIP && process.getuid?.() === 0)
  throw new Error('the tests with another user need setpriv and a Node that everybody can run');

/** Like `it` and `describe`. If there is no other user, the tests are skipped by name. */
export const itWithAnotherUser = it.skipIf(!canBeAnotherUser);
export const describeWithAnotherUser = describe.skipIf(!canBeAnotherUser);

/** A running program of another user. */
export interface Stranger {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** The next line of its output. */
  line(): Promise<string>;
  /** Its whole output, once it has ended. */
  end(): Promise<string>;
}

/**
 * Runs CommonJS code as another user, in `/` and without this process's environment. It ends with
 * the test.
 */
export function startStranger(code: string, ...words: string[]): Stranger {
  const child = spawn('setpriv', [...asAnother, process.execPath, '-e', code, ...words], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, 'close');
  return {
    child,
    line: async () => (await lines.next()).value ?? '',
    end: async () => {
      let text = '';
      for await (const line of { [Symbol.asyncIterator]: () => lines }) text += `${line}\n`;
      await ended;
      return text;
    },
  };
}
