import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectAgent, jobFolder, readState, stateFile } from '../../../src/agent/index.ts';
import { agentSandbox } from '../../support/agent-sandbox.ts';
import { itWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { type CiJob, startCiJob } from '../../support/ci-job.ts';
import { packageThatSays, runBeside } from '../../support/launcher.ts';
import { packageFolder } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const longer = { timeout: 60_000 };
const polling = { timeout: 20_000, interval: 100 };

/** A job whose vault was unlocked once. No later step has the passphrase. */
async function unlockedJob() {
  const { awsh, sandbox, environment, paths } = await agentSandbox();
  const launcher = packageThatSays(temporaryHome(), 'fs.writeSync(2, "went to Node");');
  const withPath: Record<string, string> = {
    ...environment,
    PATH: `${join(packageFolder, 'bin')}:${environment.PATH}`,
  };
  const { AWSH_FILE_PASSPHRASE: passphrase, ...withoutPassphrase } = withPath;
  const node = (words: string[]) => awsh(words, { environment: { AWSH_AGENT: 'off' } });
  const newJob = () => startCiJob(withoutPassphrase);
  const job = newJob();
  const unlock = (each: CiJob, words = '') =>
    each.step(`AWSH_FILE_PASSPHRASE='${passphrase}' awsh unlock --for-job ${words}`);
  const unlocked = await unlock(job);
  const runtime = jobFolder(paths.runtime, job.pid);
  const isThere = () => existsSync(runtime);
  return {
    awsh,
    environment,
    sandbox,
    paths,
    job,
    launcher,
    newJob,
    node,
    unlock,
    unlocked,
    runtime,
    isThere,
  };
}

const keyOf = 'awsh export --no-session demo --format json';

describe('awsh unlock --for-job', () => {
  it('opens the vault once for all steps of the job, which need no passphrase', longer, async () => {
    const { sandbox, job, unlocked, runtime } = await unlockedJob();
    expect(unlocked).toEqual({
      status: 0,
      text: `awsh: unlocked for this job, until process ${job.pid} ends; awsh lock ends it earlier`,
    });
    // Deriving the key would fail, because there is no passphrase and no terminal.
    expect(await job.step(keyOf)).toMatchObject({
      status: 0,
      text: expect.stringContaining(sandbox.accessKeyId),
    });
    for (let i = 0; i < 3; i++) {
      const step = await job.step(`bash -c 'awsh exec dev -- printenv AWS_ACCESS_KEY_ID; exit $?'`);
      expect(step.text).toMatch(/^ASIA/m);
    }
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
    expect((await job.step('awsh agent status')).text).toContain('dev');
    expect(statSync(runtime).mode & 0o777).toBe(0o700);
    expect(readdirSync(runtime)).toEqual(['agent']);
    expect(readFileSync(stateFile({ runtime }), 'utf8')).toMatch(/^\d+ \d+ \S+ [0-9a-f]{64} [0-9a-f]{64}\n$/);
    expect(statSync(stateFile({ runtime })).mode & 0o777).toBe(0o600);
  });

  it('tells that it ended the lock of all other shells', longer, async () => {
    const { job, unlock } = await unlockedJob();
    await job.step('awsh lock');
    expect((await unlock(job)).text).toContain('; this ended the lock for your other shells, too');
    expect((await unlock(job)).text).not.toContain('other shells');
  });

  it(
    'gives stored keys to the job’s --no-session commands as Node would, without starting one',
    longer,
    async () => {
      const { job, launcher, node } = await unlockedJob();
      const inJob = (words: string[]) => job.step([launcher, ...words].join(' '));
      for (const words of [
        ['export', '--no-session', 'demo'],
        ['export', 'demo', '-n', '--format', 'json'],
        [
          'exec',
          '-n',
          'demo',
          '--region',
          'us-east-1',
          '--',
          'printenv',
          'AWS_SECRET_ACCESS_KEY',
          'AWS_REGION',
        ],
      ]) {
        const { status, out, err } = await node(words);
        expect(await inJob(words), words.join(' ')).toEqual({ status, text: `${err}${out}`.trim() });
        expect(err).toMatch(/^awsh: --no-session gives the long-term access key itself/);
      }
      expect((await inJob(['export', 'demo'])).text).toBe('went to Node');
    },
  );

  it('stores nothing of a stored key that it gave out', longer, async () => {
    const { sandbox, paths, job, launcher } = await unlockedJob();
    const line = `${launcher} export --no-session demo --format json`;
    expect((await job.step(line)).text).toContain(sandbox.accessKeyId);
    const [item = ''] = readdirSync(paths.vault).filter((name) => name.endsWith('.jwe'));
    renameSync(join(paths.vault, item), join(paths.vault, 'elsewhere'));
    expect((await job.step(line)).text).toBe('went to Node');
    renameSync(join(paths.vault, 'elsewhere'), join(paths.vault, item));
    expect((await job.step(line)).text).toContain(sandbox.accessKeyId);
    writeFileSync(join(paths.state, 'locked'), '');
    expect((await job.step(line)).text).toBe('went to Node');
  });

  it('leaves stored keys to Node outside of a job', longer, async () => {
    const { awsh, environment, launcher, sandbox } = await unlockedJob();
    const { AWSH_FILE_PASSPHRASE: _, ...without } = environment;
    expect((await awsh(['export', 'demo'], { environment })).status).toBe(0);
    expect((await awsh(keyOf.split(' ').slice(1))).out).toContain(sandbox.accessKeyId);
    const ran = await runBeside(launcher, keyOf.split(' ').slice(1), without, { cwd: sandbox.home });
    expect(ran).toMatchObject({ out: '', err: 'went to Node' });
  });

  it('serves no command outside of the job', longer, async () => {
    const { newJob, unlock, unlocked } = await unlockedJob();
    expect(unlocked.status).toBe(0);
    const other = newJob();
    expect((await other.step(keyOf)).status).toBe(6);
    expect((await unlock(other)).status).toBe(0);
    expect((await other.step(keyOf)).status).toBe(0);
  });

  it('ends with lock, clear and agent stop, also from outside', longer, async () => {
    const { job, newJob, unlock, isThere } = await unlockedJob();
    for (const each of [job, newJob()]) {
      for (const command of ['awsh lock', 'awsh clear', ...(each === job ? ['awsh agent stop'] : [])]) {
        if (!isThere()) expect((await unlock(job)).status).toBe(0);
        expect((await each.step(command)).status).toBe(0);
        await expect.poll(isThere, polling).toBe(false);
      }
    }
    expect((await job.step(keyOf)).status).toBe(6);
  });

  it('ends with the job, however that ends', longer, async () => {
    const { paths, job, newJob, unlock } = await unlockedJob();
    const jobs = [job, newJob()] as const;
    expect((await unlock(jobs[1])).status).toBe(0);
    for (const [each, signal] of [
      [jobs[0], undefined],
      [jobs[1], 'SIGKILL'],
    ] as const) {
      const runtime = jobFolder(paths.runtime, each.pid);
      const agent = await connectAgent({ runtime });
      const lines = [['folder', paths.vault]] as const;
      expect(await agent?.ask('vault-key', lines)).toMatchObject({ status: 'ok' });
      await each.end(signal);
      // Also before it has ended by itself.
      expect((await agent?.ask('vault-key', lines))?.status ?? 'cold').toBe('cold');
      await expect.poll(() => existsSync(runtime), polling).toBe(false);
    }
  });

  it('leaves nothing that opens anything if its agent is killed', longer, async () => {
    const { job, newJob, unlock, runtime } = await unlockedJob();
    const pid = readState({ runtime })?.pid;
    if (pid === undefined) throw new Error('the job has no agent');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => connectAgent({ runtime }), polling).toBe(null);
    expect((await job.step(keyOf)).status).toBe(6);
    // Only an unlock starts another agent.
    expect(await connectAgent({ runtime })).toBe(null);
    await job.end('SIGKILL');
    expect((await unlock(newJob())).status).toBe(0);
    expect(existsSync(runtime)).toBe(false);
  });

  it('lasts for the process above that --pid names', longer, async () => {
    const { paths, newJob } = await unlockedJob();
    const other = newJob();
    const step = `AWSH_FILE_PASSPHRASE=wrong bash -c 'awsh unlock --for-job --pid $PPID; exit $?'`;
    expect(await other.step(step)).toMatchObject({
      status: 5,
      text: expect.stringContaining('AWSH_FILE_PASSPHRASE is wrong'),
    });
    expect(existsSync(jobFolder(paths.runtime, other.pid))).toBe(false);
    const refused = await other.step('awsh unlock --for-job --pid 4194305');
    expect(refused).toMatchObject({
      status: 2,
      text: expect.stringMatching(/not a parent process of this command\n/),
    });
    expect((await other.step('CI= awsh unlock --for-job')).text).toMatch(
      /is for CI.*\n.*\n {2}next: awsh unlock$/,
    );
    expect((await other.step('awsh unlock --pid 1')).status).toBe(2);
  });

  itWithAnotherUser('is of no use to another user', longer, async () => {
    const { runtime } = await unlockedJob();
    const port = readState({ runtime })?.port ?? 0;
    const tries = `
      const tried = []; const fs = require('node:fs');
      try { tried.push(fs.readFileSync(process.argv[1], 'utf8')); } catch (error) { tried.push(error.code); }
      const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
      socket.on('data', (data) => tried.push(String(data)));
      socket.on('close', () => console.log(tried.join()));
      socket.on('error', () => {});
      socket.write('0'.repeat(64) + ' vault-key 1\\nfolder /\\nend\\n');`;
    expect(await startStranger(tries, stateFile({ runtime }), String(port)).line()).toBe('EACCES');
  });
});
