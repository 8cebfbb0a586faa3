import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ordinaryUser } from '../../support/faulty-disk.ts';
import { emptyReply, loadedReply } from '../../support/hook-package.ts';
import { blockedAws, exportedAws, hookShells, openHookShell } from '../../support/hook-shell.ts';

const nobody = blockedAws();

describe.each(hookShells)('awsh lock, seen from another terminal with %s', (name) => {
  it.each([
    ['a directory', 'cd dev', 'dev'],
    ['a pinned profile', 'awsh use prod', 'pin-prod'],
  ])('removes what %s loaded at the next prompt, until unlock', async (_, load, answer) => {
    const shell = await openHookShell(name);
    await shell.run(load);
    const loaded = await exportedAws(shell);
    expect(loaded.join()).toContain('AWS_SECRET_ACCESS_KEY');

    shell.home.write('.local/state/awsh/locked', 'awsh lock\n');
    shell.kit.answer(answer, emptyReply('blocked', 'locked'));
    const { shown } = await shell.run('echo unaware');
    expect(shown).toContain('awsh: awsh is locked and loads no credentials\n  why:  why locked\n');
    expect(await exportedAws(shell)).toEqual(nobody);
    for (let i = 0; i < 3; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(2);

    rmSync(`${shell.home.path}/.local/state/awsh/locked`);
    shell.kit.answer(answer, loadedReply(answer.replace('pin-', '')));
    await shell.run(':');
    expect((await exportedAws(shell)).map((line) => line.split('=')[0])).toEqual(
      loaded.map((line) => line.split('=')[0]),
    );
    expect(shell.kit.requests()).toHaveLength(3);
  });

  it('counts in the runtime folder too, of this user alone', async () => {
    const shell = await openHookShell(name);
    const mark = join(shell.home.environment.XDG_RUNTIME_DIR ?? '', 'awsh/locked');
    await shell.run('cd dev; export XDG_RUNTIME_DIR=/elsewhere');
    mkdirSync(dirname(mark), { recursive: true, mode: 0o700 });
    writeFileSync(mark, 'awsh lock\n');
    shell.kit.answer('dev', emptyReply('blocked', 'locked'));
    await shell.run(':');
    expect(await exportedAws(shell)).toEqual(nobody);

    shell.kit.answer('dev', loadedReply('dev'));
    if (process.getuid?.() === 0) chownSync(mark, ordinaryUser, ordinaryUser);
    else rmSync(mark);
    await shell.run(':');
    expect((await exportedAws(shell)).join()).toContain('AWS_SECRET_ACCESS_KEY');
  });

  it('is looked for in the place known when the hook was sourced', async () => {
    const shell = await openHookShell(name, { environment: { XDG_STATE_HOME: undefined } });
    await shell.run('cd dev');
    await shell.run('export XDG_STATE_HOME=/elsewhere');
    shell.home.write('.local/state/awsh/locked', 'awsh lock\n');
    shell.kit.answer('dev', emptyReply('blocked', 'blocked'));
    await shell.run(':');
    expect(await exportedAws(shell)).toEqual(nobody);
  });

  it('changes nothing if nothing is loaded', async () => {
    const shell = await openHookShell(name, { after: 'export AWS_PROFILE=mine' });
    shell.home.write('.local/state/awsh/locked', 'awsh lock\n');
    await shell.run('cd none');
    expect(await exportedAws(shell)).toEqual(['AWS_PROFILE=mine']);
    expect(shell.kit.requests()).toEqual([]);
  });
});
