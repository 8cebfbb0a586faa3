import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { playDemo } from '../../src/demo/index.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, type ShellName } from '../support/terminal.ts';

const awsh = join(packageFolder, 'bin/awsh');

/** A home with its own TMPDIR, so that files that a demo leaves behind are noticed. */
function stage() {
  const home = temporaryHome();
  home.write('tmp/.keep', '');
  const TMPDIR = join(home.path, 'tmp');
  const left = () => readdirSync(TMPDIR).filter((name) => name.startsWith('awsh-demo-'));
  return { environment: { ...home.environment, TMPDIR }, cwd: home.path, left };
}

describe('awsh demo', () => {
  it('plays its eight scenes without a terminal, and leaves nothing behind', async () => {
    const { environment, left, cwd } = stage();
    const before = readdirSync(cwd);
    const { stdout, exitCode } = await execa(awsh, ['demo'], {
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    expect(stdout).toMatch(
      /npm install --global .*\n {2}awsh setup\n\n8 scenes, each showed what it should\.$/,
    );
    expect(exitCode).toBe(0);
    expect(left()).toEqual([]);
    expect(readdirSync(cwd)).toEqual(before);
  }, 120_000);

  it.each([
    ['node-pty has no program for this system', `throw new Error('no node-pty-linux-musl\\nRequire stack:')`],
    ['the system has no pseudo-terminal', `return { spawn() { throw new Error('forkpty(3) failed.'); } }`],
  ])('tells in three lines that it cannot play itself if %s', async (_, instead) => {
    const { environment, left, cwd } = stage();
    writeFileSync(
      join(cwd, 'without.cjs'),
      `const Module = require('node:module');
       const load = Module._load;
       Module._load = (name, ...rest) => {
         if (name === '@lydell/node-pty') { ${instead} }
         return load(name, ...rest);
       };`,
    );
    const built = ['--require', join(cwd, 'without.cjs'), join(packageFolder, 'dist/awsh.cjs'), 'demo'];
    const { stderr, exitCode } = await execa(process.execPath, built, {
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    expect(stderr.split('\n')).toEqual([
      'awsh: the demo cannot play itself here',
      expect.stringMatching(/^ {2}why: {2}it needs a pseudo-terminal, and cannot open one: (no|fork)[^\n]*$/),
      '  next: awsh demo',
    ]);
    expect({ exitCode, left: left() }).toEqual({ exitCode: 1, left: [] });
  });

  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const isMissing = shell !== 'bash' && !has(shell);
    it.skipIf(isMissing)(
      `guides through a ${shell} that may do other things, and removes everything after it`,
      async () => {
        await openAndLeave(shell);
      },
      300_000,
    );
    // Without a terminal, the demo uses bash, which the first test covers.
    if (shell === 'bash') continue;
    it.skipIf(isMissing)(
      `recognises in ${shell} that each step was done`,
      async () => {
        const { environment, left } = stage();
        let transcript = '';
        const write = (text: string) => {
          transcript += text;
        };
        const look = { heading: (text: string) => text, prose: (text: string) => [text] };
        const demo = { environment, packageFolder, write, look, ending: [] };
        expect(await playDemo(demo, `/usr/bin/${shell}`), transcript).toBe(0);
        expect(left()).toEqual([]);
      },
      120_000,
    );
  }
});

async function openAndLeave(shell: ShellName): Promise<void> {
  const { environment, cwd, left } = stage();
  const SHELL = `/bin/${shell}`;
  const terminal = await openTerminal(awsh, ['demo'], {
    environment: { ...environment, SHELL, NO_COLOR: '1' },
    cwd,
  });
  await terminal.waitFor(/1 of 8: [\s\S]*type: cd ~\/projects\/dev\s[\s\S]*\x1b\]133;B/);
  expect(left()).toHaveLength(1);
  terminal.type('echo mine\r');
  expect(await terminal.waitFor(/mine\s[\s\S]*\x1b\]133;B/)).not.toContain('type:');
  terminal.type('cd projects/dev\r');
  await terminal.waitFor(/next: awsh allow\s[\s\S]*loads nothing[\s\S]*type: awsh allow\s/);
  terminal.type('next\r');
  await terminal.waitFor('type: awsh status --verify');
  terminal.type('guide\r');
  await terminal.waitFor('type: awsh status --verify');
  terminal.type('awsh allow\r');
  await terminal.waitFor(/dev (59m|1h00m)/);
  terminal.type('cd ~; echo "[$AWS_ACCESS_KEY_ID]"; exit 4\r');
  await terminal.waitFor('[]');
  await terminal.waitFor(/sandbox is removed[\s\S]*npm install --global[\s\S]*awsh setup/);
  const { status } = await terminal.exited;
  expect({ status, left: left(), shown: status === 4 ? '' : terminal.received.slice(-1000) }).toEqual({
    status: 4,
    left: [],
    shown: '',
  });
}
