import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentSandbox } from '../support/agent-sandbox.ts';

const devFolder = (home: string) => join(home, 'projects/dev');
const keyIn = (reply: string | null) => /AWS_ACCESS_KEY_ID (ASIA\w+)/.exec(reply ?? '')?.[1];

/** A sandbox whose dev project is allowed and was loaded once, so that an agent runs and has its session. */
async function loadedSandbox() {
  const it = await agentSandbox();
  const folder = devFolder(it.sandbox.home);
  await it.awsh(['allow', folder]);
  const cold = await it.loadCold(folder);
  expect(cold).toMatch(/^- ok \d+ dev\n/);
  return { ...it, folder, cold };
}

describe('an agent with a vault and an emulated AWS', () => {
  it('answers from memory exactly what Node loaded a moment ago', async () => {
    const { loadWarm, folder, cold, sandbox } = await loadedSandbox();
    const warm = await loadWarm(folder);
    expect(`- ${warm}`).toBe(cold);
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });

  it('refuses a directory file that was changed, and answers nothing outside', async () => {
    const { loadWarm, folder, sandbox } = await loadedSandbox();
    expect(await loadWarm(sandbox.home)).toBe('none 0 -\nend\n');
    const file = join(folder, '.awsprofile');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(file, `${readFileSync(file, 'utf8')}# changed\n`);
    expect(await loadWarm(folder)).toMatch(/^deny 0 changed\n/);
  });

  it('leaves to Node what only Node can do', async () => {
    const { loadWarm, folder, sandbox } = await loadedSandbox();
    expect(await loadWarm(folder, ['refresh 1'])).toBe('cold 0 -\nend\n');
    expect(await loadWarm(sandbox.home, ['pin staging'])).toBe('cold 0 -\nend\n');
    expect(await loadWarm(folder, ['env AWS_CONFIG_FILE relative/config'])).toBe('cold 0 -\nend\n');
  });

  it('notices a changed profile', async () => {
    const { loadWarm, folder, paths } = await loadedSandbox();
    const config = readFileSync(paths.awsConfig, 'utf8');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(paths.awsConfig, config.replace(':role/developer', ':role/another'));
    expect(await loadWarm(folder)).toMatch(/^deny 0 changed\n/);
    writeFileSync(paths.awsConfig, config);
    expect(await loadWarm(folder)).toMatch(/^ok /);
  });

  it('has its session again after it was killed, without a call to AWS', async () => {
    const { loadWarm, loadCold, folder, cold, killAgent, sandbox } = await loadedSandbox();
    killAgent();
    expect(await loadWarm(folder)).toBeNull();
    expect(keyIn(await loadCold(folder))).toBe(keyIn(cold));
    await expect.poll(() => loadWarm(folder), { timeout: 100_000 }).toMatch(/^ok /);
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });

  it('asks for the passphrase once: the agent keeps the key of the vault', async () => {
    const { loadCold, sandbox } = await loadedSandbox();
    const silent = { AWSH_FILE_PASSPHRASE: '' };
    const other = await loadCold(sandbox.home, ['pin demo', 'renew 1'], silent);
    expect(other).not.toContain('passphrase of');
    expect(other).toMatch(/^- ok \d+ demo\n|needs an MFA code/);
  });

  it('serves exec and export: one fetch for all callers', async () => {
    const { awsh, folder, cold, sandbox } = await loadedSandbox();
    const out = await awsh(['export', '--format', 'json', 'dev'], {
      environment: { AWSH_FILE_PASSPHRASE: '' },
    });
    expect(out.status).toBe(0);
    expect(JSON.parse(out.out).AccessKeyId).toBe(keyIn(cold));
    const ran = await awsh(['exec', 'dev', '--', 'sh', '-c', 'echo $AWS_ACCESS_KEY_ID'], { cwd: folder });
    expect(ran.out.trim()).toBe(keyIn(cold));
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });

  it('forgets a removed session', async () => {
    const { awsh, loadWarm, folder } = await loadedSandbox();
    const removed = await awsh(['remove', '--sessions-only', '--force', 'dev']);
    expect(removed).toMatchObject({ status: 0 });
    expect(await loadWarm(folder)).toBe('cold 0 -\nend\n');
  });

  it('is not needed: everything works without it', async () => {
    const it = await agentSandbox();
    const folder = devFolder(it.sandbox.home);
    const off = { AWSH_AGENT: 'off' };
    await it.awsh(['allow', folder], { environment: off });
    expect(await it.loadCold(folder, [], off)).toMatch(/^- ok \d+ dev\n/);
    expect(await it.loadWarm(folder)).toBeNull();
  });
});

describe('the verbs', () => {
  it('start, show and stop it', async () => {
    const { awsh } = await agentSandbox();
    expect(await awsh(['agent', 'status'])).toMatchObject({
      status: 1,
      err: expect.stringContaining('no agent'),
    });
    expect(await awsh(['agent', 'start'])).toMatchObject({ status: 0 });
    const shown = await awsh(['agent', 'status', '--json']);
    expect(JSON.parse(shown.out)).toEqual({
      pid: expect.any(Number),
      port: expect.any(Number),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      awshVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      started: expect.stringMatching(/^\d{4}-.*Z$/),
      sessions: [],
    });
    expect(await awsh(['agent', 'stop'])).toMatchObject({ status: 0, err: 'awsh: the agent has ended\n' });
    expect(await awsh(['agent', 'stop'])).toMatchObject({ status: 0, err: 'awsh: no agent is running\n' });
  });

  it('show which sessions it holds, without secrets', async () => {
    const { awsh, cold } = await loadedSandbox();
    const shown = await awsh(['agent', 'status', '--json']);
    expect(JSON.parse(shown.out).sessions).toEqual([
      { profile: 'dev', expires: expect.stringMatching(/Z$/) },
    ]);
    const secret = /AWS_SECRET_ACCESS_KEY (.*)/.exec(cold)?.[1] ?? '';
    expect(secret).not.toBe('');
    expect(shown.out).not.toContain(secret);
    expect((await awsh(['agent', 'status'])).out).toMatch(
      /^agent .*\nsince .*\n\nPROFILE {2}LEFT\ndev {6}\d+m\n$/,
    );
  });

  it('lock everything, until unlock', async () => {
    const { awsh, loadCold, loadWarm, folder, sandbox } = await loadedSandbox();
    const locked = await awsh(['lock']);
    expect(locked).toMatchObject({ status: 0, err: expect.stringContaining('1 stored session removed') });
    for (const words of [
      ['export', 'dev'],
      ['exec', 'dev', '--', 'true'],
      ['agent', 'start'],
    ]) {
      const refused = await awsh(words);
      const status = words[0] === 'agent' ? 1 : 5;
      expect(refused).toMatchObject({ status, out: '', err: expect.stringContaining('lock') });
    }
    expect(await loadCold(folder)).toMatch(/^- blocked 0 locked\n/);
    expect(await loadWarm(folder)).toBeNull();
    expect(await awsh(['unlock'])).toMatchObject({ status: 0, err: 'awsh: unlocked\n' });
    expect(await loadCold(folder)).toMatch(/^- ok /);
    expect(sandbox.emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  });

  it('stay locked after a wrong passphrase', async () => {
    const { awsh } = await loadedSandbox();
    await awsh(['lock']);
    const wrong = { environment: { AWSH_FILE_PASSPHRASE: 'wrong' } };
    expect(await awsh(['unlock'], wrong)).toMatchObject({
      status: 5,
      err: expect.stringContaining('passphrase'),
    });
    expect(await awsh(['export', 'dev'])).toMatchObject({ status: 5 });
  });
});
