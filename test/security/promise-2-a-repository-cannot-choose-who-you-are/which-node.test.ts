import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectMarks } from '../../../src/cli/remembered-node.ts';
import { anotherUser, describeWithAnotherUser } from '../../support/another-user.ts';
import { hookShells } from '../../support/hook-shell.ts';
import { packageThatSays, run } from '../../support/launcher.ts';
import { has } from '../../support/programs.ts';
import { packageFolder } from '../../support/sandbox-shell.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';
import { openShell } from '../../support/terminal.ts';

const evil = '#!/bin/sh\necho evil; exit 9\n';
const system = '/usr/bin:/bin';

/** Starts the launcher with `folder` first in PATH, in `cwd`. */
function startWith(home: TemporaryHome, folder: string, cwd = home.path) {
  const launcher = packageThatSays(home, 'console.log("Node", process.argv[2]);');
  const usual = process.execPath.replace(/\/node$/, '');
  const environment = { ...home.environment, PATH: [folder, usual, system].join(delimiter) };
  return run(launcher, ['list'], environment, { cwd });
}

const right = { out: 'Node list\n', status: 0 };

describe('a Node that a directory supplies is never run', () => {
  it.each(projectMarks)('from a PATH entry in a project with %s', (mark) => {
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

  it('from a folder, or below a folder, that everyone can write to', () => {
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

  it('because it was recorded', () => {
    const home = temporaryHome();
    home.write('project/package.json', '{}');
    home.write('.local/state/awsh/node', `${home.write('project/tools/node', evil, 0o755)}\n`);
    chmodSync(join(home.path, '.local/state/awsh'), 0o700);
    expect(startWith(home, '/nowhere')).toMatchObject(right);
    home.write('.local/state/awsh/node', '/proc/self/cwd/tools/node\n');
    expect(startWith(home, '/nowhere', join(home.path, 'project'))).toMatchObject(right);
  });
});

describe('a Node near the working directory, which direnv may have put into PATH', () => {
  it.each(['bin', 'tools/bin', '.direnv/node/bin'])(
    'is not run from %s, but for a shell elsewhere',
    (folder) => {
      const home = temporaryHome();
      home.write(`src/app/${folder}/node`, '#!/bin/sh\necho near\n', 0o755);
      home.write('src/app/lib/deep/file', '');
      const path = join(home.path, 'src/app', folder);
      for (const cwd of ['src/app', 'src/app/lib/deep'])
        expect(startWith(home, path, join(home.path, cwd))).toMatchObject(right);
      symlinkSync('src/app', join(home.path, 'linked'));
      expect(startWith(home, path, join(home.path, 'linked'))).toMatchObject(right);
      for (const cwd of [home.path, '/']) expect(startWith(home, path, cwd)).toMatchObject({ out: 'near\n' });
    },
  );
});

describeWithAnotherUser('a Node that another user controls is never run', () => {
  const theirs = (path: string) => chownSync(path, anotherUser, anotherUser);
  it.each<[string, (node: string, home: string) => void]>([
    ['its folder is theirs', (node) => theirs(dirname(node))],
    ['a folder above is theirs', (node) => theirs(dirname(dirname(node)))],
    ['it is theirs', (node) => theirs(node)],
    [
      'their group can write to its folder',
      (node) => {
        chownSync(dirname(node), 0, anotherUser);
        chmodSync(dirname(node), 0o775);
      },
    ],
    ...(has('setfacl')
      ? [
          [
            'they may write to its folder by an access list',
            (node) => void execFileSync('setfacl', ['-m', `u:${anotherUser}:rwx`, dirname(node)]),
          ] as [string, (node: string) => void],
        ]
      : []),
    [
      'it is a link to theirs',
      (node, home) => {
        renameSync(node, join(home, 'node'));
        theirs(join(home, 'node'));
        symlinkSync(join(home, 'node'), node);
      },
    ],
    [
      'its folder is a link to one below theirs',
      (node, home) => {
        mkdirSync(join(home, 'their/in'), { recursive: true });
        renameSync(dirname(node), join(home, 'their/in/bin'));
        symlinkSync(join(home, 'their/in/bin'), dirname(node));
        theirs(join(home, 'their'));
      },
    ],
  ])('if %s', (_, give) => {
    const home = temporaryHome();
    const node = home.write('tools/v20/bin/node', '#!/bin/sh\necho other\n', 0o755);
    expect(startWith(home, dirname(node), '/')).toMatchObject({ out: 'other\n' });
    give(node, home.path);
    expect(startWith(home, dirname(node), '/')).toMatchObject(right);
  });

  it('is named if there is no other', () => {
    const home = temporaryHome();
    const node = home.write('tools/bin/node', evil, 0o755);
    theirs(dirname(node));
    const launcher = packageThatSays(home, '');
    const { err, status } = run(
      launcher,
      ['list'],
      { ...home.environment, PATH: dirname(node) },
      { cwd: '/' },
    );
    expect({ status, why: err.split('\n')[1] }).toEqual({
      status: 1,
      why: expect.stringContaining(`${dirname(node)} can be changed by other users`),
    });
  });
});

it('is run if it is a version manager’s, which is a checkout itself', () => {
  const home = temporaryHome();
  home.write('.nvm/.git/HEAD', '');
  home.write('.nvm/versions/bin/node', '#!/bin/sh\necho nvm\n', 0o755);
  expect(startWith(home, join(home.path, '.nvm/versions/bin'))).toMatchObject({ out: 'nvm\n' });
});

describe('a successful start', () => {
  it.each([
    ['node_modules/.bin', 'project/node_modules/.bin', 0o755, false],
    ['a folder for everybody', 'open', 0o777, false],
    ['a folder of the user', 'own', 0o755, true],
    ['a project with an .envrc', 'marked/bin', 0o755, false],
    ['the working directory', 'here/bin', 0o755, false],
  ])('with a Node in %s: is it recorded?', (_, folder, mode, remembered) => {
    const home = temporaryHome();
    const bin = join(home.path, folder);
    mkdirSync(bin, { recursive: true });
    copyFileSync(process.execPath, join(bin, 'node'));
    chmodSync(bin, mode);
    home.write('marked/.envrc', '');
    home.write('here/file', '');
    const program = [join(packageFolder, 'dist/awsh.cjs'), '--version'];
    const cwd = folder.startsWith('here') ? join(home.path, 'here') : '/';
    const ran = run(join(bin, 'node'), program, home.environment, { cwd });
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
    // exec's command does not see this variable.
    expect(await shell.output('env | grep -c _FOLDER=')).toBe('0');
  },
);
