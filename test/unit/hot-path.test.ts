import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/demo/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { runBeside } from '../support/launcher.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment } from '../support/sandbox-shell.ts';
import { startSecretService } from '../support/secret-service.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const dist = join(packageFolder, 'dist');

describe('a command line with the name of a quick verb', () => {
  it.each([
    ['an option that there is not', ['export', '--nonsense', 'dev'], 2, 'there is no option --nonsense'],
    ['a value that only aws-vault has', ['exec', '--backend', 'kwallet', 'dev'], 2, 'cannot be "kwallet"'],
    ['another verb that names a quick one', ['explain', 'export'], 3, 'export'],
    ['a quick verb behind the name of another', ['--pass-cmd', 'exec', 'export', 'nobody'], 3, 'nobody'],
  ])('%s is answered once, with its own status', async (_, words, status, says) => {
    const { environment } = temporaryHome();
    const file = join(dist, 'awsh.cjs');
    const result = await runBeside(process.execPath, [file, ...words], { ...environment, AWSH_AGENT: 'off' });
    expect({ ...result, err: result.err.split(says).length > 1 }).toMatchObject({
      status,
      out: '',
      err: true,
    });
    expect(result.err.match(/^awsh: /gm)).toHaveLength(1);
  });
});

/** A sandbox whose key is in a real keyring, without an agent. */
async function keyringSandbox() {
  const home = temporaryHome();
  const sandbox = await createSandbox(join(home.path, 'home'));
  onTestFinished(() => sandbox.close());
  const own = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  writeFileSync(appPaths(own).settings, 'backend = keychain\n');
  const service = await startSecretService({ ...home, environment: own });
  onTestFinished(() => service.stop());
  const { environment } = service;
  const key = `${sandbox.accessKeyId}\n${sandbox.secretAccessKey.reveal()}\n`;
  const added = await runInstalled(['add', sandbox.sourceProfile, '--stdin', '--force'], environment, key);
  if (added.status !== 0) throw new Error(added.err);
  return { sandbox, environment };
}

/** Prints Node's own modules and files that were loaded on stderr, one a line. */
const report = `process.on('exit', () => {
  const loaded = [...process.moduleLoadList.map((name) => name.replace('NativeModule ', '')), ...Object.keys(require.cache)];
  require('node:fs').writeSync(2, loaded.join('\\n'));
});`;

describe.skipIf(!has('gnome-keyring-daemon'))('with the session in the keyring', () => {
  it('export, exec and _load load no code that calls AWS, asks, spawns, or is an ES module', async () => {
    const { sandbox, environment } = await keyringSandbox();
    const [project = ''] = sandbox.projects.map(({ folder }) => folder);
    await runInstalled(['allow', project], environment);
    expect(await runInstalled(['export', 'dev'], environment)).toMatchObject({ status: 0 });

    // A package without the packages that verbs load when needed.
    const { path, write } = temporaryHome();
    const look = write('look.cjs', report);
    mkdirSync(join(path, 'package/dist'), { recursive: true });
    for (const name of ['awsh.cjs', 'main.cjs'])
      copyFileSync(join(dist, name), join(path, 'package/dist', name));
    // What this Node loads for any program (24: its loader of ES modules).
    const nothing = await runBeside(
      process.execPath,
      ['--require', look, write('nothing.cjs', '')],
      environment,
    );
    const anyway = nothing.err.split('\n');
    const { DBUS_SESSION_BUS_ADDRESS = '' } = environment;
    const fixed = Object.entries({ ...sandbox.environment, DBUS_SESSION_BUS_ADDRESS }).map(
      ([name, value]) => `env ${name} ${value}\n`,
    );
    const request = `- load 1\ncwd ${project}\n${fixed.join('')}end\n`;
    for (const [words, shows] of [
      [['export', 'dev', '--format', 'json'], '"AccessKeyId": "ASIA'],
      [['exec', 'dev', '--json'], '"AccessKeyId": "ASIA'],
      [['_load'], 'set AWS_ACCESS_KEY_ID ASIA'],
    ] as const) {
      const run = () =>
        runBeside(process.execPath, ['--require', look, join(path, 'package/dist/awsh.cjs'), ...words], {
          ...environment,
          AWSH_REQUEST: request,
          AWSH_REPLY_FD: '3',
        });
      // The first run caches the compiled code.
      await run();
      const { status, out, err } = await run();
      expect({ status, out: out.includes(shows) }, words.join(' ')).toEqual({ status: 0, out: true });
      const loaded = err.split('\n');
      const heavy = [
        'net',
        'http',
        'https',
        'tls',
        'child_process',
        'readline',
        'worker_threads',
        'internal/modules/esm/loader',
      ];
      const own = loaded.filter((name) => !anyway.includes(name));
      expect(own.filter((name) => heavy.includes(name) || /keytar/.test(name))).toEqual([]);
    }
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });

  it('a missing session is fetched once, and reported once', async () => {
    const { sandbox, environment } = await keyringSandbox();
    const first = await runInstalled(['exec', 'dev', '--', 'printenv', 'AWS_ACCESS_KEY_ID'], environment);
    expect(first).toMatchObject({ status: 0, out: expect.stringMatching(/^ASIA\w+\n$/) });
    const again = await runInstalled(['exec', 'dev', '--', 'printenv', 'AWS_ACCESS_KEY_ID'], environment);
    expect(again).toEqual({ ...first, err: '' });
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
    const lines = first.err.split('\n').filter(Boolean);
    expect(lines).toEqual([...new Set(lines)]);
  });

  it('an error is reported once, with its own status', async () => {
    const { environment } = await keyringSandbox();
    const { status, out, err } = await runInstalled(['export', 'nobody'], environment);
    expect({ status, out, lines: err.trimEnd().split('\n').length }).toEqual({
      status: 3,
      out: '',
      lines: 3,
    });
  });
});

describe.skipIf(!has('gnome-keyring-daemon'))('compiled code of the quick verbs', () => {
  /** Prints for each compiled file whether its cached code was accepted. */
  const tell = `const vm = require('node:vm');
    vm.Script = class extends vm.Script {
      constructor(text, options) {
        super(text, options);
        const kept = options.cachedData === undefined ? 'nothing' : this.cachedDataRejected ? 'rejected' : 'taken';
        require('node:fs').writeSync(2, kept);
      }
    };`;

  async function exporting() {
    const { environment } = await keyringSandbox();
    const { path, write } = temporaryHome();
    const look = write('look.cjs', tell);
    const copy = () => {
      cpSync(dist, join(path, 'package/dist'), { recursive: true });
      copyFileSync(join(packageFolder, 'package.json'), join(path, 'package/package.json'));
      symlinkSync(join(packageFolder, 'node_modules'), join(path, 'package/node_modules'));
    };
    copy();
    const run = async () => {
      const words = ['--require', look, join(path, 'package/dist/awsh.cjs'), 'export', 'dev'];
      const { status, err } = await runBeside(process.execPath, words, environment);
      return { status, err };
    };
    // The first run fetches the session, which another program provides.
    await run();
    const folder = join(appPaths(environment).cache, 'compile');
    return { run, folder, package: join(path, 'package') };
  }

  it('is stored for the next time, in a private folder', async () => {
    const { run, folder } = await exporting();
    await run();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(await run()).toEqual({ status: 0, err: 'taken' });
  });

  it('is not used for a file that was replaced', async () => {
    const { run, package: copied } = await exporting();
    await run();
    const file = join(copied, 'dist/main.cjs');
    // As npm does it: with the same size and time.
    const { atime, mtime } = statSync(file);
    copyFileSync(file, `${file}.new`);
    utimesSync(`${file}.new`, atime, mtime);
    renameSync(`${file}.new`, file);
    expect(await run()).toEqual({ status: 0, err: 'nothing' });
    expect(await run()).toEqual({ status: 0, err: 'taken' });
  });

  it.each([
    ['damaged', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 64, 200))],
    ['cut off', (file: string) => truncateSync(file, 100_000)],
  ])('%s, it is made again', async (_, damage) => {
    const { run, folder } = await exporting();
    await run();
    damage(join(folder, 'main-export'));
    expect(await run()).toEqual({ status: 0, err: 'rejected' });
    expect(await run()).toEqual({ status: 0, err: 'taken' });
  });

  it.each([
    ['where others can enter its folder', (folder: string) => chmodSync(folder, 0o755)],
    ['where others can enter the folder above', (folder: string) => chmodSync(dirname(folder), 0o755)],
    [
      'where it is a link',
      (folder: string) => {
        renameSync(join(folder, 'main-export'), join(folder, 'elsewhere'));
        symlinkSync('elsewhere', join(folder, 'main-export'));
      },
    ],
  ])('is not used %s', async (_, change) => {
    const { run, folder } = await exporting();
    await run();
    change(folder);
    expect(await run()).toEqual({ status: 0, err: 'nothing' });
  });
});

describe('compiled code of all other verbs', () => {
  const entry = join(dist, 'awsh.cjs');
  const keptAfter = async (words: readonly string[], { path, environment } = temporaryHome()) => {
    await runBeside(process.execPath, [entry, ...words], { ...environment, AWSH_AGENT: 'off' });
    const folder = join(path, '.cache/awsh/compile');
    return { folder, files: existsSync(folder) ? readdirSync(folder) : [] };
  };

  it('is stored for each verb after its first success, in a private folder', async () => {
    const home = temporaryHome();
    await keptAfter(['completion', 'bash'], home);
    const { folder, files } = await keptAfter(['version'], home);
    expect(files.sort()).toEqual(['main-completion', 'main-version']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'main-version')).mode & 0o777).toBe(0o600);
  });

  it.each([[['explain', 'nobody']], [['nothing']], [['../escaped']], [['--help']]])(
    'is not kept after %j',
    async (words) => {
      const home = temporaryHome();
      expect((await keptAfter(words, home)).files).toEqual([]);
    },
  );

  it('is stored when doctor has found a problem', async () => {
    const home = temporaryHome();
    mkdirSync(join(home.path, '.aws'));
    writeFileSync(join(home.path, '.aws/config'), '[profile dev]\nregion = eu-west-1\nsso_session = none\n');
    const { status } = await runInstalled(['doctor'], { ...home.environment, AWSH_AGENT: 'off' });
    expect(status).toBe(1);
    expect((await keptAfter(['doctor'], home)).files).toContain('main-doctor');
    const usage = temporaryHome();
    expect((await keptAfter(['doctor', '--nothing'], usage)).files).toEqual([]);
  });

  it('is not stored where others can write', async () => {
    const home = temporaryHome();
    mkdirSync(join(home.path, '.cache/awsh'), { recursive: true });
    mkdirSync(join(home.path, '.cache/awsh/compile'), { mode: 0o755 });
    chmodSync(join(home.path, '.cache/awsh/compile'), 0o777);
    expect((await keptAfter(['version'], home)).files).toEqual([]);
  });
});
