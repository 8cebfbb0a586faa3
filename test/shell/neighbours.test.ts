import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completions, writeNames } from '../support/completing-shell.ts';
import type { HookPackage } from '../support/hook-package.ts';
import {
  type HookShell,
  type HookShellName,
  type HookShellOptions,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';
import { type Neighbour, neighbours, typeWithTab } from '../support/neighbours.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { plainText } from '../support/terminal.ts';

/** Makes the package one that `awsh setup` would source, with the completion, for two profiles. */
function withCompletion(name: HookShellName, home: TemporaryHome, kit: HookPackage): void {
  cpSync(completions, join(kit.path, 'completions'), { recursive: true });
  const start = join(kit.path, `shell/rc.${name}`);
  copyFileSync(join(import.meta.dirname, `../../shell/rc.${name}`), start);
  home.write('.aws/config', '[profile dev]\n[profile prod]\n');
  writeNames(home, { name: 'dev' }, { name: 'prod' });
  kit.source[name] = `source ${start}`;
}

/** A shell whose rc loads these tools and the hook, which comes first or last. */
async function openBeside(name: HookShellName, others: readonly Neighbour[], hookIs: 'first' | 'last') {
  const lines = others.map((other) => other.rc[name]).join('\n');
  const first = others.map((other) => other.first?.[name] ?? '').join('\n');
  const environment = Object.assign({}, ...others.map((other) => other.environment ?? {}));
  const options: HookShellOptions = {
    environment,
    before: hookIs === 'first' ? first : `${first}\n${lines}`,
    after: `${hookIs === 'first' ? lines : ''}\n${name === 'zsh' ? 'autoload -Uz compinit; compinit -u -D' : ''}`,
    prepare: (home, kit) => {
      withCompletion(name, home, kit);
      for (const other of others) other.prepare?.(home.path, { ...home.environment, ...environment });
    },
  };
  const shell = await openHookShell(name, options);
  if (first.trim() === '') return shell;
  // What such a theme shows at once comes from the cache of an earlier shell.
  await shell.run('cd none');
  shell.type('exit\r');
  await shell.exited;
  return openHookShell(name, { ...options, home: shell.home, kit: shell.kit });
}

/** Tab completes a verb, then a profile. */
async function checkTab(shell: HookShell): Promise<void> {
  await typeWithTab(shell, 'awsh expl', 'explain');
  await typeWithTab(shell, 'pr', 'prod');
  await shell.run('');
  expect(shell.kit.commands()).toContain('explain prod');
}

async function checkDay(shell: HookShell, others: readonly Neighbour[]): Promise<void> {
  await shell.settle(Math.max(...others.map(({ settles = 60 }) => settles)));
  const from = shell.received.length;
  const entered = await shell.run('cd dev');
  // The very first prompt after the cd. (fish draws some prompts twice.)
  if (shell.name === 'fish') await shell.settle();
  const shown = shell.name === 'fish' ? plainText(shell.received.slice(from)) : entered.shown;
  for (const { draws } of others) if (draws) expect(shown).toMatch(draws);
  expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIADEV dev 50m');
  expect((await shell.run('false')).status).toBe(1);
  await checkTab(shell);
  for (const other of others) await other.works(shell);
  await shell.run('cd ~/dev');
  expect(await shell.output('cd ../prod && printenv AWSH_PROFILE AWS_ACCESS_KEY_ID')).toBe('prod\nASIAPROD');
  await shell.run('cd ~');
  expect(await shell.output('env | grep -E "^(AWS_|AWSH_PROFILE|AWSH_LOADED|FROM_)"')).toBe('');
  expect(shell.received).not.toMatch(
    /command not found|instant prompt.*console output|no matches|syntax error/i,
  );
  const after = Math.max(...others.map(({ writesFor = 0 }) => writesFor));
  if (after === 0) return;
  shell.type('exit\r');
  await shell.exited;
  await new Promise((resolve) => setTimeout(resolve, after));
}

describe.each(hookShells)('together with the real tools in %s', (name) => {
  const known = neighbours.filter((other) => other.rc[name] !== undefined);
  describe.each(known)('$name', (other) => {
    it.each(['first', 'last'] as const)(
      'with the hook %s: right at each prompt, and so is it',
      async (hookIs) => {
        await checkDay(await openBeside(name, [other], hookIs), [other]);
      },
    );
  });

  // No user has two tools of one kind, or two prompts. VS Code's marks do not work with those of a
  // prompt theme.
  const apart = [
    'zoxide --cmd cd',
    'powerlevel10k',
    'oh-my-zsh',
    'starship',
    'atuin',
    'asdf 0.15',
    'VS Code’s shell integration',
  ];
  const together = known.filter((other) => !apart.includes(other.name));
  const orders = [together, [...together].reverse()];
  it.skipIf(together.length < 2)(
    'all of them at once, in either order, the hook first or last',
    {
      timeout: 120_000,
    },
    async () => {
      for (const order of orders) {
        for (const hookIs of ['first', 'last'] as const) {
          await checkDay(await openBeside(name, order, hookIs), order);
        }
      }
    },
  );
});
