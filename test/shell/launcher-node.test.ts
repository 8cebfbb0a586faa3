import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageThatSays, run } from '../support/launcher.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const says = 'console.log(process.argv[2], process.execPath);';
const right = (verb: string) => `${verb} ${process.execPath}\n`;
const system = ['/usr/bin', '/bin'].join(delimiter);

/**
 * Folders for PATH in which `node` is the shim that each version manager installs, if the directory
 * pins a version.
 */
const managers: [string, (home: TemporaryHome) => string][] = [
  [
    'nvm, an old version',
    (home) => {
      home.write('.nvm/versions/node/v14.0.0/bin/node', '#!/bin/sh\necho v14; exit 9\n', 0o755);
      return join(home.path, '.nvm/versions/node/v14.0.0/bin');
    },
  ],
  [
    'fnm, a link to an old version',
    (home) => {
      home.write('.fnm/node-versions/v14.0.0/installation/bin/node', '#!/bin/sh\necho v14; exit 9\n', 0o755);
      mkdirSync(join(home.path, 'run/fnm_multishells'), { recursive: true });
      symlinkSync(
        join(home.path, '.fnm/node-versions/v14.0.0/installation'),
        join(home.path, 'run/fnm_multishells/1'),
      );
      return join(home.path, 'run/fnm_multishells/1/bin');
    },
  ],
  [
    'asdf, a version that is not installed',
    (home) => {
      home.write(
        '.asdf/shims/node',
        '#!/bin/sh\necho "No version is set for command node" >&2; exit 126\n',
        0o755,
      );
      return join(home.path, '.asdf/shims');
    },
  ],
  [
    'Volta, a version that cannot be fetched',
    (home) => {
      home.write(
        '.volta/bin/node',
        '#!/bin/sh\necho "Volta error: Could not download node" >&2; exit 1\n',
        0o755,
      );
      return join(home.path, '.volta/bin');
    },
  ],
];

/** The package as npm installs it globally: below a prefix, with a link in the prefix's bin. */
function installedByNpm(home: TemporaryHome, options: { node: boolean }): { launcher: string; link: string } {
  packageThatSays(home, says);
  mkdirSync(join(home.path, 'prefix/lib/node_modules'), { recursive: true });
  mkdirSync(join(home.path, 'prefix/bin'));
  renameSync(join(home.path, 'package'), join(home.path, 'prefix/lib/node_modules/awsh'));
  const link = join(home.path, 'prefix/bin/awsh');
  symlinkSync('../lib/node_modules/awsh/bin/awsh', link);
  if (options.node) symlinkSync(process.execPath, join(home.path, 'prefix/bin/node'));
  return { launcher: join(home.path, 'prefix/lib/node_modules/awsh/bin/awsh'), link };
}

describe.each(managers)('if a directory pins another Node by %s', (_, folder) => {
  it('the Node of the last successful start is started', () => {
    const home = temporaryHome();
    home.write('.local/state/awsh/node', `${process.execPath}\n`);
    const launcher = packageThatSays(home, says);
    const environment = { ...home.environment, PATH: [folder(home), system].join(delimiter) };
    for (const verb of ['list', '_load'])
      expect(run(launcher, [verb], environment)).toMatchObject({ out: right(verb), err: '' });
  });

  it('a first start finds the Node that npm installed awsh with', () => {
    const home = temporaryHome();
    const { launcher, link } = installedByNpm(home, { node: true });
    const environment = { ...home.environment, PATH: [folder(home), system].join(delimiter) };
    for (const path of [launcher, link])
      expect(run(path, ['list'], environment)).toMatchObject({ out: right('list'), err: '' });
  });
});

describe('the Node of the last successful start', () => {
  const awsh = join(packageFolder, 'bin/awsh');

  it('is recorded by every verb, only for this user', () => {
    const home = temporaryHome();
    const file = join(home.path, '.local/state/awsh/node');
    expect(run(awsh, ['--version'], home.environment).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(`${process.execPath}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { ino } = statSync(file);
    expect(run(awsh, ['export', 'nobody'], home.environment).status).toBe(3);
    expect(statSync(file).ino).toBe(ino);
  });

  it('need not be recorded for a command to succeed', () => {
    const home = temporaryHome();
    home.write('.local/state', 'not a folder');
    expect(run(awsh, ['--version'], home.environment)).toMatchObject({ status: 0, err: '' });
  });

  it.each<[string, (home: TemporaryHome, file: string) => void]>([
    ['is gone', (home) => void home.write('.local/state/awsh/node', `${home.path}/gone/node\n`)],
    [
      'is not executable',
      (home) => void home.write('.local/state/awsh/node', `${home.write('plain', '')}\n`),
    ],
    ['is a folder', (home) => void home.write('.local/state/awsh/node', `${home.path}\n`)],
    [
      'is a relative path',
      (home) => {
        home.write('node', '#!/bin/sh\necho wrong', 0o755);
        home.write('.local/state/awsh/node', 'node\n');
      },
    ],
    [
      'is written in a link',
      (home, file) =>
        symlinkSync(
          home.write('elsewhere', `${home.write('wrong', '#!/bin/sh\necho wrong', 0o755)}\n`),
          file,
        ),
    ],
    ['is nothing', (home) => void home.write('.local/state/awsh/node', '')],
    [
      'is half a line',
      (home) =>
        void home.write('.local/state/awsh/node', home.write('wrong', '#!/bin/sh\necho wrong', 0o755)),
    ],
  ])('is searched in PATH if the recorded one %s', (_, write) => {
    const home = temporaryHome();
    const folder = join(home.path, '.local/state/awsh');
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
    write(home, join(folder, 'node'));
    const launcher = packageThatSays(home, says);
    expect(run(launcher, ['list'], home.environment, { cwd: home.path })).toMatchObject({
      out: right('list'),
      err: '',
    });
  });

  it('is forgotten if it is too old', () => {
    const home = temporaryHome();
    const file = home.write('.local/state/awsh/node', `${process.execPath}\n`);
    const pretend = home.write(
      'old.cjs',
      "Object.defineProperty(process.versions, 'node', { value: '18.0.0' });",
    );
    const entry = join(packageFolder, 'dist/awsh.cjs');
    const { status } = spawnSync(process.execPath, ['--require', pretend, entry, 'list'], {
      env: home.environment,
    });
    expect(status).toBe(1);
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('npm’s links', () => {
  it.skipIf(!has('strace'))('are followed without a fork', () => {
    const home = temporaryHome();
    const { link } = installedByNpm(home, { node: false });
    mkdirSync(join(home.path, 'project/node_modules/.bin'), { recursive: true });
    symlinkSync(
      join(home.path, 'prefix/lib/node_modules/awsh'),
      join(home.path, 'project/node_modules/awsh'),
    );
    const local = join(home.path, 'project/node_modules/.bin/awsh');
    symlinkSync('../awsh/bin/awsh', local);
    for (const path of [link, local]) {
      const ran = run('strace', ['-e', 'trace=clone,clone3,fork,vfork', path, 'list'], home.environment);
      expect(ran.out).toBe(right('list'));
      // What follows the start of the last program is Node's own doing.
      expect(ran.err.split('\n').filter((line) => /fork|clone\(/.test(line))).toEqual([]);
    }
  });
});
