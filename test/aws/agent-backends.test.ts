import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { workerEnvironment } from '../../src/agent/agent-environment.ts';
import { askAgent } from '../../src/agent/index.ts';
import { readSession } from '../../src/agent/kept-session.ts';
import { runWorker } from '../../src/agent/run-worker.ts';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { planFor } from '../../src/sessions/index.ts';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import {
  lockPasswordStore,
  makePasswordStore,
  stopPasswordStore,
  storePassphrase,
  timesAsked,
} from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { startSecretService } from '../support/secret-service.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';

const program = join(packageFolder, 'dist/worker.mjs');

/** The sandbox's home in the form that other test helpers take. */
function homeOf(it: AgentSandbox): TemporaryHome {
  const path = it.sandbox.home;
  return {
    path,
    environment: it.environment,
    write: (name, content, mode = 0o600) => {
      execFileSync(
        'sh',
        [
          '-c',
          'mkdir -p "$(dirname "$0")" && cat >"$0" && chmod "$1" "$0"',
          join(path, name),
          mode.toString(8),
        ],
        {
          input: content,
        },
      );
      return join(path, name);
    },
  };
}

/**
 * Stores the sandbox's key in the backend that the settings name, and a first session of dev in the
 * agent's memory.
 */
async function moveKey(it: AgentSandbox, backend: 'keychain' | 'pass', more: Record<string, string>) {
  const { sandbox } = it;
  homeOf(it).write('.config/awsh/config', `backend = ${backend}\n`);
  const environment = { ...more, AWSH_FILE_PASSPHRASE: '' };
  const key = {
    AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey.reveal(),
  };
  const added = await it.awsh(['add', 'demo', '--env', '-f'], { environment: { ...environment, ...key } });
  expect(added).toMatchObject({ status: 0, out: expect.stringContaining(`(${backend})`) });
  expect((await it.awsh(['exec', 'dev', '--', 'true'], { environment })).status).toBe(0);
}

/** The worker as the agent starts it to renew dev. */
function renew(it: AgentSandbox, environment: Record<string, string>) {
  const { sandbox, paths } = it;
  const keys = [{ profile: 'demo', accessKeyId: sandbox.accessKeyId, added: new Date() }];
  const plan = planFor({ files: readAwsFiles(paths), profile: 'dev', keys, environment: {} });
  const use = { profile: 'dev', surroundings: sandbox.environment, environment: {}, options: {} };
  const session = plan.sessionIds.at(-1) ?? '';
  const around = workerEnvironment({ ...it.environment, ...environment }, sandbox.environment);
  return runWorker(program, around, { kind: 'renew', session, use, vaultKeys: {} });
}

function sessionIn(result: Awaited<ReturnType<typeof renew>>) {
  return result.kind === 'session' ? readSession(new Map(result.session)) : result;
}

const renewed = { profile: 'dev', credentials: { accountId: '111122223333' } };

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon'))(
  'a worker, with a real gnome-keyring',
  () => {
    it('renews with the key there; if it is locked, it asks nothing and gives up', async () => {
      const it = await agentSandbox();
      const keyring = await startSecretService(homeOf(it));
      onTestFinished(() => keyring.stop());
      const bus = { DBUS_SESSION_BUS_ADDRESS: keyring.environment.DBUS_SESSION_BUS_ADDRESS ?? '' };
      await moveKey(it, 'keychain', bus);
      expect(sessionIn(await renew(it, bus))).toMatchObject(renewed);
      expect(it.sandbox.emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
      keyring.lock();
      expect(await renew(it, bus)).toEqual({
        kind: 'failed',
        failure: expect.stringContaining('the keychain is locked'),
        again: false,
      });
      expect(it.sandbox.emulator.actions).toHaveLength(2);
    });
  },
);

describe.skipIf(!has('pass', 'gpg'))('a worker, with a real password store', () => {
  it('renews with the key there; if gpg would have to ask, it asks nothing', {
    timeout: 120_000,
  }, async () => {
    const it = await agentSandbox();
    const home = homeOf(it);
    const store = makePasswordStore(home, storePassphrase);
    onTestFinished(() => stopPasswordStore(store));
    const gpg = { GNUPGHOME: store.GNUPGHOME ?? '' };
    // gpg's agent caches the passphrase after it was entered once.
    lockPasswordStore(home, store, 'given');
    await moveKey(it, 'pass', gpg);
    expect(sessionIn(await renew(it, gpg))).toMatchObject(renewed);
    lockPasswordStore(home, store, 'cancelled');
    const asked = timesAsked(home);
    expect(await renew(it, gpg)).toMatchObject({ kind: 'failed', again: false });
    expect(timesAsked(home)).toBe(asked);
    expect(it.sandbox.emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  });
});

describe.skipIf(process.getuid?.() !== 0)('on a full disk', () => {
  /** The home's folder on a small disk of its own, which fills up on request. */
  function smallDisk(path: string): () => void {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', path]);
    onTestFinished(() => void execFileSync('umount', ['-l', path]));
    return () => void spawnSync('dd', ['if=/dev/zero', `of=${path}/filler`, 'bs=1k', 'count=64']);
  }

  it('the agent continues to give what it holds, and commands work without it if it cannot start', {
    timeout: 120_000,
  }, async () => {
    const it = await agentSandbox();
    const fill = [it.paths.state, it.paths.runtime].map(smallDisk);
    expect((await it.awsh(['exec', 'dev', '--', 'true'])).status).toBe(0);
    for (const each of fill) each();
    expect((await it.awsh(['exec', 'dev', '--', 'true'])).status).toBe(0);
    expect(it.sandbox.emulator.actions).toEqual(['AssumeRole']);
    it.killAgent();
    rmSync(join(it.paths.runtime, 'agent'), { force: true });
    spawnSync('dd', ['if=/dev/zero', `of=${it.paths.runtime}/filler-2`, 'bs=1k', 'count=64']);
    const alone = await it.awsh(['exec', 'dev', '--', 'echo', 'ran']);
    expect(alone).toMatchObject({ status: 0, out: 'ran\n' });
    expect(await askAgent(it.paths, 'hello')).toBeNull();
  });
});
