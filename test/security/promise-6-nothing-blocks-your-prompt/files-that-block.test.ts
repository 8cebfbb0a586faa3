import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSandbox } from '../../../src/demo/index.ts';
import { callerIdentity } from '../../../src/sessions/index.ts';
import { Secret } from '../../../src/system/index.ts';
import { rawAnswer } from '../../support/agent.ts';
import { agentPackage, reachable, spawnAgent } from '../../support/agent-process.ts';
import { temporaryEmulator } from '../../support/emulator.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { sandboxEnvironment, storeKey } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** What is in place of the file. awsh must neither wait for it nor read all of it. */
const spoilt: [string, (path: string) => void][] = [
  ['a FIFO', (path) => void spawnSync('mkfifo', [path])],
  ['a link to /dev/zero', (path) => fs.symlinkSync('/dev/zero', path)],
  [
    'a link to a FIFO',
    (path) => {
      spawnSync('mkfifo', [`${path}.pipe`]);
      fs.symlinkSync(`${path}.pipe`, path);
    },
  ],
  ['a link to the terminal', (path) => fs.symlinkSync('/dev/tty', path)],
  [
    'a sparse file of 8 GiB',
    (path) => {
      fs.writeFileSync(path, '');
      fs.truncateSync(path, 8 * 2 ** 30);
    },
  ],
  ['a folder', (path) => fs.mkdirSync(path)],
  ['a link to itself', (path) => fs.symlinkSync(path, path)],
];

async function sandboxHome() {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  return { home: sandbox.home, environment };
}

/** A run of the launcher, killed if it does not end by itself. */
async function run(words: readonly string[], environment: Record<string, string>) {
  const child = spawn(join(packageFolder, 'bin/awsh'), words, {
    env: environment,
    cwd: environment.HOME,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  const [status, signal] = await once(child, 'close');
  return { status, signal, err };
}

const ends = { signal: null, err: expect.not.stringMatching(/internal error|unforeseen|at .*\.m?js/) };

describe('a file that awsh reads', () => {
  it.each(spoilt)('stops no command if it is %s: the AWS files', async (_, spoil) => {
    const { home, environment } = await sandboxHome();
    const path = join(home, 'spoilt');
    spoil(path);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) {
      const { status, err, ...rest } = await run(['export', 'dev'], { ...environment, [name]: path });
      expect({ status, ...rest }).toEqual({ status: 2, signal: null });
      expect(err).toMatch(/^awsh: .*spoilt cannot be read\n {2}why: {2}\S.*\n {2}next: ls -ld /);
    }
  });

  it.each(spoilt.slice(0, 1))(
    'stops no command if it is %s: all of awsh’s own files',
    { timeout: 300_000 },
    async (_, spoil) => {
      const { home, environment } = await sandboxHome();
      expect(await run(['export', 'dev'], environment)).toMatchObject({ status: 0 });
      const files = fs
        .readdirSync(home, { recursive: true, encoding: 'utf8' })
        .filter((name) => /awsh\//.test(name) && fs.lstatSync(join(home, name)).isFile());
      expect(files.length).toBeGreaterThan(4);
      for (const name of files) {
        const path = join(home, name);
        fs.renameSync(path, `${path}.before`);
        spoil(path);
        for (const words of [['export', 'dev'], ['list']]) {
          const { status: _status, ...rest } = await run(words, environment);
          expect({ name, ...rest }).toEqual({ name, ...ends });
        }
        fs.rmSync(path, { recursive: true, force: true });
        fs.renameSync(`${path}.before`, path);
      }
    },
  );
});

it('does not let Node wait for a pipe in NODE_EXTRA_CA_CERTS', async () => {
  const { home, environment } = await sandboxHome();
  spawnSync('mkfifo', [join(home, 'pipe')]);
  const ran = await run(['export', 'dev'], { ...environment, NODE_EXTRA_CA_CERTS: join(home, 'pipe') });
  expect(ran).toMatchObject({ status: 0, signal: null });
});

it('counts as empty if it is /dev/null', async () => {
  const { environment } = await sandboxHome();
  const nothing = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  expect(await run(['export', 'dev'], { ...environment, ...nothing })).toMatchObject({ status: 3 });
});

describe('the SDK, in the process that calls AWS', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('opens no AWS file by itself: a FIFO there delays no call', async () => {
    const home = temporaryHome();
    const pipe = join(home.path, 'pipe');
    spawnSync('mkfifo', [pipe]);
    fs.mkdirSync(join(home.path, '.aws'));
    for (const name of ['config', 'credentials']) spawnSync('mkfifo', [join(home.path, '.aws', name)]);
    const emulator = await temporaryEmulator();
    const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
    const keys = { accessKeyId: jane.accessKeyId, secretAccessKey: new Secret(jane.secretAccessKey) };
    const none = { sessionToken: null, expiration: null, accountId: null, arn: null };
    vi.stubEnv('HOME', home.path);
    for (const path of [pipe, '']) {
      vi.stubEnv('AWS_CONFIG_FILE', path);
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path);
      const target = { region: 'eu-west-1', endpoint: emulator.url };
      expect(await callerIdentity({ ...keys, ...none }, target)).toMatchObject({ arn: jane.arn });
    }
  });
});

describe.skipIf(process.platform !== 'linux')('the agent', () => {
  const fast = spoilt.filter(([name]) => /FIFO|zero|sparse/.test(name));

  it.each(fast)('answers all shells while one names %s', { timeout: 300_000 }, async (_, spoil) => {
    const home = temporaryHome();
    const agent = spawnAgent(home, agentPackage(home));
    const state = await reachable(home, agent.pid);
    const path = join(home.path, 'spoilt');
    spoil(path);
    const names = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CA_BUNDLE', 'XDG_CONFIG_HOME'];
    for (const name of names) {
      const lines = ['load 1', `cwd ${home.path}`, 'pin dev', `env HOME ${home.path}`, `env ${name} ${path}`];
      const load = `${state.token.reveal()} ${lines.join('\n')}\nend\n`;
      expect(await rawAnswer(state.port, [load])).toMatch(/^[0-9a-f]{64} [a-z]+ /);
    }
    const resident = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${agent.pid}/status`, 'utf8'));
    expect(Number(resident?.[1])).toBeLessThan(100 * 1024);
  });
});
