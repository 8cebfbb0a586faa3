import * as fs from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { agentIsWanted, readState, startAgent, stateFile } from '../../src/agent/index.ts';
import { sessionLines } from '../../src/agent/kept-session.ts';
import { newToken, writeState } from '../../src/agent/state-file.ts';
import { isNewer } from '../../src/agent/version.ts';
import { appPaths, putLockMark } from '../../src/system/index.ts';
import { runtimeOf, session, testAgent } from '../support/agent.ts';
import { agentPackage, askAgent, processField, reachable, spawnAgent } from '../support/agent-process.ts';
import { runHere } from '../support/run-awsh.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

/** Starts the agent as a command does. It stops with the test. */
async function started(home: TemporaryHome, environment: Record<string, string> = {}) {
  const folder = agentPackage(home);
  const paths = appPaths(home.environment);
  const start = { paths, environment: { ...home.environment, ...environment }, packageFolder: folder };
  onTestFinished(() => endAgent(home));
  expect(startAgent(start)).toBe('started');
  return { folder, paths, start, state: await reachable(home) };
}

function endAgent(home: TemporaryHome): void {
  const pid = readState(runtimeOf(home))?.pid;
  if (pid !== undefined && processField(pid, 'args')?.includes('agent.mjs')) process.kill(pid, 'SIGKILL');
}

const gone = (pid: number) => expect.poll(() => processField(pid, 'pid'), { timeout: 100_000 }).toBeNull();

it('starts detached from the terminal, in /, and ends when told to', async () => {
  const home = temporaryHome();
  const { state } = await started(home);
  expect(processField(state.pid, 'tty')).toMatch(/^\?+$/);
  expect(processField(state.pid, 'pgid')).toBe(String(state.pid));
  if (process.platform === 'linux') expect(fs.readlinkSync(`/proc/${state.pid}/cwd`)).toBe('/');
  expect(await askAgent(home, 'stop')).toMatchObject({ status: 'ok' });
  await gone(state.pid);
  expect(fs.existsSync(stateFile(runtimeOf(home)))).toBe(false);
});

it('writes what it did to its log, without secrets', async () => {
  const home = temporaryHome();
  const { paths, state } = await started(home);
  await askAgent(home, 'put', sessionLines(session('abc')));
  await askAgent(home, 'stop');
  await gone(state.pid);
  const log = fs.readFileSync(join(paths.state, 'agent.log'), 'utf8');
  expect(log).toMatch(/started: version 1\.0\.0\n.*keeps a session of dev\n.*ended: stop\n/);
  for (const secret of ['secret of', 'token of', state.token.reveal(), state.proof.reveal()]) {
    expect(log).not.toContain(secret);
  }
});

it('is one process, however many shells start it at once', async () => {
  const home = temporaryHome();
  const { start, state } = await started(home);
  for (let shell = 0; shell < 5; shell += 1) startAgent(start);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await reachable(home)).pid).toBe(state.pid);
});

it('remains one process if two start at the same moment', async () => {
  const home = temporaryHome();
  const folder = agentPackage(home);
  const agents = [1, 2, 3].map(() => spawnAgent(home, folder));
  // Which one stays is certain only when the others have ended.
  const gone = new Set<number>();
  for (const { pid, ended } of agents) void ended.then(() => gone.add(pid));
  await expect.poll(() => gone.size, { timeout: 60_000 }).toBe(2);
  expect(agents.map(({ pid }) => pid).filter((pid) => !gone.has(pid))).toEqual([(await reachable(home)).pid]);
});

it('is asked to stop once, also without an XDG_RUNTIME_DIR', async () => {
  const home = temporaryHome();
  const { ended } = await testAgent(home);
  const { XDG_RUNTIME_DIR, ...others } = home.environment;
  const environment = { ...others, XDG_STATE_HOME: `${XDG_RUNTIME_DIR}` };
  expect((await runHere(['agent', 'stop'], environment)).err).toBe('awsh: the agent has ended\n');
  expect(ended).toEqual(['stop']);
});

it('hands its sessions to a newer version, which replaces it', async () => {
  const home = temporaryHome();
  const old = spawnAgent(home, agentPackage(home, '1.9.0'));
  await reachable(home, old.pid);
  await askAgent(home, 'put', sessionLines(session('abc')));
  await askAgent(home, 'vault-key', [
    ['folder', '/vault'],
    ['value', 'a2V5'],
  ]);
  const newer = spawnAgent(home, agentPackage(home, '1.10.0'));
  await old.ended;
  expect((await reachable(home, newer.pid)).version).toBe('1.10.0');
  expect(await askAgent(home, 'lease', [['session', 'abc']])).toMatchObject({
    status: 'have',
    lines: sessionLines(session('abc')).map((line) => (line[0] === 'expires' ? expect.anything() : line)),
  });
  expect(await askAgent(home, 'vault-key', [['folder', '/vault']])).toMatchObject({ text: 'a2V5' });
});

it('stays if an older or the same version starts', async () => {
  const home = temporaryHome();
  const folder = agentPackage(home, '1.10.0');
  const agent = spawnAgent(home, folder);
  await reachable(home, agent.pid);
  for (const other of [agentPackage(home, '1.9.0'), folder]) {
    expect(await spawnAgent(home, other).ended).toBe(0);
  }
  expect((await reachable(home)).pid).toBe(agent.pid);
});

it.each([
  ['is replaced', 'after it started', 0, true],
  ['stays', 'at a time that has not come', 3600, false],
])('%s if the same version was installed %s', async (_, __, seconds, isReplaced) => {
  const home = temporaryHome();
  const folder = agentPackage(home);
  const old = spawnAgent(home, folder);
  await reachable(home, old.pid);
  const now = Date.now() / 1000;
  const setTime = (file: string, time: number) => fs.utimesSync(file, time, time);
  setTime(stateFile(runtimeOf(home)), now - 10);
  setTime(join(folder, 'dist/worker.mjs'), now - 9 + seconds);
  const other = spawnAgent(home, folder);
  expect(await (isReplaced ? old : other).ended).toBe(0);
  expect((await reachable(home)).pid).toBe((isReplaced ? other : old).pid);
});

it.each([
  ['1.10.0', '1.9.9', true],
  ['1.9.9', '1.10.0', false],
  ['2.0.0', '1.99.99', true],
  ['1.0.0', '1.0.0', false],
  ['1.0.1-beta', '1.0.0', true],
  ['0.10.0', '0.9.0', true],
  ['1.0.0-rc.1', '0.9.9', true],
  ['1.0.0', '1.0.0-rc.1', true],
  ['1.0.0-rc.1', '1.0.0', false],
  ['1.0.0-rc.10', '1.0.0-rc.9', true],
  ['1.0.0-rc', '1.0.0-beta.2', true],
  ['1.0.0-rc.1', '1.0.0-rc', true],
  ['1.0.0-rc.a', '1.0.0-rc.1', true],
  ['1.0.0+build.2', '1.0.0+build.1', false],
  ['nonsense', '1.0.0', false],
])('considers %s newer than %s: %s', (a, b, newer) => {
  expect(isNewer(a, b)).toBe(newer);
});

it('is replaced after it was killed, whatever state file it left', async () => {
  const home = temporaryHome();
  const folder = agentPackage(home);
  const first = spawnAgent(home, folder);
  await reachable(home, first.pid);
  first.kill('SIGKILL');
  await first.ended;
  expect(readState(runtimeOf(home))?.pid).toBe(first.pid);
  const second = spawnAgent(home, folder);
  await reachable(home, second.pid);
});

it('starts although a state file names a port of another program', async () => {
  const home = temporaryHome();
  const other = net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\n\r\n'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as net.AddressInfo;
  writeState(runtimeOf(home), { port, pid: 1, version: '99.0.0', token: newToken(), proof: newToken() });
  const agent = spawnAgent(home, agentPackage(home));
  await reachable(home, agent.pid);
});

it('ends when its folder is removed', async () => {
  const home = temporaryHome();
  const agent = spawnAgent(home, agentPackage(home));
  await reachable(home, agent.pid);
  fs.rmSync(runtimeOf(home).runtime, { recursive: true });
  expect(await agent.ended).toBe(0);
});

it('does not start while awsh is locked', async () => {
  const home = temporaryHome();
  putLockMark(appPaths(home.environment));
  expect(await spawnAgent(home, agentPackage(home)).ended).toBe(0);
  expect(readState(runtimeOf(home))).toBeNull();
});

it.each([
  [{}, true],
  [{ AWSH_AGENT: 'off' }, false],
  [{ CI: 'true' }, false],
  [{ CI: '' }, true],
  [{ CI: 'false' }, true],
])('with %o, is allowed: %s', (variables, wanted) => {
  const home = temporaryHome();
  const environment: Record<string, string> = { ...home.environment, AWSH_AGENT: '', ...variables };
  expect(agentIsWanted({ paths: appPaths(environment), environment })).toBe(wanted);
});

it('cannot be started in a folder that others can access', () => {
  const home = temporaryHome();
  fs.mkdirSync(runtimeOf(home).runtime, { mode: 0o755 });
  const paths = appPaths(home.environment);
  expect(startAgent({ paths, environment: home.environment, packageFolder: '/nonexistent' })).toBe('failed');
});
