import { describe, expect, it } from 'vitest';
import { callerIdentity, verifyAccount } from '../../src/sessions/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine, person } from '../support/session-runs.ts';

const account = '111122223333';
const roleArn = (name: string) => `arn:aws:iam::444455556666:role/${name}`;

/** An AWS with a user who has an MFA device, and a home with that user's key as profile `me`. */
async function setting() {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account, name: 'jane', mfa: true });
  for (const name of ['Dev', 'Ops', 'Hub']) emulator.addRole({ account: '444455556666', name });
  const mfa = `mfa_serial = ${jane.mfaSerial}`;
  return { emulator, jane, mfa };
}

const target = (url: string) => ({ region: 'eu-west-1', endpoint: url });

describe('sessions, at an AWS that checks signatures and MFA codes', () => {
  it('a user’s session is made once and then found', async () => {
    const { emulator, jane } = await setting();
    const { get, said } = machine({ me: jane });
    const plan = { config: configAt(emulator, '[profile me]'), profile: 'me' };
    const first = await get(plan);
    const second = await get(plan);
    expect(second.accessKeyId).toBe(first.accessKeyId);
    expect(emulator.actions).toEqual(['GetSessionToken']);
    expect(emulator.calls[0]?.params).toMatchObject({ DurationSeconds: '3600' });
    expect((first.expiration?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3500_000);
    expect(said).toEqual([expect.stringContaining('IAM')]);
    expect(await callerIdentity(first, target(emulator.url))).toEqual({ accountId: account, arn: jane.arn });
  });

  it('a role with an external id gets the account that AWS names in its reply', async () => {
    const { emulator, jane } = await setting();
    emulator.addRole({ account: '777788889999', name: 'Partner', trust: { externalId: 'secret-handshake' } });
    const { get } = machine({ me: jane });
    const config = configAt(
      emulator,
      '[profile dev]\nrole_arn = arn:aws:iam::777788889999:role/Partner\nsource_profile = me',
      'external_id = secret-handshake\nrole_session_name = jane\n[profile me]',
    );
    expect(await get({ config })).toMatchObject({
      accountId: '777788889999',
      arn: 'arn:aws:sts::777788889999:assumed-role/Partner/jane',
    });
  });

  it('a role session is named after the time in nanoseconds', async () => {
    const { emulator, jane } = await setting();
    await machine({ dev: jane }).get({
      config: configAt(emulator, `[profile dev]\nrole_arn = ${roleArn('Dev')}`),
    });
    const name = emulator.calls[0]?.params.RoleSessionName ?? '';
    expect(name).toMatch(/^\d{19}$/);
    expect(Math.abs(Number(name) / 1e6 - Date.now())).toBeLessThan(60_000);
  });

  it('one MFA code is enough for all roles over the same source', async () => {
    const { emulator, jane, mfa } = await setting();
    const asks = person(jane.code);
    const { get, run } = machine({ me: jane }, asks);
    const config = configAt(
      emulator,
      mfa,
      `[profile dev]\nrole_arn = ${roleArn('Dev')}\nsource_profile = me`,
      `[profile ops]\nrole_arn = ${roleArn('Ops')}\nsource_profile = me\n[profile me]`,
    );
    await get({ config });
    await get({ config, profile: 'ops' });
    expect(asks.asked).toEqual([`MFA code for me (${jane.mfaSerial})`]);
    expect(emulator.actions).toEqual(['GetSessionToken', 'AssumeRole', 'AssumeRole']);
    expect(emulator.calls.map((call) => call.params.TokenCode !== undefined)).toEqual([true, false, false]);
    expect(run.vault.sessions().map(({ profile, kind }) => `${kind} ${profile}`)).toEqual([
      'GetSessionToken me',
      'AssumeRole dev',
      'AssumeRole ops',
    ]);
  });

  it('each role of a chain is signed by the one before', async () => {
    const { emulator, jane } = await setting();
    const hub = emulator.cloud.findRole(roleArn('Hub'));
    emulator.addRole({ account: '444455556666', name: 'Last', trust: { principals: [hub?.arn ?? ''] } });
    const { get } = machine({ me: jane });
    const config = configAt(
      emulator,
      `[profile dev]\nrole_arn = ${roleArn('Last')}\nsource_profile = hub\nduration_seconds = 7200`,
      `[profile hub]\nrole_arn = ${roleArn('Hub')}\nsource_profile = me\n[profile me]`,
    );
    expect(await get({ config })).toMatchObject({ accountId: '444455556666' });
    expect(emulator.calls.map((call) => call.params.RoleArn)).toEqual([roleArn('Hub'), roleArn('Last')]);
    expect(emulator.calls[1]?.params.DurationSeconds).toBe('3600');
  });

  it('a cached role is used without reading its source’s key', async () => {
    const { emulator, jane } = await setting();
    const { get, vault } = machine({ me: jane });
    const config = configAt(
      emulator,
      `[profile dev]\nrole_arn = ${roleArn('Dev')}\nsource_profile = me\n[profile me]`,
    );
    await get({ config });
    expect(vault.keyReads()).toBe(1);
    await get({ config });
    expect(vault.keyReads()).toBe(1);
    expect(emulator.actions).toEqual(['AssumeRole']);
  });

  it.each([
    ['the role', `role_arn = ${roleArn('Dev')}`, `role_arn = ${roleArn('Ops')}`],
    ['the duration', 'source_profile', 'duration_seconds = 1800\nsource_profile'],
    ['tags', 'source_profile', 'session_tags = a=b\nsource_profile'],
  ])('after an edit of %s no stale session is used', async (_, from, to) => {
    const { emulator, jane } = await setting();
    const { get } = machine({ me: jane });
    const config = configAt(
      emulator,
      `[profile dev]\nrole_arn = ${roleArn('Dev')}\nsource_profile = me\n[profile me]`,
    );
    const before = await get({ config });
    const after = await get({ config: config.replace(from, to) });
    expect(after.accessKeyId).not.toBe(before.accessKeyId);
    expect(emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  });

  it('a session with too little time left is replaced, and so is one to be refreshed', async () => {
    const { emulator, jane } = await setting();
    const { get, run } = machine({ dev: jane });
    const plan = { config: configAt(emulator, '[profile dev]') };
    const first = await get(plan);
    const later = { now: () => Date.now() + 56 * 60_000 };
    expect((await get(plan, { clock: { now: () => Date.now() + 54 * 60_000 } })).accessKeyId).toBe(
      first.accessKeyId,
    );
    expect((await get(plan, { clock: later })).accessKeyId).not.toBe(first.accessKeyId);
    const third = await get(plan, { refresh: true });
    expect(third.accessKeyId).not.toBe(first.accessKeyId);
    expect(run.vault.sessions()).toHaveLength(1);
  });

  it('a session stored while this machine’s clock was hours ahead is not used', async () => {
    const { emulator, jane } = await setting();
    const { get } = machine({ dev: jane });
    const plan = { config: configAt(emulator, '[profile dev]') };
    await get(plan);
    await get(plan, { clock: { now: () => Date.now() - 2 * 3600_000 } });
    expect(emulator.actions).toEqual(['GetSessionToken', 'GetSessionToken']);
  });

  it('a session that AWS ended early is made again, once', async () => {
    const { emulator, jane, mfa } = await setting();
    const { get } = machine({ me: jane }, person(jane.code, jane.code));
    const roles = (name: string) => `[profile ${name}]\nrole_arn = ${roleArn('Dev')}\nsource_profile = me\n`;
    const config = configAt(emulator, mfa, roles('dev'), roles('ops'), '[profile me]');
    await get({ config });
    emulator.expireSessions();
    await get({ config, profile: 'ops' });
    expect(emulator.actions).toEqual([
      'GetSessionToken',
      'AssumeRole',
      'AssumeRole',
      'GetSessionToken',
      'AssumeRole',
    ]);
  });

  it('--no-session gives the key itself', async () => {
    const { emulator, jane } = await setting();
    const { get, said } = machine({ dev: jane });
    const plan = { config: configAt(emulator, '[profile dev]'), options: { noSession: true } };
    expect(await get(plan)).toMatchObject({
      accessKeyId: jane.accessKeyId,
      sessionToken: null,
      expiration: null,
    });
    expect(emulator.actions).toEqual([]);
    expect(said.join()).toContain('does not expire');
  });

  it('AWS is asked for the account if it is needed, and the answer is stored with the session', async () => {
    const { emulator, jane } = await setting();
    const { get } = machine({ dev: jane });
    const plan = { config: configAt(emulator, '[profile dev]') };
    expect(await get(plan, { needAccount: true })).toMatchObject({ accountId: account, arn: jane.arn });
    expect(await get(plan, { needAccount: true })).toMatchObject({ accountId: account });
    expect(emulator.actions).toEqual(['GetSessionToken', 'GetCallerIdentity']);
  });

  it('credentials of another account than the pinned one are refused', async () => {
    const { emulator, jane } = await setting();
    const { get } = machine({ dev: jane });
    const credentials = await get({ config: configAt(emulator, '[profile dev]') });
    expect(await verifyAccount(credentials, account, target(emulator.url))).toMatchObject({
      accountId: account,
    });
    await expect(verifyAccount(credentials, '999999999999', target(emulator.url))).rejects.toThrow(account);
  });

  it('two runs at once make one session', async () => {
    const { emulator, jane } = await setting();
    emulator.misbehave({ kind: 'slow', milliseconds: 200 });
    const { get } = machine({ dev: jane });
    const plan = { config: configAt(emulator, '[profile dev]') };
    const all = await Promise.all(Array.from({ length: 5 }, () => get(plan)));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(emulator.actions).toEqual(['GetSessionToken']);
  });
});

describe('MFA codes', () => {
  it('asks again once after a wrong one', async () => {
    const { emulator, jane, mfa } = await setting();
    const asks = person('000000', jane.code);
    const { get } = machine({ dev: jane }, asks);
    await get({ config: configAt(emulator, mfa, '[profile dev]') });
    expect(asks.asked).toHaveLength(2);
    expect(asks.told.join()).toContain('AWS refused that code');
    expect(emulator.calls.map(({ ok }) => ok)).toEqual([false, true]);
  });

  it('two wrong codes are refused: exit 7', async () => {
    const { emulator, jane, mfa } = await setting();
    const { get } = machine({ dev: jane }, person('000000', '000001', jane.code));
    await expect(get({ config: configAt(emulator, mfa, '[profile dev]') })).rejects.toMatchObject({
      exitStatus: 7,
      what: 'AWS refused the MFA code',
      why: expect.stringContaining(jane.mfaSerial),
    });
    expect(emulator.actions).toHaveLength(2);
  });

  it('the same code is never sent twice', async () => {
    const { emulator, jane, mfa } = await setting();
    const asks = person('000000', '000000', jane.code);
    await machine({ dev: jane }, asks).get({ config: configAt(emulator, mfa, '[profile dev]') });
    const sent = emulator.calls.map((call) => call.params.TokenCode);
    expect(new Set(sent).size).toBe(sent.length);
    expect(asks.told.join()).toContain('wait for the next');
  });

  it('a code is not sent again if the connection breaks, because AWS may have used it', async () => {
    const { emulator, jane, mfa } = await setting();
    emulator.misbehave({ kind: 'refuse' });
    const plan = { config: configAt(emulator, mfa, '[profile dev]') };
    await expect(machine({ dev: jane }, person(jane.code)).get(plan)).rejects.toMatchObject({
      exitStatus: 9,
    });
    expect(emulator.actions).toHaveLength(1);
  });

  it('a code from the command line is used without a question', async () => {
    const { emulator, jane, mfa } = await setting();
    const { get } = machine({ dev: jane });
    await get({ config: configAt(emulator, mfa, '[profile dev]') }, { mfaToken: jane.code() });
    expect(emulator.actions).toEqual(['GetSessionToken']);
  });

  it('without a terminal: exit 6, no key read and no call made', async () => {
    const { emulator, jane, mfa } = await setting();
    const { get, vault } = machine({ dev: jane });
    await expect(get({ config: configAt(emulator, mfa, '[profile dev]') })).rejects.toMatchObject({
      exitStatus: 6,
    });
    expect(vault.keyReads()).toBe(0);
    expect(emulator.actions).toEqual([]);
  });

  it('no lock is held during a question', async () => {
    const { emulator, jane, mfa } = await setting();
    const plan = { config: configAt(emulator, mfa, '[profile dev]') };
    const here = machine({ dev: jane });
    // While the first run waits for its answer, another one asks, gets an answer and finishes.
    const prompter = person(() => 'waits', jane.code);
    prompter.code = async () => {
      const other = await here.get(plan, { prompter: person(jane.code) });
      expect(other.accessKeyId).toMatch(/^ASIA/);
      return '123456';
    };
    expect((await here.get(plan, { prompter: { ...prompter, canAsk: true } })).accessKeyId).toMatch(/^ASIA/);
    expect(emulator.actions).toEqual(['GetSessionToken']);
  });
});
