import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { awsClients, runAws, whoAmI } from '../support/aws-clients.ts';
import { environmentOf, temporaryEmulator } from '../support/emulator.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe.skipIf(!has('aws', 'python3'))('the emulator, used by real AWS clients', () => {
  describe.each(awsClients)('%s', (client) => {
    test('has the identity of its user’s keys', async () => {
      const emulator = await temporaryEmulator();
      const user = emulator.addUser({ account: '123456789012', name: 'demo' });
      const me = await whoAmI(client, environmentOf(user, emulator));
      expect(me).toEqual({ account: '123456789012', arn: user.arn });
    });

    test('is refused with a wrong secret', async () => {
      const emulator = await temporaryEmulator();
      const user = emulator.addUser({ account: '123456789012', name: 'demo' });
      const me = await whoAmI(client, { ...environmentOf(user, emulator), AWS_SECRET_ACCESS_KEY: 'wrong' });
      expect(me).toEqual({ error: expect.stringContaining('SignatureDoesNotMatch') });
    });

    test('gets the error for an expired session', async () => {
      const emulator = await temporaryEmulator();
      const user = emulator.addUser({ account: '123456789012', name: 'demo' });
      const sts = new STSClient({ region: 'eu-west-1', endpoint: emulator.url, credentials: user });
      const { Credentials: session } = await sts.send(new GetSessionTokenCommand({}));
      const environment = {
        ...environmentOf(user, emulator),
        AWS_ACCESS_KEY_ID: session?.AccessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey ?? '',
        AWS_SESSION_TOKEN: session?.SessionToken ?? '',
      };
      expect(await whoAmI(client, environment)).toMatchObject({ arn: user.arn });
      emulator.expireSessions();
      expect(await whoAmI(client, environment)).toEqual({ error: expect.stringContaining('ExpiredToken') });
    });

    test('fails without keys, and uses no other source', async () => {
      expect(await whoAmI(client, { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' })).toEqual({
        error: expect.stringMatching(/credentials/i),
      });
    });
  });

  test('the AWS CLI gets a session for an MFA code, once, and with it a role that needs MFA', async () => {
    const emulator = await temporaryEmulator();
    const user = emulator.addUser({ account: '123456789012', name: 'demo', mfa: true });
    const role = emulator.addRole({ account: '444455556666', name: 'staging', trust: { mfaRequired: true } });
    const home = temporaryHome();
    const call = (code: string) =>
      runAws(['sts', 'get-session-token', '--serial-number', user.mfaSerial, '--token-code', code], {
        ...home.environment,
        ...environmentOf(user, emulator),
      });
    const code = user.code();
    const session = JSON.parse((await call(code)).stdout).Credentials;
    expect((await call(code)).stderr).toContain(
      'MultiFactorAuthentication failed with invalid MFA one time pass code',
    );
    const { stdout } = await runAws(
      ['sts', 'assume-role', '--role-arn', role.arn, '--role-session-name', 'cli', '--output', 'json'],
      {
        ...home.environment,
        ...environmentOf(user, emulator),
        AWS_ACCESS_KEY_ID: session.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: session.SecretAccessKey,
        AWS_SESSION_TOKEN: session.SessionToken,
      },
    );
    expect(JSON.parse(stdout).AssumedRoleUser.Arn).toBe('arn:aws:sts::444455556666:assumed-role/staging/cli');
  });
});
