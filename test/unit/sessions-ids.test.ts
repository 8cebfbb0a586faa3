import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/sessions/index.ts';
import { awsFiles, type PlanCase, planOf } from '../support/plans.ts';

const mfa = 'mfa_serial = arn:aws:iam::111122223333:mfa/jane';
const config = `[profile dev]
role_arn = arn:aws:iam::444455556666:role/Dev
source_profile = me
external_id = partner
${mfa}
region = eu-west-1
[profile me]
${mfa}
region = eu-west-1
[services local]
sts =
  endpoint_url = http://127.0.0.1:4566`;
const base: PlanCase = { config, stored: ['me'] };
const idOf = (plan: PlanCase) => planOf(plan).sessionIds.at(-1);
const sharedIdOf = (plan: PlanCase) => planOf(plan).sessionIds[1];

describe('the ids of cached sessions', () => {
  it('are the same for the same files, and are hashes', () => {
    expect(idOf(base)).toBe(idOf({ ...base }));
    expect(idOf(base)).toMatch(/^[0-9a-f]{64}$/);
    expect(planOf(base).sessionIds[0]).toBeNull();
  });

  it.each([
    ['the role', 'role/Dev', 'role/Admin'],
    ['external_id', 'partner', 'other'],
    ['the source’s MFA device, and the profile’s', mfa, `${mfa}2`],
    ['the source’s endpoint', '[profile me]\n', '[profile me]\nendpoint_url = http://127.0.0.1:1\n'],
    ['the region', 'region = eu-west-1\n[profile me]', 'region = eu-west-2\n[profile me]'],
    ['an endpoint', '[profile me]', 'services = local\n[profile me]'],
    ['a session name', '[profile me]', 'role_session_name = jane\n[profile me]'],
    ['tags', '[profile me]', 'session_tags = a=b\n[profile me]'],
    ['a policy', '[profile me]', 'policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess\n[profile me]'],
    ['the duration', '[profile me]', 'duration_seconds = 1800\n[profile me]'],
  ])('change if this was edited: %s', (_, from, to) => {
    expect(config).toContain(from);
    expect(idOf({ ...base, config: config.replaceAll(from, to) })).not.toBe(idOf(base));
  });

  it('change for another key, and for another config file', () => {
    const files = awsFiles(config);
    const rotated = [{ profile: 'me', accessKeyId: 'AKIAROTATED', added: new Date(0) }];
    expect(planOf({ ...base, keys: rotated }).sessionIds.at(-1)).not.toBe(idOf(base));
    expect(planOf({ ...base, files: { ...files, configPath: '/elsewhere' } }).sessionIds.at(-1)).not.toBe(
      idOf(base),
    );
  });

  it('are shared below the roles', () => {
    const other = config.replace('role/Dev', 'role/Ops');
    expect(sharedIdOf({ ...base, config: other })).toBe(sharedIdOf(base));
    expect(idOf({ ...base, config: other })).not.toBe(idOf(base));
  });

  it('do not depend on a directory’s region', () => {
    expect(idOf({ ...base, directoryRegion: 'us-west-1' })).toBe(idOf(base));
  });
});

describe('the identity of a plan, as trust records it', () => {
  const identity = (text: string, plan: Partial<PlanCase> = {}) =>
    identityOf(planOf({ ...base, ...plan, config: text }), awsFiles(text, plan.credentials));

  it('names account, role, source and endpoints', () => {
    const text = config.replace('[profile me]', 'services = local\n[profile me]');
    expect(identity(text)).toMatchObject({
      profile: 'dev',
      account: '444455556666',
      role: 'arn:aws:iam::444455556666:role/Dev',
      source: 'me',
      commands: [],
      endpoints: ['http://127.0.0.1:4566'],
    });
  });

  it('of an access key is the name of its source, without an account', () => {
    expect(identity('[profile dev]', { stored: ['dev'] })).toMatchObject({
      account: null,
      role: null,
      source: 'dev',
    });
  });

  it.each([
    ['the role', 'role/Dev', 'role/Admin'],
    ['a key that this awsh does not read', '[profile me]', 'credential_process = /tmp/x\n[profile me]'],
    ['a key of the source', '[profile me]', '[profile me]\nmfa_process = /tmp/x'],
    ['a nested value', '[profile me]', 's3 =\n  endpoint_url = http://127.0.0.1:1\n[profile me]'],
    [
      'a key that [default] gives to all',
      '[profile dev]',
      '[default]\nduration_seconds = 900\n[profile dev]',
    ],
  ])('changes with an edit of it: %s', (_, from, to) => {
    expect(identity(config.replace(from, to)).digest).not.toBe(identity(config).digest);
  });

  it('changes with an edit of a services section that the profile names', () => {
    const text = config.replace('[profile me]', 'services = local\n[profile me]');
    expect(identity(text.replace('4566', '4567')).digest).not.toBe(identity(text).digest);
  });

  it.each([
    ['the region', 'eu-west-1', 'eu-west-2'],
    ['the output format', '[profile me]', 'output = json\n[profile me]'],
    ['a profile outside the chain', '[profile me]', '[profile other]\nregion = eu-west-1\n[profile me]'],
    ['a comment', '[profile me]', '# mine\n[profile me]'],
  ])('does not change with another value of: %s', (_, from, to) => {
    expect(identity(config.replaceAll(from, to)).digest).toBe(identity(config).digest);
  });

  it('does not change with a rotated key', () => {
    const text = '[profile dev]';
    const secrets = (secret: string) =>
      `[dev]\naws_access_key_id = AKIAX000000000000000\naws_secret_access_key = ${secret}`;
    const before = identity(text, { stored: [], credentials: secrets('one') });
    expect(identity(text, { stored: [], credentials: secrets('two') }).digest).toBe(before.digest);
  });

  it('changes with another config file', () => {
    const plan = planOf(base);
    const files = awsFiles(config);
    const elsewhere = { ...plan, configPath: '/elsewhere/config' };
    expect(identityOf(elsewhere, files).digest).not.toBe(identityOf(plan, files).digest);
  });
});
