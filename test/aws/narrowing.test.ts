import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';

const readOnlyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

/** The policies of each session, by access key id. */
const policiesOf = ({ sandbox }: AgentSandbox, accessKeyId: string) =>
  sandbox.emulator.cloud.sessions.get(accessKeyId)?.identity.policies;
const keyIn = (out: string) => /AWS_ACCESS_KEY_ID[= ](\w+)/.exec(out)?.[1] ?? out;
const off = { environment: { AWSH_AGENT: 'off' } };

describe('a narrowed session', () => {
  it('is what exec and export give, in addition to the full one and never in its place', async () => {
    const box = await agentSandbox();
    const asked: [string[], string[]][] = [
      [['dev'], []],
      [['dev', '--read-only'], [readOnlyArn]],
      [['demo', '--read-only'], [readOnlyArn]],
      [['dev', '--policy', policy], [policy]],
      [
        ['dev', '--policy-arn', readOnlyArn, '--policy-arn', `${readOnlyArn}2`],
        [readOnlyArn, `${readOnlyArn}2`],
      ],
    ];
    // Twice, so that each session is made once and found once; with and without the agent.
    for (const round of [{}, off])
      for (const [words, policies] of asked)
        for (const verb of round === off ? [['export', ...words]] : [['exec', ...words, '--', 'env']]) {
          const { out, err } = await box.awsh(verb, round);
          expect(policiesOf(box, keyIn(out)), `${verb} ${err}`).toEqual(policies);
        }
    expect(box.sandbox.emulator.actions.filter((it) => it === 'AssumeRole')).toHaveLength(4);
  });

  it('is named to the command, so that a refresh in its shell makes the same', async () => {
    const box = await agentSandbox();
    const { out } = await box.awsh(['exec', 'dev', '--read-only', '--', 'env']);
    expect(out).toContain('\nAWS_VAULT=dev ro\n');
    const renewed = await box.loadCold(box.sandbox.home, ['pin dev ro', 'refresh 1', 'exec 1']);
    expect(policiesOf(box, keyIn(renewed))).toEqual([readOnlyArn]);
  });

  it('is what a directory and a pin ask for, from the agent and from Node', async () => {
    const box = await agentSandbox();
    const { folder } = box.sandbox.projects[0] as { folder: string };
    writeFileSync(join(folder, '.awsprofile'), 'profile = dev\nread-only = true\n');
    const { err } = await box.awsh(['allow', folder]);
    expect(err).toMatch(/access +read-only/);
    await box.awsh(['export', 'dev']);
    for (const lines of [[], ['pin dev ro'], [`pin dev policy-arn=${readOnlyArn}`]]) {
      const cold = await box.loadCold(folder, lines);
      const warm = await box.loadWarm(folder, lines);
      expect(policiesOf(box, keyIn(cold))).toEqual([readOnlyArn]);
      expect(keyIn(warm ?? 'cold')).toBe(keyIn(cold));
      expect(cold).toContain(lines.length === 2 ? '' : 'set AWSH_PROFILE dev ');
    }
    expect(policiesOf(box, keyIn(await box.loadCold(folder, ['pin dev'])))).toEqual([]);
  });

  it('is shown by explain, with the policies of each step', async () => {
    const box = await agentSandbox();
    const { out } = await box.awsh(['explain', 'dev', '--read-only']);
    expect(out).toMatch(/only +arn:aws:iam::aws:policy\/ReadOnlyAccess/);
    expect(out).toMatch(/access +read-only/);
    const plain = await box.awsh(['explain', 'dev', '--json']);
    expect(JSON.parse(plain.out)).toMatchObject({ access: null });
  });

  it('reaches AWS as it was written: a key that is there twice is for AWS to refuse', async () => {
    const box = await agentSandbox();
    const twice = '{ "Statement": [{"Sid":"a b"}], "Statement": [] }';
    await box.awsh(['export', 'dev', '--policy', twice]);
    expect(box.sandbox.emulator.calls.at(-1)?.params.Policy).toBe(
      '{"Statement":[{"Sid":"a b"}],"Statement":[]}',
    );
  });

  it('is refused before any call if there is no such session', async () => {
    const box = await agentSandbox();
    appendFileSync(
      join(box.sandbox.home, '.aws/config'),
      '\n[profile prog]\ncredential_process = /bin/echo\n',
    );
    const refused: [string[], RegExp][] = [
      [['exec', 'prog', '--read-only', '--', 'env'], /cannot be narrowed \(--read-only\)/],
      [['exec', 'dev', '--read-only', '--profile-env', '--', 'env'], /--profile-env cannot be used with/],
      [['exec', 'dev', '--read-only', '--policy', policy, '--', 'env'], /would not be read-only/],
      [['exec', 'demo', '--no-session', '--read-only', '--', 'env'], /--no-session/],
      [['export', 'dev', '--policy', 'missing.json'], /--policy: missing.json cannot be read/],
      [['export', 'dev', '--policy', '{'], /--policy is not JSON/],
    ];
    for (const [words, message] of refused) {
      const { status, out, err } = await box.awsh(words);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(message);
    }
    expect(box.sandbox.emulator.calls).toEqual([]);
  });

  it('is explained if AWS finds that the packed policies are too large', async () => {
    const box = await agentSandbox();
    box.sandbox.emulator.misbehave({
      kind: 'error',
      action: 'AssumeRole',
      code: 'PackedPolicyTooLarge',
      message: 'Packed policy consumes 108% of allotted space.',
    });
    const { status, err } = await box.awsh(['export', 'dev', '--policy', policy]);
    expect(status).toBe(8);
    expect(err).toMatch(/too large for AWS[\s\S]*108%[\s\S]*next: awsh explain dev/);
  });
});
