import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { has } from '../../support/programs.ts';
import {
  expectNothingSpilled,
  keyId,
  openQuestionedShell,
  paste,
  type QuestionedShell,
  secret,
} from '../../support/questioned-shell.ts';
import { runInstalled } from '../../support/run-awsh.ts';

const idQuestion = 'access key id for work: ';
const secretQuestion = 'secret access key: ';
const checkQuestion = 'check it with AWS before storing it? [Y/n] ';
const shells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));

/**
 * A bash in which a text was pasted at the first question of `awsh add work`, and the second
 * question is shown.
 */
async function pastedAtAdd(text: string): Promise<QuestionedShell> {
  const opened = await openQuestionedShell('bash');
  opened.shell.type('awsh add work\r');
  await opened.shell.waitFor(idQuestion);
  await paste(opened.shell, text);
  await opened.shell.waitFor(secretQuestion);
  return opened;
}

async function expectCancelled({ shell }: QuestionedShell): Promise<void> {
  await shell.settle();
  shell.press('^C');
  expect((await shell.prompt()).status).toBe(130);
}

/** A Node that waits after it has turned the echo off, as on a slow machine. */
function startSlowly({ home }: QuestionedShell): string {
  const mark = join(home.path, 'quiet');
  const script = home.write(
    'slow.cjs',
    `const child = require('node:child_process');
    const spawn = child.spawnSync;
    child.spawnSync = (...given) => {
      const result = spawn(...given);
      require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      return result;
    };
    require('node:module').syncBuiltinESMExports();`,
  );
  const node = home.write('node', `#!/bin/sh\nexec ${process.execPath} -r ${script} "$@"\n`, 0o755);
  home.write('.local/state/awsh/node', `${node}\n`);
  return mark;
}

describe.each(shells)('awsh add in %s', (name) => {
  it('does not show what is typed before the question appears', async () => {
    const opened = await openQuestionedShell(name);
    const mark = startSlowly(opened);
    const { shell } = opened;
    shell.type('awsh add work\r');
    while (!existsSync(mark)) await sleep(10);
    shell.type(`${secret}\r`);
    await shell.waitFor(idQuestion);
    await shell.settle(300);
    expect(shell.shownSoFar()).toBe('');
    shell.press('^C');
    expect((await shell.prompt()).status).toBe(130);
    expect((await shell.run("stty -a | grep -c -E -e '-(echo|icanon|isig)\\b'")).shown).toMatch(/^0/);
    await expectNothingSpilled(opened, name, [secret]);
  });
});

describe('awsh add', () => {
  it.each([
    ['a credentials file', `[work]\raws_access_key_id = ${keyId}\raws_secret_access_key = ${secret}\r`],
    [
      'a file with a region',
      `[work]\r\rregion=eu-west-1\raws_access_key_id=${keyId}\raws_secret_access_key=${secret}`,
    ],
    ['a script', `export AWS_ACCESS_KEY_ID="${keyId}"\rexport AWS_SECRET_ACCESS_KEY='${secret}'\r`],
    ['fish', `set -gx AWS_ACCESS_KEY_ID ${keyId};\rset -gx AWS_SECRET_ACCESS_KEY ${secret};\r`],
    ['PowerShell', `$Env:AWS_ACCESS_KEY_ID="${keyId}"\r\n$Env:AWS_SECRET_ACCESS_KEY="${secret}"\r\n`],
    ['brackets', `\x1b[200~${keyId}\r${secret}\x1b[201~`],
  ])('accepts a key as it is copied from %s', async (_, text) => {
    const opened = await pastedAtAdd(text);
    const { shell } = opened;
    if (!text.endsWith('\r') && !text.endsWith('\n')) {
      await shell.settle(400);
      shell.press('Enter');
    }
    expect(await shell.waitFor(checkQuestion)).not.toContain('that is not');
    await expectCancelled(opened);
    await expectNothingSpilled(opened, 'bash', [secret]);
  });

  it('stores the text between the quotes of a line copied from a script', async () => {
    const { environment } = await openQuestionedShell('bash');
    const lines = `export AWS_ACCESS_KEY_ID="${keyId}"\nexport AWS_SECRET_ACCESS_KEY="${secret}"\n`;
    expect((await runInstalled(['add', 'work', '--stdin'], environment, lines)).status).toBe(0);
    const { out } = await runInstalled(['export', 'work', '--no-session', '--format=json'], environment);
    expect(JSON.parse(out)).toMatchObject({ AccessKeyId: keyId, SecretAccessKey: secret });
  });

  it.each([
    ['with its end', `${keyId}\r${secret.slice(1)}\r`],
    ['without an end', `${keyId}\r${secret.slice(1)}`],
    ['by its name', `${keyId}\raws_secret_access_key = ${secret.slice(1)}\r`],
  ])('gives the reason for a pasted secret that is too short, %s', async (_, text) => {
    const opened = await pastedAtAdd(text);
    const { shell } = opened;
    expect(await shell.waitFor(`\n${secretQuestion}`)).toContain('this one is too short');
    await expectCancelled(opened);
    await expectNothingSpilled(opened, 'bash', [secret.slice(1)]);
  });
});
