import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { has } from '../../support/programs.ts';
import {
  childrenOf,
  expectNothingSpilled,
  keyId,
  openQuestionedShell,
  paste,
  secret,
  untilGone,
} from '../../support/questioned-shell.ts';
import { runHere, runInstalled } from '../../support/run-awsh.ts';
import { openSandboxShell } from '../../support/sandbox-shell.ts';

// Security rule 32: text typed for awsh reaches neither the shell, its screen nor its history.

const idQuestion = 'access key id for work: ';
const secretQuestion = 'secret access key: ';
const passphraseQuestion = 'passphrase of the awsh vault: ';
const shells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));

describe.each(shells)('a question in %s', (name) => {
  it.each([
    ['at once', [`AKIA RZPUEXAMPLE\r${secret}\r`]],
    ['in pieces', ['AKIA RZPU', `EXAMPLE\r${secret.slice(0, 20)}`, secret.slice(20), '\r']],
    ['with the secret first', [`${secret}\r${keyId}\r`]],
    ['with line feeds', [`AKIA RZPUEXAMPLE\n${secret}\n`]],
    ['in brackets', [`\x1b[200~AKIA RZPUEXAMPLE\r${secret}\r\x1b[201~`]],
    ['both on one line', [`${keyId} ${secret}\r`]],
  ])('uses nothing of two lines whose first is wrong, pasted %s', async (_, pieces) => {
    const opened = await openQuestionedShell(name);
    const { shell } = opened;
    shell.type('awsh add work\r');
    await shell.waitFor(idQuestion);
    await paste(shell, ...pieces);
    expect(await shell.waitFor(idQuestion)).toContain('that is not an access key id');
    await shell.settle(300);
    expect(shell.shownSoFar()).toBe('');
    shell.press('^C');
    expect((await shell.prompt()).status).toBe(130);
    await expectNothingSpilled(opened, name, [secret, secret.slice(0, 20), secret.slice(20)]);
  });

  it('fails after three wrong answers, and discards what came with the last', async () => {
    const opened = await openQuestionedShell(name);
    const { shell } = opened;
    shell.type('awsh add work\r');
    for (let attempt = 1; attempt <= 3; attempt++) {
      await shell.waitFor(idQuestion);
      await paste(shell, 'AKIA RZPU\r', `${secret}\r`, 'touch spilled\r');
    }
    expect((await shell.prompt()).status).toBe(2);
    await expectNothingSpilled(opened, name, [secret, 'touch spilled']);
  });

  it.each([
    ['a slow line', ['AKIA RZPU\r'], [[300, `${secret}\r`]]],
    [
      'lines with pauses',
      ['AKIA RZPU\r'],
      [
        [500, 'touch '],
        [500, 'spilled'],
        [500, `\r${secret}\r`],
      ],
    ],
    [
      'the rest of a slow paste',
      ['\x1b[200~AKIA RZPU\r'],
      [
        [1400, `${secret}\r`],
        [1400, 'touch spilled\r\x1b[201~'],
      ],
    ],
  ] as const)(
    'gives up after three wrong answers, and discards %s behind the last',
    async (_, last, behind) => {
      const opened = await openQuestionedShell(name);
      const { shell } = opened;
      shell.type('awsh add work\r');
      for (let attempt = 1; attempt <= 3; attempt++) {
        await shell.waitFor(idQuestion);
        await shell.settle();
        if (attempt < 3) shell.type('wrong\r');
      }
      await paste(shell, ...last);
      for (const [ms, text] of behind) {
        await sleep(ms);
        shell.type(text);
      }
      expect((await shell.prompt()).status).toBe(2);
      await expectNothingSpilled(opened, name, [secret, 'touch', 'spilled']);
    },
  );

  it('accepts a key id and its secret from one paste', async () => {
    const opened = await openQuestionedShell(name);
    const { shell, environment } = opened;
    await runInstalled(['add', 'other', '--stdin'], environment, `${keyId}\n${secret}\n`);
    shell.type('awsh add work\r');
    await shell.waitFor(idQuestion);
    await paste(shell, `${keyId}\r`, secret, '\rtouch spilled\r');
    await shell.waitFor('check it with AWS before storing it? [Y/n] ');
    await shell.settle(300);
    shell.type('n\r');
    await shell.waitFor(passphraseQuestion);
    await shell.settle();
    shell.type(`${environment.AWSH_FILE_PASSPHRASE}\r`);
    expect(await shell.prompt()).toMatchObject({ status: 0, shown: expect.stringContaining('Stored') });
    expect((await runHere(['list', '--credentials'], environment)).out).toBe('other\nwork\n');
    await expectNothingSpilled(opened, name, [secret, 'touch spilled', 'battery']);
  });

  it('asks again after a wrong passphrase, and discards what came with it', async () => {
    const opened = await openQuestionedShell(name);
    const { shell, environment } = opened;
    await runInstalled(['add', 'work', '--stdin'], environment, `${keyId}\n${secret}\n`);
    await runInstalled(['lock'], environment);
    shell.type('awsh unlock\r');
    await shell.waitFor(passphraseQuestion);
    await paste(shell, 'not the passphrase\r', 'nor this one\r');
    expect(await shell.waitFor(passphraseQuestion)).toContain('the passphrase is wrong');
    await shell.settle(300);
    shell.type(`${environment.AWSH_FILE_PASSPHRASE}\r`);
    expect(await shell.prompt()).toMatchObject({ status: 0, shown: expect.stringContaining('unlocked') });
    await expectNothingSpilled(opened, name, ['passphrase\r', 'nor this one', 'battery']);
  });

  it('asks for the path of a CSV file again, and shows nothing of three lines pasted there', async () => {
    const opened = await openQuestionedShell(name);
    const { shell, home } = opened;
    home.write('my keys.csv', `User name,Access key ID,Secret access key\njane,${keyId},${secret}\n`);
    const question = 'path of the access key file of the AWS console: ';
    shell.type('awsh import --dry-run --csv\r');
    await shell.waitFor(question);
    await paste(shell, `${secret}\r`, `${keyId}\rtouch spilled\r`);
    expect(await shell.waitFor(question)).toContain('there is no file at that path');
    await paste(shell, '/etc/passwd\r');
    expect(await shell.waitFor(question)).toContain('does not name "Access key ID"');
    await shell.settle();
    shell.type("'~/my keys.csv'\r");
    expect(await shell.prompt()).toMatchObject({
      status: 0,
      shown: expect.stringMatching(/jane .*\*{4}MPLE/),
    });
    await expectNothingSpilled(opened, name, [secret, keyId, 'touch spilled']);
  });

  it.each(['^C', '^D'])('ends with %s, and discards what is typed behind it', async (key) => {
    const opened = await openQuestionedShell(name);
    const { shell } = opened;
    shell.type('awsh add work\r');
    await shell.waitFor(idQuestion);
    await paste(shell, `${keyId}\r`);
    await shell.waitFor(secretQuestion);
    await shell.settle(200);
    shell.type(`${key === '^C' ? `${secret}\x03` : '\x04'}${secret}\r`);
    expect((await shell.prompt()).status).toBe(130);
    await expectNothingSpilled(opened, name, [secret]);
  });

  it('stops with ^Z in the shell’s terminal mode, and asks from the start after fg', async () => {
    const opened = await openQuestionedShell(name);
    const { shell } = opened;
    shell.type('awsh add work\r');
    await shell.waitFor(idQuestion);
    shell.type('not-an-id\r');
    await shell.waitFor(idQuestion);
    await paste(shell, `${keyId}\r`);
    await shell.waitFor(secretQuestion);
    await shell.settle(200);
    shell.type(secret.slice(0, 20));
    await shell.settle();
    shell.press('^Z');
    await shell.prompt();
    const { shown } = await shell.run("stty -a | grep -c -E -e '-(echo|icanon|isig)\\b'");
    expect(shown).toMatch(/^0/);
    shell.skip();
    shell.type('fg\r');
    await shell.waitFor(secretQuestion);
    await shell.settle(200);
    shell.type(`${secret}\r`);
    await shell.waitFor('check it with AWS before storing it? [Y/n] ');
    await shell.settle();
    shell.press('^C');
    await shell.prompt();
    await expectNothingSpilled(opened, name, [secret, secret.slice(20), secret.slice(0, 20)]);
  });

  it('ends with the window, and keeps what was locked locked', async () => {
    const opened = await openQuestionedShell(name);
    const { shell, environment, home } = opened;
    await runInstalled(['add', 'work', '--stdin'], environment, `${keyId}\n${secret}\n`);
    await runInstalled(['lock'], environment);
    shell.type('awsh unlock\r');
    await shell.waitFor(passphraseQuestion);
    await shell.settle();
    shell.type(secret);
    await shell.settle();
    const children = childrenOf(shell);
    expect(children).toHaveLength(1);
    shell.close();
    await shell.exited;
    for (const pid of children) await untilGone(pid);
    expect((await runInstalled(['export', 'work'], environment)).err).toContain('locked');
    expect(shell.received).not.toContain(secret);
    for (const file of ['history', '.local/share/fish/fish_history']) {
      expect(textOf(join(home.path, file))).not.toContain(secret);
    }
  });
});

describe.each(shells)("the hook's question in %s", (name) => {
  it('discards what came after a code, wrong or not', async () => {
    const { shell, sandbox } = await openSandboxShell(name);
    await shell.run('cd projects/staging');
    shell.type('awsh allow\r');
    await shell.waitFor('MFA code for staging');
    await paste(shell, 'no code\r', `${secret}\r`);
    expect(await shell.waitFor('MFA code for staging')).toContain('a code is six digits');
    await paste(shell, `${sandbox.mfaCode()}\r${secret.slice(0, 20)}`, `${secret.slice(20)}\r`);
    const { shown } = await shell.prompt();
    expect(shown).not.toContain('is not loaded');
    expect((await shell.run('echo still-$SHLVL')).shown).toContain('still-');
    expect(shell.received).not.toContain(secret.slice(0, 20));
    expect(shell.received).not.toContain(secret.slice(20));
  });
});

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
