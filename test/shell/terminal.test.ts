import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openShell, openTerminal, type ShellName } from '../support/terminal.ts';

const shells: ShellName[] = ['bash', 'zsh', 'fish'];

for (const name of shells) {
  describe.skipIf(name !== 'bash' && !has(name))(`a ${name} at the terminal`, () => {
    it('the test terminal runs what is typed, shows its output and returns its status', async () => {
      const shell = await openShell(name, { home: temporaryHome() });
      expect(await shell.output('echo one; echo two')).toBe('one\ntwo');
      expect((await shell.run('false')).status).toBe(1);
      expect((await shell.run('sh -c "exit 7"')).status).toBe(7);
      expect((await shell.run('true')).status).toBe(0);
    });

    it('the test terminal accepts keys and a new size, and reports how it ended', async () => {
      const shell = await openShell(name, { home: temporaryHome(), environment: { COLOR: 'blue' } });
      shell.type('sleep 20\r');
      await shell.settle();
      shell.press('^C');
      expect((await shell.prompt(5_000)).status).toBe(130);
      shell.resize(100, 30);
      await shell.settle();
      expect(await shell.output('stty size; echo $COLOR')).toContain('30 100\nblue');
      shell.type('exit 3\r');
      expect(await shell.exited).toEqual({ status: 3, signal: 0 });
    });
  });
}

it('the test terminal reports what was shown when an expected text did not come', async () => {
  const cat = await openTerminal('cat', [], { environment: { PATH: process.env.PATH ?? '' } });
  cat.type('hello\r');
  await expect(cat.waitFor('goodbye', 300)).rejects.toThrow(/hello/);
});
