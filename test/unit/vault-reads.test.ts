import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/demo/index.ts';
import { makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { runHere } from '../support/run-awsh.ts';
import { sandboxEnvironment } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/*
 * Each read of a vault may ask the user for a gpg passphrase, or on macOS for a click. Here the
 * vault is a real `pass`, and every call of it is recorded.
 */
describe.skipIf(!has('pass', 'gpg'))('the vault is read', () => {
  async function countingHome() {
    const home = temporaryHome();
    const sandbox = await createSandbox(join(home.path, 'home'));
    const store = makePasswordStore({
      ...home,
      path: sandbox.home,
      environment: sandboxEnvironment(sandbox),
    });
    onTestFinished(async () => {
      stopPasswordStore(store);
      await sandbox.close();
    });
    const log = join(home.path, 'calls');
    const command = home.write('bin/pass', `#!/bin/sh\necho "$1" >>${log}\nexec pass "$@"\n`, 0o755);
    const environment = { ...store, AWSH_BACKEND: 'pass', AWSH_PASS_CMD: command, AWSH_AGENT: 'off' };
    /** The command's calls of `pass`, in order. */
    const calls = async (line: string, more: Record<string, string> = {}) => {
      writeFileSync(log, '');
      const { status, err } = await runHere(line.split(' '), { ...environment, ...more });
      expect({ line, status, err: status === 0 ? '' : err }).toEqual({ line, status: 0, err: '' });
      return readFileSync(log, 'utf8').split('\n').filter(Boolean);
    };
    return { sandbox, calls };
  }

  test('once by a command that needs a secret, and never by one that does not', async () => {
    const { sandbox, calls } = await countingHome();
    const given = {
      AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey.reveal(),
    };
    // A key that is not in the index is looked up first, then compared under the lock. What is
    // stored is read back.
    expect(await calls('add demo --env', given)).toEqual(['show', 'show', 'insert', 'show']);
    for (const line of [
      'list',
      'list --json',
      'list --sessions',
      'status',
      'config aws --json',
      'completion bash',
      'doctor --offline',
    ])
      expect(await calls(line), line).toEqual([]);
    expect(await calls('export -n demo')).toEqual(['show']);
    expect(await calls('export dev')).toEqual(['show', 'insert']);
    expect(await calls('export dev'), 'its session').toEqual(['show']);
    expect(await calls('list'), 'with a session').toEqual([]);
    expect(await calls(`allow ${sandbox.home}/projects/dev`)).toEqual([]);
    expect(await calls('remove dev --sessions-only --force')).not.toContain('show');
    expect(await calls('remove demo --force')).not.toContain('show');
  });
});
