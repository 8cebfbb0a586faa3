import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type HookPackage, hookPackage, loadedReply } from '../support/hook-package.ts';
import {
  exportedAws,
  type HookShell,
  type HookShellName,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

/* The ways in which a shell is started with the hook in its rc file. */

/**
 * Shells that ssh, scp, editors and cron start: they have no prompt, and a program reads their
 * output as an answer.
 */
const unattended: Record<HookShellName, [string, string[], Record<string, string>?][]> = {
  bash: [
    ['a command', ['-c', '. ~/.bashrc; cd dev']],
    ['BASH_ENV', ['-c', 'cd dev'], { BASH_ENV: '.bashrc' }],
    ['a login shell', ['--login', '-c', 'cd dev']],
    ['what ssh starts', ['-c', 'cd dev'], { SSH_CLIENT: '127.0.0.1 1 2', SSH_CONNECTION: 'x', SHLVL: '0' }],
    ['commands from a pipe', ['-s']],
  ],
  zsh: [
    ['a command', ['-c', 'cd dev']],
    ['a login shell', ['-l', '-c', 'cd dev']],
    ['commands from a pipe', ['-s']],
  ],
  fish: [
    ['a command', ['-c', 'cd dev']],
    ['a login shell', ['-l', '-c', 'cd dev']],
  ],
};

function homeWithRc(name: HookShellName): { home: TemporaryHome; kit: HookPackage } {
  const home = temporaryHome();
  const kit = hookPackage(home);
  home.write('dev/.awsprofile', 'dev\n');
  kit.answer('dev', loadedReply('dev'));
  const files = {
    bash: ['.bashrc', '.bash_profile'],
    zsh: ['.zshenv', '.zprofile', '.zshrc'],
    fish: ['.config/fish/config.fish'],
  }[name];
  for (const file of files) home.write(file, `${kit.source[name]}\n`);
  return { home, kit };
}

for (const name of hookShells) {
  describe(`a ${name} without a user`, () => {
    it.each(unattended[name])('prints nothing and asks nothing: %s', async (_, args, extra = {}) => {
      const { home, kit } = homeWithRc(name);
      const { all, exitCode } = await execa(name, args, {
        env: { ...home.environment, ZDOTDIR: home.path, ...extra },
        extendEnv: false,
        cwd: home.path,
        input: 'cd dev\n',
        all: true,
      });
      expect([exitCode, all]).toEqual([0, '']);
      expect(kit.requests()).toEqual([]);
    });
  });
}

/**
 * Waits until the program on this terminal reads single keys. fish shows its first prompt before:
 * the terminal then echoes what is typed, and fish shows it again.
 */
async function editingLines({ pid }: HookShell): Promise<void> {
  const modes = () => execFileSync('stty', ['-F', `/proc/${pid}/fd/0`, '-a'], { encoding: 'utf8' });
  await expect.poll(modes, { timeout: 60_000 }).toContain('-icanon');
}

describe.each(hookShells)('a %s with a user', (name) => {
  it('prints nothing while the hook is sourced, and does not change the directory, whatever CDPATH is', async () => {
    const { home, kit } = homeWithRc(name);
    const bare = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[name];
    const line = `${kit.source[name]}; pwd`;
    const { stdout, stderr } = await execa(name, [...bare, '-i', '-c', line], {
      env: { ...home.environment, CDPATH: `.:${home.path}:/`, TERM: 'dumb' },
      extendEnv: false,
      cwd: home.path,
    });
    expect(stdout).toBe(home.path);
    // bash itself prints this without a terminal.
    expect(stderr.replace(/^bash: .*\n?/gm, '')).toBe('');
  });

  const again = {
    bash: 'bash --noprofile --rcfile ~/.bashrc -i',
    zsh: 'zsh -d -i',
    fish: 'fish -i',
  }[name];

  it('that replaces another (exec) knows what is loaded, asks nothing, and unloads', async () => {
    const shell = await openHookShell(name, { environment: { AWS_REGION: 'mine' } });
    await shell.run('cd dev');
    await shell.run(`exec ${again}`);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIADEV dev 50m');
    expect(shell.kit.requests()).toHaveLength(1);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_REGION=mine']);
    expect((await shell.run('(exit 3)')).status).toBe(3);
  });

  it('that gets an empty environment (env -i) starts fresh, in its directory', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    await shell.run(`env -i HOME=$HOME ZDOTDIR=$HOME PATH=$PATH TERM=$TERM AWSH_AGENT=off ${again}`);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(shell.kit.requests()).toHaveLength(2);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([]);
    await shell.run('exit');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('of another user (sudo -E) is not changed', async () => {
    // Only root can change to another user without a password.
    if (process.getuid?.() !== 0) return;
    const shell = await openHookShell(name);
    chmodSync(shell.home.path, 0o755);
    const rc = { bash: '.bashrc', zsh: '.zshrc', fish: '.config' }[name];
    await shell.run(`mkdir theirs; cp -R ${rc} theirs; chown -R 65534:65534 theirs; cd dev`);
    const theirs = `HOME=$HOME/theirs ZDOTDIR=$HOME/theirs XDG_CONFIG_HOME=$HOME/theirs/.config XDG_DATA_HOME=$HOME/theirs/.local`;
    await shell.run(
      `setpriv --reuid=65534 --regid=65534 --clear-groups env ${theirs} ${again.replace('~', '$HOME/theirs')}`,
    );
    await editingLines(shell);
    expect(await shell.output('id -u')).toBe('65534');
    expect(await shell.output('type awsh 2>&1 | head -1')).toMatch(/not (found|find)/i);
    await shell.run('cd ../none');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    await shell.run('exit');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([]);
    expect(shell.kit.requests()).toHaveLength(1);
  });
});

describe.each(hookShells.filter((name) => name !== 'fish'))('a restricted %s', (name) => {
  it('prints nothing at its start, shows its prompts and keeps its status', async () => {
    const home = temporaryHome();
    const program = home.write('restricted', `#!/bin/sh\nexec ${name} "$@" -r\n`, 0o755);
    const shell = await openHookShell(name, { home, program });
    expect(shell.received).not.toMatch(/restricted|awsh|rror/);
    const { shown, status } = await shell.run('(exit 3)');
    expect([shown, status]).toEqual(['$ ', 3]);
  });
});
