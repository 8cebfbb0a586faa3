import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerIdentity } from '../../src/sessions/index.ts';
import { type MotoServer, startMoto } from '../support/moto.ts';
import { has } from '../support/programs.ts';
import { configAt, machine, person } from '../support/session-runs.ts';

const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'any' };
const serial = 'arn:aws:iam::111122223333:mfa/jane';
const role = (profile: string, account: string, source: string) =>
  `[profile ${profile}]\nrole_arn = arn:aws:iam::${account}:role/${profile}\nsource_profile = ${source}`;

describe.skipIf(!has('moto_server'))('sessions at moto_server', () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.stop());

  it('a user’s session', async () => {
    const credentials = await machine({ dev: key }).get({ config: configAt(moto, '[profile dev]') });
    expect(credentials.sessionToken).not.toBeNull();
    expect((credentials.expiration?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
  });

  it('a chain of roles with MFA, tags and an external id', async () => {
    const config = configAt(
      moto,
      `mfa_serial = ${serial}`,
      role('dev', '444455556666', 'hub'),
      'external_id = partner\nsession_tags = team=blue\nsource_identity = jane',
      role('hub', '777788889999', 'me'),
      '[profile me]',
    );
    const asks = person('123456');
    const credentials = await machine({ me: key }, asks).get({ config });
    expect(credentials.accountId).toBe('444455556666');
    expect(asks.asked).toHaveLength(1);
    const target = { region: 'eu-west-1', endpoint: moto.url };
    expect(await callerIdentity(credentials, target)).toEqual({
      accountId: '444455556666',
      arn: credentials.arn,
    });
  });
});
