import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, plainText } from '../support/terminal.ts';

const passphrase = 'correct horse battery';
const key = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** A home whose vault has one key, and commands in a terminal there. */
async function vaultHome() {
  const home = temporaryHome();
  const environment = { ...home.environment, AWSH_BACKEND: 'file' };
  const adding = { ...environment, ...key, AWSH_FILE_PASSPHRASE: passphrase };
  expect((await runInstalled(['add', 'work', '--env'], adding)).status).toBe(0);
  return (...words: string[]) =>
    openTerminal(join(packageFolder, 'bin/awsh'), words, { environment, cwd: home.path });
}

describe('a question to be answered with yes or no', () => {
  it('ends after three other answers with the command that asks again', async () => {
    const terminal = await (await vaultHome())('remove', 'work');
    for (let attempt = 1; attempt <= 3; attempt++) {
      await terminal.waitFor('[y/N] ');
      terminal.type('perhaps\r');
    }
    expect(await terminal.exited).toMatchObject({ status: 7 });
    expect(plainText(terminal.received)).toMatch(
      /awsh: no valid answer after 3 tries\n {2}why: +answer y or n; try again\n {2}next: .*awsh remove work\n/,
    );
  });
});

describe('awsh unlock', () => {
  it('tells that it unlocked the vault if the passphrase was accepted', async () => {
    const terminal = await (await vaultHome())('unlock');
    await terminal.waitFor('passphrase of the awsh vault: ');
    terminal.type(`${passphrase}\r`);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(plainText(terminal.received)).toContain('awsh: unlocked\n');
    expect(terminal.received).not.toContain('not locked');
  });
});

describe('awsh add --env', () => {
  it.each([
    [
      'a temporary key, without --force once more',
      { AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE' },
      ['--force'],
      /awsh add --help$/,
    ],
    ['a temporary key', { AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE' }, [], /awsh add work$/],
    [
      'a secret that may be for an emulator',
      { AWS_SECRET_ACCESS_KEY: 'test' },
      [],
      /awsh add --env --force work$/,
    ],
  ])('refuses %s', async (_, more, options, next) => {
    const { environment } = temporaryHome();
    const ran = await runInstalled(['add', 'work', '--env', ...options], { ...environment, ...key, ...more });
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(ran.err.trimEnd()).toMatch(next);
  });
});
