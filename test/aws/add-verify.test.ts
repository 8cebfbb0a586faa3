import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryEmulator } from '../support/emulator.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

async function answer(terminal: Terminal, question: string, text: string): Promise<void> {
  await terminal.waitFor(question);
  await terminal.settle();
  terminal.type(`${text}\r`);
}

/** `awsh add jane` at an AWS that knows jane's key, up to the question whether to check it. */
async function addUpToTheCheck(typedSecret?: string) {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
  const home = temporaryHome();
  home.write('.aws/config', `[profile jane]\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n`);
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
  const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['add', 'jane'], { environment });
  await answer(terminal, 'access key id for jane: ', jane.accessKeyId);
  await answer(terminal, 'secret access key: ', typedSecret ?? jane.secretAccessKey);
  await answer(terminal, 'check it with AWS before storing it? [Y/n] ', 'y');
  const stored = async () => (await runHere(['list', '--credentials'], environment)).out;
  return { emulator, jane, terminal, stored };
}

describe('awsh add, checking the key with AWS', () => {
  it('says whose key it is, by one GetCallerIdentity', async () => {
    const { emulator, jane, terminal, stored } = await addUpToTheCheck();
    await terminal.waitFor(`AWS says this is ${jane.arn}`);
    expect((await terminal.exited).status).toBe(0);
    expect(emulator.actions).toEqual(['GetCallerIdentity']);
    expect(await stored()).toBe('jane\n');
  });

  it.each([
    ['stores nothing', 'n', 130, ''],
    ['stores it all the same where the person says so', 'y', 0, 'jane\n'],
  ])('and %s when AWS refuses the key', async (_, text, status, list) => {
    const { terminal, stored } = await addUpToTheCheck('wJalrXUtnFEMI/K7MDENG/bPxRfiCYWRONGSECRET');
    await answer(terminal, 'store it anyway? [y/N] ', text);
    expect((await terminal.exited).status).toBe(status);
    expect(terminal.received).not.toContain('WRONGSECRET');
    expect(await stored()).toBe(list);
  });
});
