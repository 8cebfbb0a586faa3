import * as fs from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { readState, startAgent } from '../../../src/agent/index.ts';
import { appPaths } from '../../../src/system/index.ts';
import { runtimeOf } from '../../support/agent.ts';
import { agentPackage, askAgent, processField, reachable, spawnAgent } from '../../support/agent-process.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const isLinux = process.platform === 'linux';

it.skipIf(!isLinux)('the agent starts with only the caller’s paths, and without core dumps', async () => {
  const home = temporaryHome();
  const planted = home.write('planted.cjs', `require('node:fs').writeFileSync('${home.path}/pwned', '')`);
  const environment = {
    ...home.environment,
    PATH: `.:relative:/usr/bin:/bin`,
    LC_ALL: 'C.UTF-8',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    AWS_CONFIG_FILE: join(home.path, 'config'),
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'canary-secret',
    AWS_PROFILE: 'canary-profile',
    AWSH_FILE_PASSPHRASE: 'canary-passphrase',
    AWS_ENDPOINT_URL: 'http://canary.example',
    NODE_OPTIONS: `--require=${planted}`,
    NODE_DEBUG: 'net',
    LD_PRELOAD: '',
    LD_LIBRARY_PATH: '/canary',
    BASH_ENV: '/canary',
    ENV: '/canary',
    SSH_AUTH_SOCK: '/canary',
    'BASH_FUNC_exec%%': '() { touch /canary; }',
  };
  const paths = appPaths(environment);
  startAgent({ paths, environment, packageFolder: agentPackage(home) });
  const { pid } = await reachable(home);
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  const its = fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
  expect(its).not.toMatch(/canary|AKIA|NODE_|LD_|BASH_|AWS_PROFILE/);
  expect(its).toContain('HTTPS_PROXY=http://127.0.0.1:9\0');
  expect(its).toMatch(/(^|\0)PATH=\/usr\/bin:\/bin\0/);
  expect(fs.existsSync(join(home.path, 'pwned'))).toBe(false);
  expect(fs.readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0\s+0/);
  expect(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toMatch(/[0-9a-f]{64}/);
  for (const fd of ['0', '1', '2']) expect(fs.readlinkSync(`/proc/${pid}/fd/${fd}`)).toBe('/dev/null');
});

it('the agent opens no inspector on SIGUSR1', async () => {
  const home = temporaryHome();
  const agent = spawnAgent(home, agentPackage(home));
  await reachable(home, agent.pid);
  agent.kill('SIGUSR1');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const inspector = await new Promise<boolean>((resolve) => {
    const socket = net.connect({ port: 9229, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
  expect(inspector).toBe(false);
  expect(await askAgent(home, 'status')).toMatchObject({ status: 'ok' });
});

it('the agent never loads code that could call AWS or open a keychain', async () => {
  const entry = join(import.meta.dirname, '../../../src/agent/agent-entry.ts');
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    outdir: '/nonexistent',
    platform: 'node',
    format: 'esm',
    external: ['keytar', '@lydell/node-pty'],
    logLevel: 'error',
  });
  // The modules loaded at the start, and those that they load, except by import().
  const outputs = Object.entries(metafile.outputs);
  const loaded = new Set(
    outputs.filter(([, { entryPoint }]) => entryPoint?.endsWith('agent-entry.ts')).map(([name]) => name),
  );
  for (const name of loaded) {
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
      if (kind !== 'dynamic-import') loaded.add(path);
    }
  }
  const held = [...loaded].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}));
  expect(held).toContain('src/agent/agent.ts');
  expect(held.filter((file) => /node_modules\/(@aws-sdk|@smithy|jose|keytar|execa)/.test(file))).toEqual([]);
  expect([...loaded].filter((name) => /keytar|node-pty/.test(name))).toEqual([]);
});

it('the agent gives out nothing after it was locked', async () => {
  const home = temporaryHome();
  const agent = spawnAgent(home, agentPackage(home));
  await reachable(home, agent.pid);
  await askAgent(home, 'lock');
  expect(await agent.ended).toBe(0);
  expect(processField(agent.pid, 'pid')).toBeNull();
  expect(readState(runtimeOf(home))).toBeNull();
});

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('leaves no state file behind on %s', async (signal) => {
  const home = temporaryHome();
  const agent = spawnAgent(home, agentPackage(home));
  await reachable(home, agent.pid);
  agent.kill(signal);
  expect(await agent.ended).toBe(0);
  expect(fs.existsSync(join(home.path, 'run/awsh/agent'))).toBe(false);
});
