import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { describe, it, onTestFinished } from 'vitest';

/** nobody: who attacks in the tests of test/security that need another user. */
export const anotherUser = 65534;
const asAnother = [`--reuid=${anotherUser}`, `--regid=${anotherUser}`, '--clear-groups', '--'];

/** Only root on Linux can start a program as another user, and the other user must be able to run our Node. */
export const canBeAnotherUser =
  process.getuid?.() === 0 && spawnSync('setpriv', [...asAnother, process.execPath, '-e', '']).status === 0;

if (!canBeAnotherUser && process.env.AWSH_TEST_NO_SKIP && process.getuid?.() === 0)
  throw new Error('the tests with another user need setpriv and a Node that everybody can run');

/** As `it` and `describe`; elsewhere they are skipped, by their names. */
export const itWithAnotherUser = it.skipIf(!canBeAnotherUser);
export const describeWithAnotherUser = describe.skipIf(!canBeAnotherUser);

/** A program of another user that is running. */
export interface Stranger {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** The next line that it prints. */
  line(): Promise<string>;
  /** All that it has printed, once it has ended. */
  end(): Promise<string>;
}

/** Starts a CommonJS text as another user, in `/` and with nothing of this process's environment; it ends with the test. */
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
