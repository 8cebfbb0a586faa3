import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, type ShellName } from '../support/terminal.ts';

const awsh = join(packageFolder, 'bin/awsh');

/** A home whose TMPDIR is its own, so that what a demo leaves behind is seen. */
function stage() {
  const home = temporaryHome();
  home.write('tmp/.keep', '');
  const TMPDIR = join(home.path, 'tmp');
  const left = () => readdirSync(TMPDIR).filter((name) => name.startsWith('awsh-demo-'));
  return { environment: { ...home.environment, TMPDIR }, cwd: home.path, left };
}

describe('awsh demo', () => {
  it('plays its story where there is no terminal, and leaves nothing', async () => {
    const { environment, left } = stage();
    const { stdout, exitCode } = await execa(awsh, ['demo'], {
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    expect(stdout).toContain('each showed what it should');
    expect(exitCode).toBe(0);
    expect(left()).toEqual([]);
  }, 120_000);

  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const isMissing = shell !== 'bash' && !has(shell);
    it.skipIf(isMissing)(
      `opens a ${shell} to try things in, and removes everything after it`,
      async () => {
        await openAndLeave(shell);
      },
      300_000,
    );
  }
});

async function openAndLeave(shell: ShellName): Promise<void> {
  const { environment, cwd, left } = stage();
  const SHELL = `/bin/${shell}`;
  const terminal = await openTerminal(awsh, ['demo'], { environment: { ...environment, SHELL }, cwd });
  await terminal.waitFor(/~ \$ /);
  expect(left()).toHaveLength(1);
  terminal.type('cd projects/dev\r');
  await terminal.waitFor('next: awsh allow');
  terminal.type('awsh allow\r');
  await terminal.waitFor(/dev (59m|1h00m)/);
  terminal.type('cd ~; echo "[$AWS_ACCESS_KEY_ID]"; exit 4\r');
  await terminal.waitFor('[]');
  const { status } = await terminal.exited;
  expect({ status, left: left(), shown: status === 4 ? '' : terminal.received.slice(-1000) }).toEqual({
    status: 4,
    left: [],
    shown: '',
  });
}
