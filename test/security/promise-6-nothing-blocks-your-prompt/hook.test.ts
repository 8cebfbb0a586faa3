import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../../support/hook-package.ts';
import {
  blockedAws,
  exportedAws,
  type HookShell,
  hookShells,
  openHookShell,
} from '../../support/hook-shell.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

const blocked = blockedAws();

async function isBlocked(shell: HookShell): Promise<void> {
  expect(await exportedAws(shell)).toEqual(blocked);
  expect(await shell.output('echo "$AWSH_SEGMENT"')).toBe('blocked');
}

describe.each(hookShells)('a launcher that fails, in %s', (name) => {
  const troubles: [string, (shell: HookShell) => void][] = [
    ['is missing', (shell) => rmSync(shell.kit.launcher)],
    ['may not be executed', (shell) => chmodSync(shell.kit.launcher, 0o644)],
    [
      'is a directory',
      (shell) => {
        rmSync(shell.kit.launcher);
        mkdirSync(shell.kit.launcher);
      },
    ],
    ['is killed', (shell) => shell.kit.answer('prod', '', { before: 'kill -9 $$' })],
    ['says nothing', (shell) => shell.kit.answer('prod', '')],
    ['fails', (shell) => shell.kit.answer('prod', '', { status: 9 })],
    ['is cut off in the middle', (shell) => shell.kit.answer('prod', loadedReply('prod').slice(0, 80))],
  ];
  it.each(troubles)(
    'blocks the directory, leaves no old keys, and is not asked at each prompt: %s',
    async (_, break_) => {
      const shell = await openHookShell(name);
      await shell.run('cd dev');
      break_(shell);
      await shell.run('cd ../prod');
      await isBlocked(shell);
      const asked = shell.kit.requests().length;
      for (let i = 0; i < 5; i++) await shell.run(':');
      expect(shell.kit.requests()).toHaveLength(asked);
      await shell.run('cd ../none');
      expect(await exportedAws(shell)).toEqual([]);
    },
  );

  it('is asked again at awsh refresh, and when the directory changes', async () => {
    const shell = await openHookShell(name);
    shell.kit.answer('dev', '');
    await shell.run('cd dev');
    await isBlocked(shell);
    shell.kit.answer('dev', loadedReply('dev'));
    expect((await shell.run('awsh refresh')).status).toBe(0);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('is not needed to leave', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    rmSync(shell.kit.launcher);
    expect((await shell.run('cd ../none')).shown).not.toContain('awsh:');
    expect(await exportedAws(shell)).toEqual([]);
  });
});

describe.each(hookShells)('^C while the hook waits, in %s', (name) => {
  const hang = { before: 'echo waiting >/dev/tty; exec sleep 60' };

  it('shows the prompt at once, blocked and without old keys, and the shell works as before', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('prod', '', hang),
      after: `${name === 'fish' ? '' : 'set -u; '}trap ': usr' USR1`,
    });
    await shell.run('cd dev');
    shell.type('cd ../prod\r');
    await shell.waitFor('waiting');
    shell.press('^C');
    await shell.prompt(3_000);
    await shell.settle(100);
    await isBlocked(shell);
    const asBefore =
      name === 'fish'
        ? 'jobs --query; and jobs; trap | grep usr; pwd'
        : 'jobs; trap; case $- in *u*) echo u;; esac; pwd';
    expect(await shell.output(asBefore)).toMatch(
      new RegExp(`^[^\\n]*usr[^\\n]*\\n(u\\n)?${shell.home.path}/prod$`),
    );
    for (let i = 0; i < 3; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(2);
    await shell.run('cd ../dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('does not continue with the command after the cd', async () => {
    const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('prod', '', hang) });
    shell.type('cd prod && touch ~/applied\r');
    await shell.waitFor('waiting');
    shell.press('^C');
    await shell.prompt(3_000);
    await shell.settle(100);
    expect(await shell.output('ls ~/applied 2>/dev/null')).toBe('');
  });

  it('at a renewal keeps the keys that are still valid', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { renewIn: 5 })),
    });
    await shell.run('cd dev');
    shell.kit.answer('dev', '', hang);
    shell.type('sleep 6.1\r');
    await shell.waitFor('waiting');
    shell.press('^C');
    await shell.prompt(3_000);
    await shell.settle(100);
    await shell.run(':');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(shell.kit.requests()).toHaveLength(2);
  });

  it('at awsh use', async () => {
    const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('pin-prod', '', hang) });
    await shell.run('cd dev');
    shell.type('awsh use prod\r');
    await shell.waitFor('waiting');
    shell.press('^C');
    await shell.prompt(3_000);
    await shell.settle(100);
    // As if it had not been typed.
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIADEV dev 50m');
    expect((await shell.run('awsh use --auto')).status).toBe(0);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });
});

describe.each(hookShells)('an invalid or odd directory file, in %s', (name) => {
  const files: [string, (home: TemporaryHome) => void][] = [
    ['a directory', (home) => mkdirSync(`${home.path}/dev/sub/.awsprofile`, { recursive: true })],
    ['a dangling link', (home) => symlinkSync('/does/not/exist', `${home.path}/dev/sub/.awsprofile`)],
    ['a link to itself', (home) => symlinkSync('.awsprofile', `${home.path}/dev/sub/.awsprofile`)],
    ['a link to /dev/zero', (home) => symlinkSync('/dev/zero', `${home.path}/dev/sub/.awsprofile`)],
    ['a link to the terminal', (home) => symlinkSync('/dev/tty', `${home.path}/dev/sub/.awsprofile`)],
    ['a line of 3 MB', (home) => home.write('dev/sub/.awsprofile', 'x'.repeat(3e6))],
    [
      'binary',
      (home) =>
        home.write('dev/sub/.awsprofile', Buffer.from(Array.from({ length: 4000 }, (_, i) => i % 256))),
    ],
    ['NUL', (home) => home.write('dev/sub/.awsprofile', 'dev\0prod\n')],
    ['with CR and LF', (home) => home.write('dev/sub/.awsprofile', 'dev\r\n')],
    ['with a byte order mark', (home) => home.write('dev/sub/.awsprofile', '\ufeffdev\n')],
    ['without a line end', (home) => home.write('dev/sub/.awsprofile', 'dev')],
    ['empty', (home) => home.write('dev/sub/.awsprofile', '')],
  ];
  it.each(files)('hides the files above, is requested once, and does not hang: %s', async (_, make) => {
    const shell = await openHookShell(name, {
      prepare: (home, kit) => {
        home.write('dev/sub/other', '');
        make(home);
        kit.answer('sub', emptyReply('deny', 'not allowed'));
      },
    });
    await shell.run('cd dev');
    await shell.run('cd sub');
    expect(await exportedAws(shell)).toEqual([]);
    for (let i = 0; i < 3; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(2);
  });

  it('a FIFO does not hang it either', async () => {
    const shell = await openHookShell(name);
    await shell.run('mkdir dev/sub; mkfifo dev/sub/.awsprofile');
    await shell.run('cd dev/sub');
    expect(shell.kit.requests()).toHaveLength(1);
  });
});

describe.each(hookShells)('an odd working directory in %s', (name) => {
  const lines: [string, string, string][] = [
    ['deleted', 'mkdir -p dev/gone && cd dev/gone && rmdir ~/dev/gone', 'ASIADEV'],
    ['moved', 'mkdir -p none/x && cd none/x && mv ~/none ~/elsewhere', ''],
    ['the root', 'cd /', ''],
    ['the root twice', 'cd //', ''],
    ['with a slash at its end', 'cd dev/', 'ASIADEV'],
    ['a PWD that is no path', 'cd dev; PWD=bogus', ''],
    ['an empty PWD', 'cd dev; PWD=', ''],
    ['no PWD', 'cd dev; unset PWD', ''],
  ];
  // fish does not allow PWD to be set.
  const possible = lines.filter(([, line]) => name !== 'fish' || !line.includes('PWD'));
  it.each(possible)('%s: the prompt comes back', async (_, line, key) => {
    const shell = await openHookShell(name);
    await shell.run(line);
    await shell.run(':');
    expect(await shell.output('echo "<$AWS_ACCESS_KEY_ID>"', 3_000)).toBe(`<${key}>`);
  });
});
