import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readState } from '../../../src/agent/index.ts';
import { rememberNode } from '../../../src/cli/remembered-node.ts';
import { createSandbox } from '../../../src/demo/index.ts';
import { recordFile } from '../../../src/directory/trust-record.ts';
import { setSetting } from '../../../src/settings/index.ts';
import { type AppPaths, appPaths } from '../../../src/system/index.ts';
import { filesBelow } from '../../support/canaries.ts';
import { runHere } from '../../support/run-awsh.ts';
import { sandboxEnvironment, storeKey } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const isRoot = process.getuid?.() === 0;

/** A sandbox in which awsh has not made any file or folder yet. */
async function freshSandbox() {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: '' };
  const paths = appPaths(environment);
  onTestFinished(() => {
    const pid = readState(paths)?.pid;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  });
  const run = async (line: string) => (await runHere(line.split(' '), environment)).status;
  return { sandbox, paths, run };
}

type Fresh = Awaited<ReturnType<typeof freshSandbox>>;

/** A key that is in the index only, which is enough for commands that read only the index. */
function writeIndex({ sandbox, paths }: Fresh): void {
  const keys = [{ profile: sandbox.sourceProfile, accessKeyId: sandbox.accessKeyId, added: new Date() }];
  fs.mkdirSync(paths.data, { recursive: true, mode: 0o700 });
  fs.writeFileSync(paths.index, JSON.stringify({ version: 1, backends: { file: { keys } } }), {
    mode: 0o600,
  });
}

function withUmask(umask: number): void {
  const before = process.umask(umask);
  onTestFinished(() => void process.umask(before));
}

/** An interrupted rotation leaves its journal. */
async function cutOffRotation({ sandbox, run }: Fresh): Promise<number | null> {
  sandbox.emulator.misbehave({ kind: 'refuse', action: 'CreateAccessKey' });
  return run(`rotate ${sandbox.sourceProfile}`);
}

describe.each([0o000, 0o077])('with a umask of %i', (umask) => {
  test('files and folders are private', async () => {
    const fresh = await freshSandbox();
    const { sandbox, paths, run } = fresh;
    fs.rmSync(dirname(paths.settings), { recursive: true });
    withUmask(umask);
    setSetting(paths.settings, 'backend', 'file', sandbox.home);
    await storeKey(sandbox);
    const project = join(sandbox.home, 'projects/dev');
    expect(await run('agent start')).toBe(0);
    rememberNode(paths);
    for (const line of ['list', `allow ${project}`, 'export dev']) expect(await run(line), line).toBe(0);
    expect(await cutOffRotation(fresh)).toBe(9);
    expect(await run('agent status')).toBe(0);
    expect(await run('lock')).toBe(0);

    const own = [dirname(paths.settings), paths.data, paths.state, paths.cache, paths.runtime];
    const files = own.flatMap(filesBelow).map((file) => file.slice(sandbox.home.length + 1));
    for (const name of [
      'config',
      'index.json',
      'vault.key',
      'trust',
      'rotations',
      'profiles',
      'agent.log',
      'node',
      'locked',
    ])
      expect(files.join('\n')).toMatch(new RegExp(`awsh/.*${name}`));
    const wrong = own
      .flatMap(everythingIn)
      .filter(({ mode, isFolder }) => mode !== (isFolder ? 0o700 : 0o600));
    expect(wrong).toEqual([]);
  });
});

function everythingIn(folder: string) {
  const names = ['', ...fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  return names.map((name) => {
    const stat = fs.lstatSync(join(folder, name));
    return { path: join(folder, name), mode: stat.mode & 0o777, isFolder: stat.isDirectory() };
  });
}

interface Writer {
  readonly what: string;
  readonly path: (fresh: Fresh) => string;
  readonly write: (fresh: Fresh) => Promise<unknown>;
}

const project = ({ sandbox }: Fresh) => join(sandbox.home, 'projects/dev');
const indexed = (line: string) => async (fresh: Fresh) => {
  writeIndex(fresh);
  return fresh.run(line);
};
const allows: Writer['write'] = (fresh) => indexed(`allow ${project(fresh)}`)(fresh);
const stores: Writer['write'] = ({ sandbox }) =>
  storeKey(sandbox).then(
    () => 0,
    () => 5,
  );
const rotates: Writer['write'] = async (fresh) => {
  await stores(fresh);
  return cutOffRotation(fresh);
};

const inPaths =
  (name: keyof AppPaths, file = '') =>
  ({ paths }: Fresh) =>
    join(paths[name] ?? '', file);

const files: Writer[] = [
  { what: 'the index', path: inPaths('index'), write: stores },
  { what: 'the key of the vault', path: inPaths('vault', 'vault.key'), write: stores },
  { what: 'an item of the vault', path: inPaths('vault', 'access-key.demo.jwe'), write: stores },
  {
    what: 'a decision about a directory file',
    path: (fresh) => recordFile(fresh.paths.trust, fs.realpathSync(join(project(fresh), '.awsprofile'))),
    write: allows,
  },
  {
    what: 'the journal of a rotation',
    path: ({ paths, sandbox }) => join(paths.data, 'rotations', `${sandbox.accessKeyId}.json`),
    write: rotates,
  },
  { what: 'the names for Tab', path: inPaths('profileNames'), write: indexed('list') },
  { what: 'the lock mark', path: inPaths('state', 'locked'), write: ({ run }) => run('lock') },
  { what: 'the agent’s state', path: inPaths('runtime', 'agent'), write: ({ run }) => run('agent start') },
  {
    what: 'the Node to start with',
    path: inPaths('state', 'node'),
    write: async ({ paths }) => rememberNode(paths),
  },
  { what: 'the agent’s log', path: inPaths('state', 'agent.log'), write: ({ run }) => run('agent start') },
];

test.each(files)('a link in place of $what is never written through', async ({ path, write }) => {
  const fresh = await freshSandbox();
  const victim = join(fresh.sandbox.home, 'victim');
  fs.writeFileSync(victim, 'untouched');
  fs.mkdirSync(dirname(path(fresh)), { recursive: true, mode: 0o700 });
  fs.symlinkSync(victim, path(fresh));
  await write(fresh);
  expect(fs.readFileSync(victim, 'utf8')).toBe('untouched');
});

const folders: (Writer & { refused: boolean })[] = [
  { what: 'the data', path: inPaths('data'), write: stores, refused: true },
  { what: 'the vault', path: inPaths('vault'), write: stores, refused: true },
  { what: 'the trust records', path: inPaths('trust'), write: allows, refused: true },
  { what: 'the journals', path: inPaths('data', 'rotations'), write: rotates, refused: true },
  // awsh takes the lock beside the index instead.
  { what: 'the locks', path: inPaths('locks'), write: stores, refused: false },
  // The mark is made in the runtime folder instead.
  { what: 'the lock mark', path: inPaths('state'), write: ({ run }) => run('lock'), refused: false },
  {
    what: 'the agent’s state',
    path: inPaths('runtime'),
    write: ({ run }) => run('agent start'),
    refused: true,
  },
  // awsh does not write the file for Tab, and prints nothing about it.
  { what: 'the names for Tab', path: inPaths('cache'), write: indexed('list'), refused: false },
];

const planted = [
  { how: 'a link', plant: (path: string, elsewhere: string) => fs.symlinkSync(elsewhere, path), here: true },
  {
    how: 'a folder of another owner',
    plant: (path: string, elsewhere: string) => {
      fs.chownSync(elsewhere, 65534, 65534);
      fs.renameSync(elsewhere, path);
    },
    here: isRoot,
  },
  {
    how: 'a folder that others can enter',
    plant: (path: string, elsewhere: string) => {
      fs.chmodSync(elsewhere, 0o755);
      fs.renameSync(elsewhere, path);
    },
    here: true,
  },
];

describe.each(planted.filter(({ here }) => here))('$how', ({ plant }) => {
  test.each(folders)('in place of $what: nothing is written there', async ({ path, write, refused }) => {
    const fresh = await freshSandbox();
    const elsewhere = join(fresh.sandbox.home, 'elsewhere');
    fs.mkdirSync(elsewhere, { mode: 0o700 });
    fs.mkdirSync(dirname(path(fresh)), { recursive: true, mode: 0o700 });
    plant(path(fresh), elsewhere);
    const status = await write(fresh);
    expect(fs.readdirSync(path(fresh))).toEqual([]);
    if (refused) expect(status).not.toBe(0);
  });
});
