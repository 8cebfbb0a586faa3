import { describe, expect, it } from 'vitest';
import { loadedReply } from '../support/hook-package.ts';
import { type HookShell, openHookShell } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { zshIsFrom } from '../support/tried-shells.ts';

/**
 * A shell in a project whose keys have 54 seconds left, so the segment is updated every five
 * seconds.
 */
async function idleShell(before = 'AWSH_TICK=1', after = ''): Promise<HookShell> {
  const shell = await openHookShell('zsh', {
    columns: 80,
    before,
    after,
    prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { expiresIn: 54 })),
  });
  await shell.run('cd dev');
  return shell;
}

const nextTick = (shell: HookShell) => shell.waitFor(/dev \d+s/);

describe.skipIf(!has('zsh'))('the segment in zsh, while nothing is typed', () => {
  it('counts down if AWSH_TICK is set, and keeps the line that is being typed', async () => {
    const shell = await idleShell();
    shell.skip();
    shell.type('echo on"e"; echo t');
    shell.press('Left');
    await shell.settle();
    shell.skip();
    expect(await nextTick(shell)).toContain('echo on"e"; echo t');
    shell.type('w');
    await shell.settle();
    await nextTick(shell);
    shell.type('\r');
    const { shown } = await shell.prompt();
    expect(shown).toMatch(/\none\nwt\n/);
    expect(shell.kit.requests()).toHaveLength(1);
  });

  it('does not change without it', async () => {
    const shell = await idleShell('');
    await shell.settle();
    shell.skip();
    await new Promise((resolve) => setTimeout(resolve, 6500));
    expect(shell.shownSoFar()).toBe('');
  });

  it('leaves $?, $_ and pipestatus to the next command', async () => {
    const shell = await idleShell();
    await shell.run('print first last; (exit 7)');
    await nextTick(shell);
    expect(await shell.output('echo $?')).toBe('7');
    await shell.run('print first last');
    await nextTick(shell);
    expect(await shell.output('echo $_')).toBe('last');
    await shell.run('true | (exit 3) | true');
    await shell.settle();
    shell.skip();
    await new Promise((resolve) => setTimeout(resolve, 6500));
    expect(shell.shownSoFar()).toBe('');
    expect(await shell.output('echo $pipestatus')).toBe('0 3 0');
  });

  it('keeps a search and a menu in place', async () => {
    const menu = `autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' menu select`;
    const shell = await idleShell(`AWSH_TICK=1; ${menu}`);
    await shell.run(': find me');
    shell.press('^R');
    shell.type('fin');
    await shell.settle();
    shell.skip();
    await nextTick(shell);
    shell.type('d');
    await shell.settle();
    shell.type('\r');
    await shell.prompt();
    expect(await shell.output('fc -ln -1')).toBe(': find me');

    shell.type(': ../\t\t');
    await shell.settle();
    shell.skip();
    if (zshIsFrom(504)) {
      await nextTick(shell);
    } else {
      // zsh 5.3 redraws no prompt while there is a list below it (38048, reverted by 40305).
      await new Promise((resolve) => setTimeout(resolve, 6500));
      expect(shell.shownSoFar()).toBe('');
    }
    // Dev, none, package, prod: the menu has kept its position.
    for (let steps = 0; steps < 3; steps++) shell.press('Right');
    await shell.settle();
    shell.type('\r');
    await shell.settle();
    shell.type('\r');
    await shell.prompt();
    expect(await shell.output('fc -ln -1')).toMatch(/^: \.\.\/prod\/?$/);
  });

  it('leaves other programs’ scheduled events alone', async () => {
    const shell = await idleShell(
      'AWSH_TICK=1; zmodload zsh/sched; sched +3600 other one; sched +1800 early',
    );
    for (let prompts = 0; prompts < 3; prompts++) await shell.run(':');
    const events = await shell.output('print -rl -- ${zsh_scheduled_events#*:}');
    expect(events.split('\n').sort()).toEqual([':__awsh_tick "$_"', ':early', ':other one']);
    await shell.run('cd ../none');
    expect((await shell.output('print -rl -- ${zsh_scheduled_events#*:}')).split('\n').sort()).toEqual([
      ':early',
      ':other one',
    ]);
  });

  it('draws nothing if the prompt does not show it', async () => {
    const shell = await idleShell('AWSH_TICK=1; starship_precmd() { :; }');
    expect(await shell.output('print -r -- $#zsh_scheduled_events')).toBe('0');
  });
});
