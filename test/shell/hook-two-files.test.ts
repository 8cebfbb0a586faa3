import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HookPackage, hookFileNames } from '../support/hook-package.ts';
import {
  blockedAws,
  exportedAws,
  type HookShellName,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';

const restName = (name: HookShellName) => `awsh-rest.${name}`;
const shells = hookShells.filter((name) => hookFileNames().includes(restName(name)));

/** The word that both files of a hook contain. */
const word = /(word(?:=| |-\} == |" = ))[0-9a-f]{12}\b/;

/** Installs another version of these files while shells run. */
function upgrade(kit: HookPackage, files: readonly string[]): void {
  for (const file of files) {
    const path = join(kit.path, 'shell', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(word);
    writeFileSync(path, text.replace(word, '$1ffffffffffff'));
  }
}

const own = { AWS_PROFILE: 'mine', AWS_ACCESS_KEY_ID: 'AKIAOWN' };

describe.each(shells)('the second file of the hook in %s', (name) => {
  it('is not needed by a shell in which no directory asks for a profile', async () => {
    const shell = await openHookShell(name, {
      environment: own,
      prepare: (_, kit) => rmSync(join(kit.path, 'shell', restName(name))),
    });
    const { shown, status } = await shell.run('cd ~/none; cd /; cd; true');
    expect([shown, status]).toEqual([expect.not.stringContaining('awsh'), 0]);
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIAOWN', 'AWS_PROFILE=mine']);
    await shell.run('awsh list');
    expect(shell.kit.commands()).toEqual(['list']);
  });

  it('is found where the hook was sourced, whatever a directory sets, and runs without the user’s options', async () => {
    const shell = await openHookShell(name);
    const evil = shell.home.write(restName(name), 'echo EVIL; touch ~/evil\n');
    await shell.run(
      `cd ~/none; export __awsh_rest_file=${evil} __awsh_whole= AWSH_SAVED="now HOME ${shell.home.path}"`,
    );
    if (name === 'bash') await shell.run("alias local='echo ALIAS' builtin='echo ALIAS'; set -uCk; IFS=aws");
    if (name === 'zsh')
      await shell.run("alias local='echo ALIAS'; setopt no_unset no_clobber sh_glob ksh_arrays");
    const { shown } = await shell.run('cd ~/dev');
    expect(shown).not.toMatch(/EVIL|ALIAS/);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(existsSync(join(shell.home.path, 'evil'))).toBe(false);
    expect(shell.kit.requests().join('\n')).toContain(`env HOME ${shell.home.path}`);
  });

  it('is sourced from a removed directory', async () => {
    const shell = await openHookShell(name);
    await shell.run('mkdir ~/gone; cd ~/gone; rmdir ~/gone');
    expect((await shell.run('awsh use dev')).shown).not.toContain('awsh:');
    expect(await shell.output('echo $AWSH_PROFILE')).toBe('dev');
  });

  it('is sourced once', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => {
        const path = join(kit.path, 'shell', restName(name));
        writeFileSync(path, `${readFileSync(path, 'utf8')}\necho sourced >>~/log\n`);
      },
    });
    await shell.run('cd ~/dev; cd ~/prod; cd ~/none; awsh status; cd ~/dev');
    expect(await shell.output('cat ~/log')).toBe('sourced');
  });
});

/** ^C once, while the second file is sourced. */
const interrupting = (name: HookShellName) =>
  name === 'fish'
    ? 'if test -e ~/interrupt; rm ~/interrupt; command kill -INT $fish_pid; command sleep 0.3; end'
    : 'if [[ -e ~/interrupt ]]; then rm ~/interrupt; kill -INT $$; fi';

const places = shells.flatMap((name) => [
  { name, place: '# --- messages' },
  { name, place: '# --- requests' },
  { name, place: '# --- the state of this shell' },
]);

it.each(places)(
  'after ^C at “$place” in $name, the next prompt completes the sourcing',
  async ({ name, place }) => {
    const shell = await openHookShell(name, {
      environment: own,
      prepare: (home, kit) => {
        home.write('interrupt', '');
        const path = join(kit.path, 'shell', restName(name));
        writeFileSync(path, readFileSync(path, 'utf8').replace(place, `${interrupting(name)}\n${place}`));
      },
    });
    shell.type('cd ~/dev\r');
    await expect.poll(() => existsSync(join(shell.home.path, 'interrupt'))).toBe(false);
    // The next prompt loads the profile.
    await expect.poll(() => shell.kit.requests().length, { timeout: 10_000 }).toBe(1);
    await shell.settle(600);
    shell.skip();
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIAOWN', 'AWS_PROFILE=mine']);
    if (name === 'bash') expect(await shell.output('shopt expand_aliases')).toMatch(/on$/);
  },
);

describe.each(shells)('a package that was upgraded while %s was running', (name) => {
  it('is not mixed with the shell’s own version: AWS is blocked in a project until the shell is restarted', async () => {
    const shell = await openHookShell(name, { environment: own });
    upgrade(shell.kit, [restName(name)]);
    const entered = await shell.run('cd ~/dev');
    expect(entered.shown).toMatch(/^awsh: this shell cannot load a profile$/m);
    expect(entered.shown).toMatch(/^ {2}why: {2}awsh was upgraded after this shell was started/m);
    expect(entered.shown).toMatch(new RegExp(`^ {2}next: exec ${name}$`, 'm'));
    expect((await exportedAws(shell)).filter((line) => !line.includes('REGION'))).toEqual(
      blockedAws().filter((line) => !line.includes('REGION')),
    );
    expect((await shell.run('true')).shown).not.toContain('awsh:');
    const used = await shell.run('awsh use prod');
    expect([used.status, used.shown]).toEqual([1, expect.stringContaining(`next: exec ${name}`)]);
    expect(shell.kit.requests()).toEqual([]);
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIAOWN', 'AWS_PROFILE=mine']);
    shell.home.write('package/replies/command.sh', 'printf "<%s>" "$AWSH_HOOK"\n');
    expect((await shell.run('awsh doctor')).shown).toContain(`<outdated ${name}>`);
    await shell.run('cd ~/dev');
    upgrade(shell.kit, [`awsh.${name}`]);
    await shell.run(`exec ${name}`);
    expect(await shell.output('echo $AWSH_PROFILE')).toBe('dev');
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIAOWN', 'AWS_PROFILE=mine']);
  });

  it('leaves no key of a parent shell in a shell that starts in the meantime', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd ~/dev');
    upgrade(shell.kit, [restName(name)]);
    const options = { bash: '--norc -i', zsh: '-f -i', fish: '--private --no-config -i' }[name];
    const shown = 'echo "<$AWS_ACCESS_KEY_ID$AWS_SESSION_TOKEN$AWSH_LOADED$AWSH_PROFILE>"';
    const child = `${name} ${options} -c '${shell.kit.source[name]}; ${shown}' 2>/dev/null`;
    expect(await shell.output(child)).toBe('<>');
  });

  it('does not matter to a shell that has sourced both files', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd ~/dev');
    upgrade(shell.kit, [restName(name), `awsh.${name}`]);
    await shell.run('cd ~/prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
  });

  it('loads as soon as both files are of one version again', async () => {
    const shell = await openHookShell(name, { environment: own });
    const path = join(shell.kit.path, 'shell', restName(name));
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    expect((await shell.run('cd ~/dev')).shown).toContain('cannot be read');
    writeFileSync(path, text);
    await shell.run('cd ~/prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIAOWN', 'AWS_PROFILE=mine']);
  });
});
