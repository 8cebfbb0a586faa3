import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pinOfChoice } from '../../src/sessions/index.ts';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { packageFolder } from '../support/run-awsh.ts';

const keyIn = (out: string) => /AWS_ACCESS_KEY_ID[= ](\w+)/.exec(out)?.[1];
const pin = (reason: string) => pinOfChoice({ profile: 'dev', reason });
/** The parameters that AssumeRole got, one call a line. */
const reasonsSent = ({ sandbox }: AgentSandbox) =>
  sandbox.emulator.calls
    .filter(({ action }) => action === 'AssumeRole')
    .map(
      ({ params }) =>
        params.SourceIdentity ?? `${params['Tags.member.1.Key']}=${params['Tags.member.1.Value']}`,
    );
const log = ({ paths }: AgentSandbox) => readFileSync(join(paths.state, 'log.jsonl'), 'utf8');
const reasonsLogged = (box: AgentSandbox) =>
  log(box)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ outcome }) => outcome === 'granted')
    .map(({ verb, accessKeyId, reason }) => ({ verb, accessKeyId, reason }));

/** The profile dev needs no MFA code. */
async function withReason(more = ''): Promise<AgentSandbox> {
  const box = await agentSandbox();
  const settings = `backend = file\nprotected = dev reason = required\n${more}`;
  writeFileSync(join(box.sandbox.home, '.config/awsh/config'), settings);
  return box;
}

describe('protected with reason = required', () => {
  it.each([
    ['exec', 'dev', '--', 'env'],
    ['export', 'dev'],
    ['login', 'dev', '--stdout'],
    ['serve', 'dev'],
  ])('%s without a terminal: nothing is given, and the next command has --reason', async (...words) => {
    const box = await withReason();
    const [verb = '', ...rest] = words;
    const { status, out, err } = await box.awsh(words);
    expect({ status, out }).toEqual({ status: 6, out: '' });
    expect(err.split('\n')).toEqual([
      'awsh: profile "dev" needs a reason',
      '  why:  it is protected (reason=required), and awsh cannot ask you for the reason here',
      `  next: awsh ${verb} --reason TEXT ${rest.join(' ')}`,
      '',
    ]);
    expect(box.sandbox.emulator.calls).toEqual([]);
  });

  it.each(['arn:aws:iam::*:role/dev*'])(
    'applies to a role that no profile names, protected as %s',
    async (pattern) => {
      const box = await agentSandbox();
      const settings = `backend = file\nprotected = ${pattern} reason=required max=20m\n`;
      writeFileSync(join(box.sandbox.home, '.config/awsh/config'), settings);
      const named = ['--role-arn', 'arn:aws:iam::111122223333:role/developer', '--source-profile', 'demo'];
      for (const words of [
        ['export', ...named],
        ['exec', ...named, '--', 'env'],
        ['serve', ...named],
        ['login', ...named, '--stdout'],
        ['exec', '111122223333:developer', '--source-profile', 'demo', '--', 'env'],
      ]) {
        const { status, out } = await box.awsh(words);
        expect({ words, status, out }).toEqual({ words, status: 6, out: '' });
      }
      const reply = await box.loadCold(box.sandbox.home, ['pin 111122223333:developer:demo', 'use 1']);
      expect(reply).toMatch(/^- confirm 0 not confirmed$/m);
      expect(box.sandbox.emulator.calls).toEqual([]);
      expect((await box.awsh(['export', ...named, '--reason', 'OPS-1'])).status).toBe(0);
      expect(box.sandbox.emulator.calls.at(-1)?.params).toMatchObject({ DurationSeconds: '1200' });
    },
  );

  it('is sent to AWS and logged, and a session for one reason is not given for another', async () => {
    const box = await withReason();
    const key = async (...words: string[]) => keyIn((await box.awsh(words)).out);
    const first = await key('export', 'dev', '--reason', 'OPS-1 restart');
    expect(await key('exec', 'dev', '--reason=OPS-1 restart', '--', 'env')).toBe(first);
    const second = await key('export', 'dev', '--reason', 'OPS-2');
    expect(second).not.toBe(first);
    expect((await box.awsh(['export', 'dev'])).status).toBe(6);
    expect(reasonsSent(box)).toEqual(['reason=OPS-1 restart', 'reason=OPS-2']);
    expect(reasonsLogged(box)).toEqual([
      { verb: 'export', accessKeyId: first, reason: 'OPS-1 restart' },
      { verb: 'exec', accessKeyId: first, reason: 'OPS-1 restart' },
      { verb: 'export', accessKeyId: second, reason: 'OPS-2' },
    ]);
  });

  it('goes into the source identity if the settings say so', async () => {
    const box = await withReason('reason_as = source-identity\n');
    await box.awsh(['export', 'dev', '--reason', 'OPS-1: restart (web)'.replace(/[()]/g, '')]);
    expect(reasonsSent(box)).toEqual(['OPS-1-restart-web']);
    appendFileSync(join(box.sandbox.home, '.aws/config'), '\n[profile dev]\nsource_identity = jane\n');
    const { status, err } = await box.awsh(['export', 'dev', '--reason', 'OPS-1']);
    expect(status).toBe(2);
    expect(err).toContain('next: awsh config set reason_as tag');
  });

  it.each([
    ['tag', 'sts:TagSession'],
    ['source-identity', 'sts:SetSourceIdentity'],
  ])('as %s: names the action that the trust policy has to allow', async (as, action) => {
    const box = await withReason(`reason_as = ${as}\n`);
    const { account } = box.sandbox.projects[0] as { account: string };
    const user = box.sandbox.emulator.cloud.users[0]?.arn ?? '';
    const trust = { principals: [user], denies: [action] };
    const { arn } = box.sandbox.emulator.addRole({ account, name: 'strict', trust });
    const config = join(box.sandbox.home, '.aws/config');
    writeFileSync(config, readFileSync(config, 'utf8').replace('role/developer', 'role/strict'));
    const { status, err } = await box.awsh(['export', 'dev', '--reason', 'OPS-1']);
    expect(status).toBe(8);
    expect(err).toContain(`to do ${action} on ${arn}`);
    expect(err).toContain('awsh sends your reason with this call');
    expect(err).toContain(`allow ${action} in the role's trust policy`);
  });

  it.each([
    ['AKIAIOSFODNN7EXAMPLE', /looks like a key/],
    ['fix #42', /AWS does not accept # in a reason/],
  ])('does not accept %s, and shows it nowhere', async (text, why) => {
    const box = await withReason();
    const { status, out, err } = await box.awsh(['export', 'dev', '--reason', text]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(why);
    expect(err).toContain('next: awsh export --reason TEXT dev');
    expect(err).not.toContain(text);
    expect(box.sandbox.emulator.calls).toEqual([]);
  });

  it('is a tag of the session of a narrowed access key', async () => {
    const box = await withReason('protected = demo reason=required\n');
    const narrow = (...more: string[]) => box.awsh(['export', 'demo', '--read-only', ...more]);
    const first = await narrow('--reason', 'OPS-1');
    expect(first).toMatchObject({ status: 0, err: '' });
    const { action, params } = box.sandbox.emulator.calls.at(-1) ?? {};
    expect([action, params?.['Tags.member.1.Key'], params?.['Tags.member.1.Value']]).toEqual([
      'GetFederationToken',
      'reason',
      'OPS-1',
    ]);
    expect(keyIn((await narrow('--reason', 'OPS-2')).out)).not.toBe(keyIn(first.out));
    appendFileSync(join(box.sandbox.home, '.config/awsh/config'), 'log = off\n');
    expect(await narrow('--reason', 'OPS-1')).toMatchObject({ status: 0, out: first.out });
    appendFileSync(join(box.sandbox.home, '.config/awsh/config'), 'reason_as = source-identity\n');
    expect(await narrow('--reason', 'OPS-1')).toMatchObject({ status: 2, out: '' });
  });

  it.each([
    ['because no identity-based policy allows the sts:TagSession action', /allow sts:TagSession in a policy/],
    ['with an explicit deny in a service control policy', /ask an administrator of your AWS organization/],
  ])('names the action that the user of a narrowed key needs: %s', async (clause, advice) => {
    const box = await withReason('protected = demo reason=required\n');
    const [user] = box.sandbox.emulator.cloud.users;
    const resource = `arn:aws:sts::${user?.account}:federated-user/demo`;
    const message = `User: ${user?.arn} is not authorized to perform: sts:TagSession on resource: ${resource} ${clause}`;
    const fault = { code: 'AccessDenied', status: 403, message, action: 'GetFederationToken' };
    box.sandbox.emulator.misbehave({ kind: 'error', ...fault });
    const { status, out, err } = await box.awsh(['export', 'demo', '--read-only', '--reason', 'OPS-1']);
    expect({ status, out }).toEqual({ status: 8, out: '' });
    const [what, why] = err.split('\n');
    expect(what).toBe('awsh: AWS does not allow profile "demo" to send your reason (sts:TagSession)');
    expect(why).toContain(`AWS says "${clause}"`);
    expect(why).toMatch(advice);
  });

  it('is not in AWS_VAULT, which prompts show', async () => {
    const box = await withReason();
    const { out } = await box.awsh(['exec', 'dev', '--read-only', '--reason', 'OPS-1', '--', 'env']);
    expect(out).toMatch(/^AWS_VAULT=dev ro$/m);
    expect(out).toMatch(/^AWSH_REASON=T1BTLTE$/m);
    const status = [join(packageFolder, 'bin/awsh'), 'status'];
    const inside = await box.awsh(['exec', 'dev', '--reason', 'OPS-1', '--', ...status]);
    expect(inside.out).toMatch(/used for +OPS-1/);
  });

  it('is only logged if AWS accepts no reason for it, and then needs the log', async () => {
    const box = await withReason();
    appendFileSync(join(box.sandbox.home, '.config/awsh/config'), 'protected = demo reason=required\n');
    const { err, out } = await box.awsh(['export', 'demo', '--reason', 'OPS-1']);
    expect(err).toContain('only awsh log shows it');
    expect(reasonsLogged(box)).toEqual([{ verb: 'export', accessKeyId: keyIn(out), reason: 'OPS-1' }]);
    expect(keyIn((await box.awsh(['export', 'demo', '--reason', 'OPS-2'])).out)).not.toBe(keyIn(out));
    appendFileSync(join(box.sandbox.home, '.config/awsh/config'), 'log = off\n');
    const refused = await box.awsh(['export', 'demo', '--reason', 'OPS-1']);
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toContain('next: awsh config set log on');
  });
});

describe('a shell with a reason', () => {
  it('gets nothing without one, and the clock asks no question', async () => {
    const box = await withReason();
    for (const lines of [['use 1'], ['renew 1', 'loaded dev'], ['quiet 1']]) {
      const reply = await box.loadCold(box.sandbox.home, ['pin dev', ...lines]);
      expect(reply).toMatch(/^- confirm 0 not confirmed$/m);
      expect(reply).toMatch(/^reason dev is not loaded: it is protected and needs a reason/m);
      expect(reply).not.toContain('ACCESS_KEY_ID A');
    }
    expect(box.sandbox.emulator.calls).toEqual([]);
  });

  it('keeps the session of its reason, from Node, the agent and a renewal', async () => {
    const box = await withReason();
    const { home } = box.sandbox;
    const { out } = await box.awsh(['_pin', 'dev', '--reason', 'OPS-1']);
    expect(out.trim()).toBe(pin('OPS-1'));
    const first = await box.loadCold(home, [`pin ${pin('OPS-1')}`, 'use 1']);
    expect(first).toMatch(new RegExp(`^- ok \\d+ ${pin('OPS-1')}$`, 'm'));
    const second = await box.loadCold(home, [`pin ${pin('OPS-2')}`, 'use 1']);
    expect(keyIn(second)).not.toBe(keyIn(first));
    // In a shell that asked for a reason, the loaded profile has the reason, and the pin does not.
    for (const lines of [['pin dev'], [`pin ${pin('OPS-1')}`], ['pin dev', 'renew 1']]) {
      const words = [...lines, `loaded ${pin('OPS-1')}`];
      expect(keyIn((await box.loadWarm(home, words)) ?? '')).toBe(keyIn(first));
      expect(keyIn(await box.loadCold(home, words))).toBe(keyIn(first));
    }
    expect(await box.loadWarm(home, ['pin dev'])).toMatch(/^cold 0 -/);
    const renewed = await box.loadCold(home, ['pin dev', `loaded ${pin('OPS-1')}`, 'refresh 1']);
    expect(keyIn(renewed)).not.toBe(keyIn(first));
    expect(reasonsSent(box)).toEqual(['reason=OPS-1', 'reason=OPS-2', 'reason=OPS-1']);
    expect(new Set(reasonsLogged(box).map(({ reason }) => reason))).toEqual(new Set(['OPS-1', 'OPS-2']));
  });
});
