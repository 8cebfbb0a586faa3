import { describe, expect, it } from 'vitest';
import { exportedAws, type HookShellName, hookShells, openHookShell } from '../../support/hook-shell.ts';

/** What direnv or mise would set in a directory, and how it limits the shell's functions. */
const limits: Record<HookShellName, [name: string, values: number[]]> = {
  bash: ['FUNCNEST', [1, 4, 8]],
  zsh: ['FUNCNEST', [1, 5]],
  fish: ['fish_read_limit', [1, 500]],
};

const rows = hookShells.flatMap((shell) =>
  limits[shell][1].map((value) => [shell, limits[shell][0], value] as const),
);

describe.each(rows)('the hook in %s, after a directory has set %s to %i', (name, variable, value) => {
  it('loads a profile completely and unloads it again', async () => {
    const shell = await openHookShell(name, { environment: { AWS_ACCESS_KEY_ID: 'AKIAOWN' } });
    const own = await exportedAws(shell);
    await shell.run('cd dev');
    await shell.run(name === 'fish' ? `set -gx ${variable} ${value}` : `export ${variable}=${value}`);
    for (const [folder, key] of [
      ['~/none', 'AKIAOWN'],
      ['~/prod', 'ASIAPROD'],
      ['~/dev', 'ASIADEV'],
    ] as const) {
      await shell.run(`cd ${folder}`);
      const names = (await exportedAws(shell)).map((line) => line.replace(/=.*/, ''));
      expect(await shell.output('echo "$AWS_ACCESS_KEY_ID"')).toBe(key);
      expect(names.includes('AWS_SECRET_ACCESS_KEY')).toBe(key !== 'AKIAOWN');
      expect(names.includes('AWS_SESSION_TOKEN')).toBe(key !== 'AKIAOWN');
    }
    if (value > 1) {
      await shell.run('awsh use prod');
      expect(await shell.output('echo "$AWS_ACCESS_KEY_ID"')).toBe('ASIAPROD');
      await shell.run('awsh off');
    }
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual(own);
    expect(await shell.output('echo "$FUNCNEST$fish_read_limit"')).toBe(`${value}`);
  });
});
