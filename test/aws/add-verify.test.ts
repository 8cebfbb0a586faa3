import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryEmulator } from '../support/emulator.ts';
import { sample } from '../support/import-homes.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openShell, openTerminal, type Terminal } from '../support/terminal.ts';

async function answer(terminal: Terminal, question: string, text: string): Promise<void> {
  await terminal.waitFor(question);
  await terminal.settle();
  terminal.type(`${text}\r`);
}

/** `awsh add jane` with an AWS that has jane's key, up to the question whether to check it. */
async function addUpToTheCheck(typedSecret?: string, isInConfig = true) {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
  const home = temporaryHome();
  const endpoint = isInConfig ? `endpoint_url = ${emulator.url}\n` : '';
  home.write('.aws/config', `[profile jane]\nregion = eu-west-1\n${endpoint}`);
  const environment = {
    ...home.environment,
    AWSH_BACKEND: 'file',
    AWSH_FILE_PASSPHRASE: 'correct horse',
    ...(!isInConfig && { AWS_ENDPOINT_URL: emulator.url }),
  };
  const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['add', 'jane'], { environment });
  await answer(terminal, 'access key id for jane: ', jane.accessKeyId);
  await answer(terminal, 'secret access key: ', typedSecret ?? jane.secretAccessKey);
  await answer(terminal, 'check it with AWS before storing it? [Y/n] ', 'y');
  const stored = async () => (await runHere(['list', '--credentials'], environment)).out;
  return { emulator, jane, terminal, stored };
}

describe('awsh add, checking the key with AWS', () => {
  it.each([
    ['the profile', true],
    ['AWS_ENDPOINT_URL', false],
  ])(
    'prints the key’s identity, after one GetCallerIdentity at the endpoint of %s',
    async (_, isInConfig) => {
      const { emulator, jane, terminal, stored } = await addUpToTheCheck(undefined, isInConfig);
      await terminal.waitFor(`AWS says this is ${jane.arn}`);
      expect((await terminal.exited).status).toBe(0);
      expect(emulator.actions).toEqual(['GetCallerIdentity']);
      expect(await stored()).toBe('jane\n');
    },
  );

  it.each([
    ['stores nothing', 'n', 130, ''],
    ['stores it all the same where the person says so', 'y', 0, 'jane\n'],
  ])('and %s if AWS refuses the key', async (_, text, status, list) => {
    const { terminal, stored } = await addUpToTheCheck('wJalrXUtnFEMI/K7MDENG/bPxRfiCYWRONGSECRET');
    await answer(terminal, 'store it anyway? [y/N] ', text);
    expect((await terminal.exited).status).toBe(status);
    expect(terminal.received).not.toContain('WRONGSECRET');
    expect(await stored()).toBe(list);
  });

  it.each(['bash', 'zsh'] as const)(
    'keeps the echo off after ^Z and fg in %s, and ends with it on',
    async (name) => {
      const server = createServer(() => {});
      onTestFinished(() => server.close().closeAllConnections());
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const home = temporaryHome();
      const environment = {
        AWSH_BACKEND: 'file',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        PATH: `${join(packageFolder, 'bin')}:${home.environment.PATH}`,
      };
      const shell = await openShell(name, { home, environment });
      const tty = (await shell.output('tty')).trim();
      const modes = () => execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' }).split(/[\s;]+/);
      shell.type('awsh add jane\r');
      await answer(shell, 'access key id for jane: ', sample('jane').id);
      await shell.waitFor('secret access key: ');
      await shell.settle();
      shell.press('^Z');
      await vi.waitFor(() => expect(shell.received).toMatch(/suspended|stopped/i), 20_000);
      await shell.settle();
      shell.type('fg\r');
      await answer(shell, 'secret access key: ', sample('jane').secret);
      await shell.waitFor('[Y/n] ');
      await shell.settle();
      const asked = once(server, 'request');
      shell.type('y\r');
      await asked;
      expect(modes()).toEqual(expect.arrayContaining(['-echo', 'icanon']));
      const jobs = execFileSync('ps', ['-t', tty, '-o', 'pid=,args='], { encoding: 'utf8' });
      const [, pid] = /^\s*(\d+) .*add jane$/m.exec(jobs) ?? [];
      process.kill(Number(pid), 'SIGTERM');
      await vi.waitFor(async () => expect(await shell.output('stty -a')).toMatch(/ echo /), 20_000);
    },
  );
});
