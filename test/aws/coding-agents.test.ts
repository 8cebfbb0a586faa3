import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';

const readOnlyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const inAgent = { environment: { CLAUDECODE: '1' } };
const keyIn = (out: string) => /AWS_ACCESS_KEY_ID[= ](\w+)/.exec(out)?.[1];
const policiesOf = ({ sandbox }: AgentSandbox, id = '') =>
  sandbox.emulator.cloud.sessions.get(id)?.identity.policies;
function set({ sandbox }: AgentSandbox, rule: string) {
  const file = join(sandbox.home, '.config/awsh/config');
  const others = readFileSync(file, 'utf8').replace(/^coding_agents = .*\n/m, '');
  writeFileSync(file, `${others}coding_agents = ${rule}\n`);
}
const allowedFolder = async (box: AgentSandbox) => {
  const { folder } = box.sandbox.projects[0] as { folder: string };
  await box.awsh(['allow', folder]);
  return folder;
};

describe('coding_agents', () => {
  it('same: changes nothing in the session', async () => {
    const box = await agentSandbox();
    const { out } = await box.awsh(['export', 'dev'], inAgent);
    expect(policiesOf(box, keyIn(out))).toEqual([]);
  });

  it('read-only: narrows exec, export and the hook, also from the agent, and nothing widens it', async () => {
    const box = await agentSandbox();
    const folder = await allowedFolder(box);
    await box.awsh(['export', 'dev']);
    set(box, 'read-only');
    for (const words of [
      ['export', 'dev'],
      ['exec', 'dev', '--', 'env'],
    ]) {
      const { out } = await box.awsh(words, inAgent);
      expect(policiesOf(box, keyIn(out))).toEqual([readOnlyArn]);
    }
    // The hook sends no such variable; a parent process has it.
    const cold = await box.loadCold(folder, [], inAgent.environment);
    expect(policiesOf(box, keyIn(cold))).toEqual([readOnlyArn]);
    expect(cold).toMatch(/^- ok \d+ dev ro$/m);
    expect(await box.loadWarm(folder)).toMatch(/^cold 0 -/);
    const wide = await box.awsh(['export', 'dev', '--policy', '{"Statement":[]}'], inAgent);
    expect(wide).toMatchObject({ status: 2, out: '' });
    expect(wide.err).toContain('coding_agents = read-only, and --policy');
  });

  it('gives a tool that calls awsh by itself no more than exec', async () => {
    const box = await agentSandbox();
    const folder = await allowedFolder(box);
    const token = ['eks-token', 'blue'];
    const givenPolicies = async (words: string[]) => {
      const { status } = await box.awsh(words, { ...inAgent, cwd: folder });
      expect(status).toBe(0);
      return box.sandbox.emulator.calls.at(-1)?.params['PolicyArns.member.1.arn'];
    };
    set(box, 'read-only');
    expect(await givenPolicies([...token, '--profile', 'dev'])).toBe(readOnlyArn);
    expect(await givenPolicies(token)).toBe(readOnlyArn);
    for (const rule of ['ask', 'refuse']) {
      set(box, rule);
      for (const words of [token, [...token, '--profile', 'dev']]) {
        const ran = await box.awsh(words, { ...inAgent, cwd: folder });
        expect(ran).toMatchObject({ status: 7, out: '' });
      }
    }
  });

  it.each([
    ['same', false, true],
    ['same', true, true],
    ['read-only', false, true],
    ['read-only', true, false],
    ['ask', false, false],
    ['ask', true, false],
    ['refuse', false, false],
    ['refuse', true, false],
  ])('%s: asks for docker’s password (protected: %s): %s', async (rule, isProtected, isAsked) => {
    const box = await agentSandbox();
    set(box, rule);
    const file = join(box.sandbox.home, '.config/awsh/config');
    const own = readFileSync(file, 'utf8').replace(/^protected = .*$/m, '');
    const more = `registries = 123456789012: dev\n${isProtected ? 'protected = dev\n' : ''}`;
    writeFileSync(file, `${own}\n${more}`);
    const environment = { ...box.environment, ...inAgent.environment };
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com\n';
    const ran = await runInstalled(
      ['get'],
      environment,
      host,
      join(packageFolder, 'bin/docker-credential-awsh'),
    );
    // The emulated AWS has no ECR, so a request is refused with exit status 8.
    expect(ran.status).toBe(isAsked ? 8 : 7);
    expect(ran.out).toMatch(isAsked ? /AWS gives no token/ : /^awsh: .*coding_agents = .*Claude Code/);
    const { out } = await box.awsh(['log', '--json']);
    const { verb, profile, cause, accessKeyId = '' } = JSON.parse(out);
    const refused = isAsked ? undefined : 'coding agent';
    expect({ verb, profile, cause }).toEqual({ verb: 'ecr', profile: 'dev', cause: refused });
    if (isAsked) expect(policiesOf(box, accessKeyId)).toEqual(rule === 'same' ? [] : [readOnlyArn]);
  });

  it('refuse: gives no credentials, and names the variable that shows the agent', async () => {
    const box = await agentSandbox();
    const folder = await allowedFolder(box);
    set(box, 'refuse');
    const { status, out, err } = await box.awsh(['export', 'dev'], inAgent);
    expect({ status, out }).toEqual({ status: 7, out: '' });
    expect(err).toMatch(
      /Claude Code gets no credentials[\s\S]*CLAUDECODE[\s\S]*next: awsh config get coding_agents/,
    );
    expect(await box.loadCold(folder, [], inAgent.environment)).toMatch(/^- blocked 0 blocked$/m);
    expect(box.sandbox.emulator.calls).toEqual([]);
  });

  it.each(['read-only', 'ask'])(
    '%s: a protected profile needs the user, a sign-in and the settings are not for it',
    async (rule) => {
      const box = await agentSandbox();
      set(box, rule);
      const home = join(box.sandbox.home, '.aws/config');
      appendFileSync(
        home,
        '\n[sso-session corp]\nsso_start_url = http://127.0.0.1:1/start\nsso_region = eu-west-1\n',
      );
      writeFileSync(join(box.sandbox.home, 'x'), '');
      for (const words of [
        ['exec', 'prod', '--', 'env'],
        ['export', 'prod'],
        ['eks-token', 'blue', '--profile', 'prod'],
        ['login', 'dev', '--stdout'],
        ['sso', 'login', 'corp'],
        ['config', 'set', 'coding_agents', 'same'],
        ['config', 'unset', 'protected'],
        ['rotate', 'demo'],
        ['remove', '--force', 'demo'],
        ['import', '--all', '--yes'],
        ['allow', 'projects/dev'],
        ['init', 'dev'],
        ['setup', '--yes'],
        ['unlock'],
        ['sso', 'add', 'other'],
        ['migrate-backend', '--from', 'file', '--to', 'pass'],
        ['uninstall', '--yes'],
        ['add', 'new', '--stdin'],
      ]) {
        const { status, out } = await box.awsh(words, inAgent);
        expect({ words, status, out }).toEqual({ words, status: 7, out: '' });
      }
      for (const words of [['allow', '--list'], ['uninstall', '--dry-run'], ['config'], ['lock']])
        expect(await box.awsh(words, inAgent)).toMatchObject({ status: 0 });
      expect(box.sandbox.emulator.calls).toEqual([]);
    },
  );
});
