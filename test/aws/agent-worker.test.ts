import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workerEnvironment } from '../../src/agent/agent-environment.ts';
import { connectAgent } from '../../src/agent/index.ts';
import { readSession } from '../../src/agent/kept-session.ts';
import { runWorker } from '../../src/agent/run-worker.ts';
import type { WorkerTask } from '../../src/agent/worker-protocol.ts';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { planFor } from '../../src/sessions/index.ts';
import { putLockMark } from '../../src/system/index.ts';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { packageFolder } from '../support/sandbox-shell.ts';

const program = join(packageFolder, 'dist/worker.mjs');

/**
 * The agent's request to a worker for this profile, with the vault's key as the agent would have
 * it.
 */
async function taskFor({ paths, sandbox, awsh }: AgentSandbox, profile: string) {
  await awsh(['exec', 'dev', '--', 'true']);
  const connection = await connectAgent(paths, 5000);
  const key = await connection?.ask('vault-key', [['folder', paths.vault]]);
  connection?.close();
  const keys = [{ profile: 'demo', accessKeyId: sandbox.accessKeyId, added: new Date() }];
  const plan = planFor({ files: readAwsFiles(paths), profile, keys, environment: {} });
  const use = { profile, surroundings: sandbox.environment, environment: {}, options: {} };
  const task: WorkerTask = {
    kind: 'renew',
    session: plan.sessionIds.at(-1) ?? '',
    use,
    vaultKeys: { [paths.vault]: key?.text ?? '' },
  };
  return task;
}

const environmentOf = (it: AgentSandbox) => workerEnvironment(it.environment, it.sandbox.environment);

it('a worker makes a new session with only the key that the agent holds', async () => {
  const it = await agentSandbox();
  const task = await taskFor(it, 'dev');
  const result = await runWorker(program, environmentOf(it), task);
  const session = result.kind === 'session' ? readSession(new Map(result.session)) : null;
  expect(session).toMatchObject({
    id: task.session,
    profile: 'dev',
    credentials: { accountId: '111122223333' },
  });
  expect(it.sandbox.emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
});

it.each<[string, string, (it: AgentSandbox, task: WorkerTask) => WorkerTask, RegExp]>([
  ['where a person is needed', 'staging', (_, task) => task, /needs an MFA code/],
  [
    'for a plan that is another one now',
    'dev',
    (_, task) => ({ ...task, session: 'other' }),
    /or its key has changed/,
  ],
  [
    'without the key of the vault',
    'dev',
    (_, task) => ({ ...task, vaultKeys: {} }),
    /this needs your answer/,
  ],
  [
    'while awsh is locked',
    'dev',
    (it, task) => {
      putLockMark(it.paths);
      return task;
    },
    /awsh is locked/,
  ],
])('a worker asks nothing and gives up %s', async (_, profile, spoil, why) => {
  const it = await agentSandbox();
  const task = await taskFor(it, profile);
  const result = await runWorker(program, environmentOf(it), spoil(it, task));
  expect(result).toEqual({ kind: 'failed', failure: expect.stringMatching(why), again: false });
  expect(it.sandbox.emulator.actions).toEqual(['AssumeRole']);
});

it('a worker reports that it may be retried if AWS cannot be reached', async () => {
  const it = await agentSandbox();
  const task = await taskFor(it, 'dev');
  await it.sandbox.close();
  expect(await runWorker(program, environmentOf(it), task)).toMatchObject({ kind: 'failed', again: true });
});

it('a worker removes what is stored, for lock_after', async () => {
  const it = await agentSandbox();
  await it.awsh(['exec', 'dev', '--', 'true']);
  expect(await runWorker(program, environmentOf(it), { kind: 'lock' })).toEqual({ kind: 'done' });
  const listed = await it.awsh(['list', '--sessions']);
  expect(listed.out).toBe('');
});

it('a missing worker program does no harm', async () => {
  const it = await agentSandbox();
  const result = await runWorker('/nonexistent/worker.mjs', environmentOf(it), { kind: 'lock' });
  expect(result).toEqual({ kind: 'failed', failure: 'the worker ended without an answer', again: true });
});
