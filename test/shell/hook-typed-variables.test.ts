import { describe, expect, it } from 'vitest';
import { loadedReply } from '../support/hook-package.ts';
import { exportedAws, hookShells, openHookShell } from '../support/hook-shell.ts';

describe.each(hookShells)('a variable that the user sets in a project, in %s', (name) => {
  it.each(['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])(
    'is never half of an identity: %s',
    async (variable) => {
      const shell = await openHookShell(name);
      await shell.run('cd dev');
      const loaded = await exportedAws(shell);
      await shell.run(`export ${variable}=typed-by-hand`);
      expect(await exportedAws(shell)).toEqual(loaded);
      expect(await shell.output('echo $AWSH_SEGMENT')).toBe('dev 50m');
      await shell.run('cd ../none');
      expect(await exportedAws(shell)).toEqual([`${variable}=typed-by-hand`]);
    },
  );

  it('makes the whole key pair the user’s, however it is typed', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    await shell.run('export AWS_SECRET_ACCESS_KEY=mine');
    await shell.run('export AWS_ACCESS_KEY_ID=AKIAMINE');
    const mine = ['AWS_ACCESS_KEY_ID=AKIAMINE', 'AWS_SECRET_ACCESS_KEY=mine'];
    expect(await exportedAws(shell)).toEqual(mine);
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('overridden');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(mine);
  });

  it.each([
    ['AWS_ENDPOINT_URL', 'http://127.0.0.1:1'],
    ['AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/mine'],
  ])('replaces everything that awsh has loaded: %s', async (variable, value) => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    await shell.run(`export ${variable}=${value}`);
    // The hook checks AWS_ROLE_ARN when something else changes.
    await shell.run('cd deep; cd ..');
    expect(await exportedAws(shell)).toContain(`${variable}=${value}`);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([`${variable}=${value}`]);
  });
});

describe.each(hookShells)('a variable that the user unsets in a project, in %s', (name) => {
  it('stays unset outside, although it was set before', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { region: 'eu-west-1' })),
    });
    await shell.run('export AWS_REGION=sa-east-1');
    await shell.run('cd dev');
    await shell.run('unset AWS_REGION');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([]);
  });
});

describe.runIf(hookShells.includes('zsh'))('zsh with direnv and mise loaded after awsh', () => {
  it('shows neither of them what awsh has loaded', async () => {
    const shell = await openHookShell('zsh', {
      after: `_direnv_hook() { saw+="<$AWS_ACCESS_KEY_ID>"; }; _mise_hook_precmd() { saw+="<$AWS_ACCESS_KEY_ID>"; }
precmd_functions=(_direnv_hook $precmd_functions _mise_hook_precmd); saw=`,
    });
    await shell.run('cd dev');
    await shell.run('true');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $saw')).toMatch(/^ASIADEV (<>)+$/);
  });
});

describe.each(hookShells)('a shell that awsh exec started, in %s', (name) => {
  it('keeps its credentials after awsh off, which tells how to leave it', async () => {
    const keys = { AWS_VAULT: 'dev', AWS_ACCESS_KEY_ID: 'ASIAEXEC', AWS_SECRET_ACCESS_KEY: 'of exec' };
    const shell = await openHookShell(name, { environment: keys });
    const { shown, status } = await shell.run('awsh off');
    expect([status, shown]).toEqual([2, expect.stringContaining('next: exit')]);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY')).toBe('ASIAEXEC of exec');
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('dev');
  });
});
