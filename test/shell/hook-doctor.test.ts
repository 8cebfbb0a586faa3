import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHookReport } from '../../src/diagnosis/index.ts';
import { exceptInFish, type HookShellName, hookShells, openHookShell } from '../support/hook-shell.ts';

/** The input of the launcher for doctor. */
async function told(name: HookShellName, before = '', after = '') {
  const shell = await openHookShell(name, {
    before,
    after,
    prepare: (home) => {
      home.write('package/replies/command.sh', 'printf "%s\\n" "$AWSH_HOOK" >"$path/told"; status=7\n');
      home.write('package/package.json', '{\n  "name": "awsh",\n  "version": "1.2.3",\n  "x": 1\n}\n');
    },
  });
  const { status } = await shell.run('awsh doctor --offline');
  const text = await shell.output(`command cat ${shell.kit.path}/told`);
  return { shell, status, text, report: parseHookReport(text) };
}

const direnv = {
  bash: '_direnv_hook() { :; }; PROMPT_COMMAND=_direnv_hook',
  zsh: '_direnv_hook() { :; }; precmd_functions=(_direnv_hook)',
  fish: '',
};
const lateTheme = {
  bash: 'starship_precmd() { :; }; PROMPT_COMMAND="starship_precmd; $PROMPT_COMMAND"',
  zsh: 'starship_precmd() { :; }; precmd_functions=(starship_precmd $precmd_functions)',
  fish: '',
};

describe.each(hookShells)('doctor gets from %s', (name) => {
  it('what only the shell knows, and does not pass it on', async () => {
    const { shell, status, report } = await told(name);
    expect(status).toBe(7);
    expect(report).toMatchObject({
      shell: name,
      launcher: shell.kit.launcher,
      mode: 'auto',
      completes: false,
      version: '1.2.3',
      word: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(readFileSync(`${shell.kit.path}/shell/awsh.${name}`, 'utf8')).toContain(report?.word);
    expect(report?.shellVersion).toMatch(/^\d+\.\d+/);
    expect(await shell.output('env | grep -c AWSH_HOOK')).toBe('0');
    expect(shell.kit.commands()).toEqual(['doctor --offline']);
  });

  it('whether the shell is pinned', async () => {
    const { shell } = await told(name);
    await shell.run('awsh use dev');
    await shell.run('awsh doctor');
    expect(await shell.output(`command grep ^mode ${shell.kit.path}/told`)).toBe('mode pin');
  });

  exceptInFish(name)('the order of what runs before a prompt', async () => {
    const { report } = await told(name, direnv[name], lateTheme[name]);
    const names = report?.runs.filter((run) => !/draw/.test(run));
    expect(names).toEqual([
      'starship_precmd',
      '__awsh_before',
      '_direnv_hook',
      expect.stringMatching(/^__awsh_(prompt|precmd)$/),
    ]);
  });
});
