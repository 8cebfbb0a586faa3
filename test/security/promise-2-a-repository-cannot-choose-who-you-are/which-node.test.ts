import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { packageThatSays, run } from '../../support/launcher.ts';
import { packageFolder } from '../../support/sandbox-shell.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';
import { openShell } from '../../support/terminal.ts';

const evil = '#!/bin/sh\necho evil; exit 9\n';
const system = '/usr/bin:/bin';

/** The launcher's start with `folder` in front of PATH, in `cwd`. */
function startWith(home: TemporaryHome, folder: string, cwd = home.path) {
  const launcher = packageThatSays(home, 'console.log("Node", process.argv[2]);');
  const usual = process.execPath.replace(/\/node$/, '');
  const environment = { ...home.environment, PATH: [folder, usual, system].join(delimiter) };
  return run(launcher, ['list'], environment, { cwd });
}

const right = { out: 'Node list\n', status: 0 };

describe('a Node that a directory brings is never run', () => {
  it.each(['.git/HEAD', 'package.json', '.awsprofile'])('from a PATH entry in a project with %s', (mark) => {
    const home = temporaryHome();
    home.write(`project/${mark}`, '');
    home.write('project/tools/bin/node', evil, 0o755);
    const folder = join(home.path, 'project/tools/bin');
    for (const cwd of [folder, '/']) expect(startWith(home, folder, cwd)).toMatchObject(right);
  });

  it('from node_modules/.bin, nor by way of /proc', () => {
    const home = temporaryHome();
    home.write('app/node_modules/.bin/node', evil, 0o755);
    home.write('plain/node', evil, 0o755);
    expect(startWith(home, join(home.path, 'app/node_modules/.bin'))).toMatchObject(right);
    expect(startWith(home, '/proc/self/cwd', join(home.path, 'plain'))).toMatchObject(right);
  });

  it('from a folder, or below a folder, that everybody can write to', () => {
    const home = temporaryHome();
    home.write('open/bin/node', evil, 0o755);
    const folder = join(home.path, 'open/bin');
    chmodSync(folder, 0o777);
    expect(startWith(home, folder)).toMatchObject(right);
    chmodSync(folder, 0o1777);
    expect(startWith(home, folder)).toMatchObject(right);
    chmodSync(folder, 0o755);
    chmodSync(join(home.path, 'open'), 0o777);
    expect(startWith(home, folder)).toMatchObject(right);
  });

  it('because it was written down', () => {
    const home = temporaryHome();
    home.write('project/package.json', '{}');
    home.write('.local/state/awsh/node', `${home.write('project/tools/node', evil, 0o755)}\n`);
    chmodSync(join(home.path, '.local/state/awsh'), 0o700);
    expect(startWith(home, '/nowhere')).toMatchObject(right);
    home.write('.local/state/awsh/node', '/proc/self/cwd/tools/node\n');
    expect(startWith(home, '/nowhere', join(home.path, 'project'))).toMatchObject(right);
  });
});

it('the Node of a version manager, which is a checkout itself, is run', () => {
  const home = temporaryHome();
  home.write('.nvm/.git/HEAD', '');
  home.write('.nvm/versions/bin/node', '#!/bin/sh\necho nvm\n', 0o755);
  expect(startWith(home, join(home.path, '.nvm/versions/bin'))).toMatchObject({ out: 'nvm\n' });
});

describe('a good start', () => {
  it.each([
    ['node_modules/.bin', 'project/node_modules/.bin', 0o755, false],
    ['a folder for everybody', 'open', 0o777, false],
    ['a folder of the user', 'own', 0o755, true],
  ])('with a Node in %s: is it written down?', (_, folder, mode, remembered) => {
    const home = temporaryHome();
    const bin = join(home.path, folder);
    mkdirSync(bin, { recursive: true });
    copyFileSync(process.execPath, join(bin, 'node'));
    chmodSync(bin, mode);
    const ran = run(join(bin, 'node'), [join(packageFolder, 'dist/awsh.cjs'), '--version'], home.environment);
    expect(ran.status).toBe(0);
    const file = join(home.path, '.local/state/awsh/node');
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe(remembered && `${join(bin, 'node')}\n`);
  });
});

it.each(hookShells)(
  'a command typed in %s runs the Node that was there when the hook was sourced',
  async (name) => {
    const home = temporaryHome();
    const planted = home.write('project/state/awsh/node', `${home.write('plain/node', evil, 0o755)}\n`);
    chmodSync(join(planted, '..'), 0o700);
    mkdirSync(join(home.path, 'project/cache/awsh'), { recursive: true, mode: 0o700 });
    symlinkSync('/nonexistent', join(home.path, 'project/cache/awsh/compile'));
    const shell = await openShell(name, { home, rc: `source ${packageFolder}/shell/awsh.${name}` });
    const set = (variable: string, folder: string) =>
      name === 'fish' ? `set -gx ${variable} ~/project/${folder}` : `export ${variable}=~/project/${folder}`;
    await shell.run(`${set('XDG_STATE_HOME', 'state')}; ${set('XDG_CACHE_HOME', 'cache')}`);
    expect(await shell.output('awsh --version', 30_000)).toMatch(/^awsh \d|^\d/);
    // exec's command knows nothing of it.
    expect(await shell.output('env | grep -c _FOLDER=')).toBe('0');
  },
);
