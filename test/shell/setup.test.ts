import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { openShell, plainText, type ShellName, type ShellTerminal } from '../support/terminal.ts';

const shells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));
const rcName = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/conf.d/awsh.fish' };
const isHooked = {
  bash: 'declare -F __awsh_prompt >/dev/null && echo hooked',
  zsh: 'typeset -f __awsh_precmd >/dev/null && echo hooked',
  fish: 'functions -q awsh; and echo hooked',
};

/**
 * This package as npm installs it for one version of Node. Files that are the same for all are
 * links, for speed.
 */
function installed(home: TemporaryHome, nodeVersion: string, version = '1.0.0'): string {
  const folder = join(home.path, 'node', nodeVersion, 'lib/node_modules/awsh');
  for (const name of ['bin', 'shell', 'completions', 'dist']) {
    cpSync(join(packageFolder, name), join(folder, name), { recursive: true });
  }
  home.write(
    `node/${nodeVersion}/lib/node_modules/awsh/package.json`,
    JSON.stringify({ name: 'awsh', version }),
  );
  symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(home.path, 'node', nodeVersion, 'bin'));
  symlinkSync(process.execPath, join(home.path, 'node', nodeVersion, 'bin/node'));
  return join(folder, 'bin/awsh');
}

async function open(name: ShellName, home: TemporaryHome, rc?: string): Promise<ShellTerminal> {
  return openShell(name, { home, ...(rc === undefined ? { keepRc: true } : { rc }) });
}

async function skipQuestions(shell: ShellTerminal): Promise<void> {
  for (const question of ['access key to store', 'Identity Center', 'what coding agents get']) {
    await shell.waitFor(question, 15_000);
    await shell.settle();
    shell.type('\r');
  }
}

async function answerYes(shell: ShellTerminal, line: string): Promise<string> {
  shell.skip();
  shell.type(`${line}\r`);
  const shown = await shell.waitFor('[y/N] ');
  await shell.settle();
  shell.type('y\r');
  // Skips the other questions of a new machine.
  if (!/--remove/.test(line)) await skipQuestions(shell);
  const { status, shown: rest } = await shell.prompt();
  expect(status).toBe(0);
  return shown + rest;
}

describe.each(shells)('awsh setup, typed in %s', (name) => {
  it('loads awsh in every new shell, and --remove restores the file', async () => {
    const home = temporaryHome();
    const awsh = installed(home, 'v20.0.0');
    const first = await open(name, home, '# mine');
    const rc = join(home.path, rcName[name]);
    const before = existsSync(rc) ? readFileSync(rc) : null;
    expect(await answerYes(first, `${awsh} setup`)).toContain('+ # >>> awsh >>>');
    expect((await first.run(`${awsh} setup`)).shown).toContain('already');

    const second = await open(name, home);
    expect(await second.output(isHooked[name])).toBe('hooked');
    expect(await second.output('awsh --version')).toBe('awsh 1.0.0');

    await answerYes(second, 'awsh setup --remove');
    expect(existsSync(rc) ? readFileSync(rc) : null).toEqual(before);
    expect(existsSync(join(home.path, '.local/share/awsh/current'))).toBe(false);
    const third = await open(name, home);
    expect(await third.output(isHooked[name])).toBe('');
  });

  it('continues with another Node’s awsh when the first is gone', async () => {
    const home = temporaryHome();
    const link = join(home.path, '.local/share/awsh/current');
    const [old, young] = [installed(home, 'v20.0.0'), installed(home, 'v22.0.0')];
    await open(name, home, '');
    await runInstalled(['setup', '--yes', '--shell', name], home.environment, '', old);
    const rc = readFileSync(join(home.path, rcName[name]), 'utf8');
    const living = await open(name, home);
    rmSync(join(home.path, 'node/v20.0.0'), { recursive: true });
    const orphan = await open(name, home);
    expect(plainText(orphan.received)).toContain('awsh is not loaded');
    expect(await orphan.output(isHooked[name])).toBe('');

    expect(await orphan.output(`${young} --version`)).toBe('awsh 1.0.0');
    expect(readlinkSync(link)).toBe(dirname(dirname(young)));
    expect(await living.output('awsh --version')).toBe('awsh 1.0.0');
    const shell = await open(name, home);
    expect(await shell.output(isHooked[name])).toBe('hooked');
    expect(readFileSync(join(home.path, rcName[name]), 'utf8')).toBe(rc);
  });
});

/** Prints text if the completion is loaded. */
const loaded = {
  bash: 'declare -F __awsh_tab_candidates',
  zsh: 'typeset -f _awsh_verbs',
  fish: 'complete -c awsh',
};

describe.each(shells.filter((name) => name !== 'fish'))('after awsh setup, %s', (name) => {
  it('has the completion from the first Tab on, and not before', async () => {
    const home = temporaryHome();
    await runInstalled(['setup', '--yes', '--shell', name], home.environment);
    const compinit = name === 'zsh' ? 'autoload -Uz compinit; compinit -u -D' : '';
    const block = readFileSync(join(home.path, rcName[name]), 'utf8');
    const shell = await open(name, home, `${compinit}\n${block}`);
    expect(await shell.output(loaded[name])).toBe('');
    shell.skip();
    shell.type('awsh migr\t');
    await shell.waitFor('migrate-backend');
    await shell.settle();
    shell.press('^C');
    await shell.prompt();
    expect(await shell.output(loaded[name])).not.toBe('');
  });
});
