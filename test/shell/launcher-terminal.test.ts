import { describe, expect, it } from 'vitest';
import { packageThatSays, runIt } from '../support/launcher.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openShell, openTerminal } from '../support/terminal.ts';

describe('at a terminal', () => {
  it('Ctrl-Z stops the command and fg continues it', async () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const shell = await openShell('bash', { home });
    shell.type(`${launcher} exec work -- sh -c 'echo begun; read line; echo "got $line"'\r`);
    await shell.waitFor(/begun\r/);
    shell.press('^Z');
    await shell.waitFor(/Stopped/);
    await shell.prompt();
    shell.type('fg\r');
    await shell.settle();
    shell.type('more\r');
    await shell.waitFor('got more');
  });

  it('the command learns of a new window size', async () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const script = 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.1; done';
    const terminal = await openTerminal(launcher, ['exec', 'work', '--', 'bash', '-c', script], {
      environment: home.environment,
      columns: 80,
      rows: 24,
    });
    await terminal.waitFor('ready');
    terminal.resize(111, 33);
    await terminal.waitFor('33 111');
  });

  it('ends with 130 if Ctrl-C is pressed while Node works', async () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, 'console.error("working"); setTimeout(() => {}, 60_000);');
    for (const verb of ['exec work -- echo ran', 'list']) {
      const shell = await openShell('bash', { home });
      shell.type(`${launcher} ${verb}\r`);
      await shell.waitFor(/working\r/);
      shell.press('^C');
      expect(await shell.prompt()).toMatchObject({ status: 130, shown: expect.not.stringContaining('ran') });
    }
  });
});
