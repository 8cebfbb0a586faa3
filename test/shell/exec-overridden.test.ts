import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inFish } from '../support/fish-words.ts';
import { loadedReply } from '../support/hook-package.ts';
import {
  exportedAws,
  type HookShell,
  type HookShellName,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';

/*
 * Other credentials in a shell that `awsh exec` or aws-vault started. At each prompt, the
 * environment has one identity.
 */

const timeout = 120_000;

/** The variables with which `awsh exec dev` or aws-vault starts a shell. */
function execEnvironment(): Record<string, string> {
  return {
    AWS_VAULT: 'dev',
    AWS_ACCESS_KEY_ID: 'ASIAOLD',
    AWS_SECRET_ACCESS_KEY: 'old/secret',
    AWS_SESSION_TOKEN: 'old/token',
    AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() + 3_570_000).toISOString().replace(/\.\d+/, ''),
    AWS_REGION: 'eu-north-1',
    AWS_DEFAULT_REGION: 'eu-north-1',
    DIRENV_LOG_FORMAT: '',
  };
}

const segment = (shell: HookShell) => shell.output('echo "<$AWSH_SEGMENT>"');

/** A shell with an allowed `.envrc` for each of these lines, in the folders `pf0`, `pf1`, … */
async function openExecShell(
  name: HookShellName,
  envrcs: string[] = [],
  hookIs: 'first' | 'last' = 'last',
): Promise<HookShell> {
  const direnv = name === 'fish' ? 'direnv hook fish | source' : `eval "$(direnv hook ${name})"`;
  return openHookShell(name, {
    environment: execEnvironment(),
    [hookIs === 'last' ? 'before' : 'after']: envrcs.length > 0 ? direnv : '',
    prepare(home) {
      const env = { ...home.environment, PATH: process.env.PATH };
      for (const [index, line] of envrcs.entries()) {
        home.write(`pf${index}/.envrc`, `${line}\n`);
        execFileSync('direnv', ['allow', `${home.path}/pf${index}`], { env });
      }
    },
  });
}

const key = 'export AWS_ACCESS_KEY_ID=X AWS_SECRET_ACCESS_KEY=Y';
const others: [line: string, variable: string, theirs: string[]][] = [
  ['export AWS_PROFILE=work', 'AWS_PROFILE', ['AWS_PROFILE=work']],
  [key, 'AWS_ACCESS_KEY_ID', ['AWS_ACCESS_KEY_ID=X', 'AWS_SECRET_ACCESS_KEY=Y']],
  [
    `${key} AWS_SESSION_TOKEN=Z`,
    'AWS_ACCESS_KEY_ID',
    ['AWS_ACCESS_KEY_ID=X', 'AWS_SECRET_ACCESS_KEY=Y', 'AWS_SESSION_TOKEN=Z'],
  ],
];
const region: (typeof others)[number] = [
  'export AWS_REGION=ap-south-1',
  'AWS_REGION',
  ['AWS_REGION=ap-south-1'],
];

async function expectOverridden(shell: HookShell, variable: string, theirs: string[]): Promise<void> {
  expect(await exportedAws(shell)).toEqual(theirs);
  expect(await segment(shell)).toBe('<overridden>');
  expect(await shell.output('echo "$AWSH_LOADED"')).toMatch(/^1 overridden /);
  const { status, shown } = await shell.run('awsh refresh');
  expect([status, shown.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining(`${variable} was set`)]);
  expect(await exportedAws(shell)).toEqual(theirs);
  expect(shell.kit.requests()).toEqual([]);
}

async function expectExec(shell: HookShell, before: string[]): Promise<void> {
  expect(await exportedAws(shell)).toEqual(before);
  expect(await segment(shell)).toMatch(/^<dev 5\dm>$/);
  expect(await shell.output('echo "<$AWSH_LOADED>"')).toBe('<>');
}

describe.skipIf(!has('direnv')).each(hookShells)('direnv in a %s that exec started', { timeout }, (name) => {
  it.each(['last', 'first'] as const)('wins as a whole, with the hook %s', async (order) => {
    const all = [...others, region];
    const shell = await openExecShell(
      name,
      all.map(([line]) => line),
      order,
    );
    const before = await exportedAws(shell);
    expect(before).toContain('AWS_VAULT=dev');
    for (const [index, [, variable, theirs]] of all.entries()) {
      const { shown } = await shell.run(`cd pf${index}`);
      expect(shown.replace(/\s+/g, ' ')).toContain(`${variable} was set by direnv`);
      await expectOverridden(shell, variable, theirs);
      await shell.run('cd ..');
      await expectExec(shell, before);
    }
  });

  it('puts back what refresh has renewed, not what it saw first', async () => {
    const shell = await openExecShell(name, [`${key} AWS_SESSION_TOKEN=Z`]);
    await shell.run('cd pf0');
    await shell.run('cd ..');
    shell.kit.answer('pin-dev', loadedReply('dev', { expiresIn: 3570 }));
    expect((await shell.run('awsh refresh')).status).toBe(0);
    const renewed = await exportedAws(shell);
    expect(renewed).toContain('AWS_ACCESS_KEY_ID=ASIADEV');
    await shell.run('cd pf0');
    expect(await exportedAws(shell)).toHaveLength(3);
    await shell.run('cd ..');
    await expectExec(shell, renewed);
  });
});

describe.each(hookShells)('a user in a %s that exec started', { timeout }, (name) => {
  it('wins as a whole', async () => {
    const shell = await openExecShell(name);
    const before = await exportedAws(shell);
    for (const [line, variable, theirs] of others) {
      const { shown } = await shell.run(line);
      expect(shown.replace(/\s+/g, ' ')).toContain(`${variable} was set outside of awsh`);
      await expectOverridden(shell, variable, theirs);
      await shell.run(`unset ${theirs.map((pair) => pair.replace(/=.*/, '')).join(' ')}`);
      await expectExec(shell, before);
    }
  });

  it('keeps a region of their own beside the credentials, as in any shell', async () => {
    const shell = await openExecShell(name);
    const before = await exportedAws(shell);
    await shell.run(region[0]);
    const after = before.map((pair) => (pair.startsWith('AWS_REGION=') ? region[2][0] : pair));
    expect(await exportedAws(shell)).toEqual(after);
    expect(await segment(shell)).toMatch(/^<dev 5\dm>$/);
  });

  it('gets the profile of exec, not one that the rc file exports', async () => {
    const line = 'export AWS_PROFILE=personal AWS_ROLE_ARN=arn:aws:iam::111122223333:role/x';
    const shell = await openHookShell(name, {
      environment: execEnvironment(),
      before: name === 'fish' ? inFish(line) : line,
    });
    expect(await exportedAws(shell)).not.toContain('AWS_PROFILE=personal');
    expect(await segment(shell)).toMatch(/^<dev 5\dm>$/);
    await shell.run(others[1]?.[0] ?? '');
    expect(await exportedAws(shell)).toEqual([
      ...(others[1]?.[2].slice(0, 1) ?? []),
      'AWS_PROFILE=personal',
      'AWS_ROLE_ARN=arn:aws:iam::111122223333:role/x',
      ...(others[1]?.[2].slice(1) ?? []),
    ]);
  });
});
