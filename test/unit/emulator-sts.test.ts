import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import type { EmulatedUser, Emulator, NewRole } from '../../src/demo/emulator/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';

const signatureMismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

function client(emulator: Emulator, credentials: Keys, region = 'eu-west-1'): STSClient {
  return new STSClient({ region, endpoint: emulator.url, credentials, maxAttempts: 1 });
}

function keysOf(credentials: Credentials | undefined): Keys {
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  };
}

/** An emulator with one user who has an MFA device. */
async function oneUser(): Promise<{ emulator: Emulator; user: EmulatedUser; sts: STSClient }> {
  const emulator = await temporaryEmulator();
  const user = emulator.addUser({ account: '123456789012', name: 'demo', mfa: true });
  return { emulator, user, sts: client(emulator, user) };
}

function roleIn(emulator: Emulator, role: Partial<NewRole> = {}) {
  return emulator.addRole({ account: '111122223333', name: 'dev', ...role });
}

const whoAmI = (sts: STSClient) => sts.send(new GetCallerIdentityCommand({}));
const sessionToken = (sts: STSClient, mfa = {}) => sts.send(new GetSessionTokenCommand(mfa));
const assume = (sts: STSClient, input: Partial<AssumeRoleCommandInput>) =>
  sts.send(new AssumeRoleCommand({ RoleArn: '', RoleSessionName: 'me', ...input }));

test('GetCallerIdentity names the user of the keys', async () => {
  const { user, sts } = await oneUser();
  expect(await whoAmI(sts)).toMatchObject({ Account: '123456789012', Arn: user.arn });
});

test.each<[string, Partial<Keys>, string, string]>([
  ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch', signatureMismatch],
  [
    'an unknown key',
    { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
  ],
  [
    'a token beside a long-term key',
    { sessionToken: 'x' },
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
  ],
])('%s is refused', async (_, change, name, message) => {
  const { emulator, user } = await oneUser();
  const { accessKeyId, secretAccessKey } = user;
  const sts = client(emulator, { accessKeyId, secretAccessKey, ...change });
  await expect(whoAmI(sts)).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: 403 } });
  expect(emulator.calls).toMatchObject([
    { action: 'GetCallerIdentity', ok: false, error: name, caller: null },
  ]);
});

test('an unknown region is refused', async () => {
  const { emulator, user } = await oneUser();
  const refused = whoAmI(client(emulator, user, 'nowhere'));
  await expect(refused).rejects.toMatchObject({ message: 'Credential should be scoped to a valid region. ' });
});

test.each([
  ['behind', 3_600_000, /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/],
  ['ahead', -3_600_000, /^Signature not yet current: \d{8}T\d{6}Z is still later than .* \+ 5 min\.\)$/],
])('a machine whose clock is an hour %s gets AWS’s error', async (_, offset, message) => {
  const { emulator, sts } = await oneUser();
  emulator.cloud.clockOffset = offset;
  await expect(whoAmI(sts)).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    message: expect.stringMatching(message),
  });
});

test('the SDK reads the Date header of such a refusal and succeeds at the second try', async () => {
  const { emulator, user } = await oneUser();
  emulator.cloud.clockOffset = 3_600_000;
  const sts = new STSClient({ region: 'eu-west-1', endpoint: emulator.url, credentials: user });
  expect(await whoAmI(sts)).toMatchObject({ Arn: user.arn });
  expect(emulator.calls.map((call) => call.ok)).toEqual([false, true]);
});

test('a difference of four minutes is accepted', async () => {
  const { emulator, sts } = await oneUser();
  emulator.cloud.clockOffset = 4 * 60_000;
  await expect(whoAmI(sts)).resolves.toBeDefined();
});

test('a session works only with its own token', async () => {
  const { emulator, user, sts } = await oneUser();
  const keys = keysOf((await sessionToken(sts)).Credentials);
  expect(keys.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(await whoAmI(client(emulator, keys))).toMatchObject({ Arn: user.arn });
  const { accessKeyId, secretAccessKey } = keys;
  for (const wrong of [
    { accessKeyId, secretAccessKey },
    { ...keys, sessionToken: 'another' },
  ]) {
    await expect(whoAmI(client(emulator, wrong))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  }
});

test('an expired session gets the error for expired tokens', async () => {
  const { emulator, sts } = await oneUser();
  const keys = keysOf((await sessionToken(sts)).Credentials);
  emulator.expireSessions();
  await expect(whoAmI(client(emulator, keys))).rejects.toMatchObject({
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  });
});

test('sessions last as long as requested, or as short as a test wants', async () => {
  const { emulator, sts } = await oneUser();
  const secondsLeft = async (input: { DurationSeconds?: number }) => {
    const { Credentials } = await sts.send(new GetSessionTokenCommand(input));
    return Math.round(((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 10_000) * 10;
  };
  expect(await secondsLeft({})).toBe(43_200);
  expect(await secondsLeft({ DurationSeconds: 900 })).toBe(900);
  emulator.cloud.sessionLifetime = 60;
  expect(await secondsLeft({ DurationSeconds: 900 })).toBe(60);
});

const wrongCode = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';

test('an MFA code is accepted once', async () => {
  const { user, sts } = await oneUser();
  const mfa = { SerialNumber: user.mfaSerial, TokenCode: user.code() };
  await expect(sessionToken(sts, mfa)).resolves.toBeDefined();
  await expect(sessionToken(sts, mfa)).rejects.toMatchObject({ name: 'AccessDenied', message: wrongCode });
  await expect(sessionToken(sts, { ...mfa, TokenCode: user.code() })).resolves.toBeDefined();
});

test.each([
  [
    'another user’s device',
    { SerialNumber: 'arn:aws:iam::123456789012:mfa/other' },
    /unable to validate MFA code/,
  ],
  ['a code without its device', { SerialNumber: undefined }, /must provide both MFA serial number/],
  ['a code of five digits', { TokenCode: '12345' }, /length greater than or equal to 6/],
  ['a code of letters', { TokenCode: 'abcdef' }, /must satisfy regular expression pattern: \[\\d\]\*/i],
])('%s is refused', async (_, change, message) => {
  const { user, sts } = await oneUser();
  const mfa = { SerialNumber: user.mfaSerial, TokenCode: user.code(), ...change };
  await expect(sessionToken(sts, mfa)).rejects.toMatchObject({ message: expect.stringMatching(message) });
});

test('a session cannot be made from a session', async () => {
  const { emulator, sts } = await oneUser();
  const session = client(emulator, keysOf((await sessionToken(sts)).Credentials));
  await expect(sessionToken(session)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'Cannot call GetSessionToken with session credentials',
  });
  const federation = session.send(new GetFederationTokenCommand({ Name: 'guest' }));
  await expect(federation).rejects.toMatchObject({
    message: 'Cannot call GetFederationToken with session credentials',
  });
});

test('a role can be assumed with keys and with a session', async () => {
  const { emulator, sts } = await oneUser();
  const role = roleIn(emulator);
  const session = client(emulator, keysOf((await sessionToken(sts)).Credentials));
  for (const caller of [sts, session]) {
    const { Credentials, AssumedRoleUser } = await assume(caller, {
      RoleArn: role.arn,
      Tags: [{ Key: 'team', Value: 'blue & ünïcode' }],
    });
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/dev/me');
    expect(await whoAmI(client(emulator, keysOf(Credentials)))).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:sts::111122223333:assumed-role/dev/me',
    });
  }
});

test.each<[string, Partial<NewRole>, Partial<AssumeRoleCommandInput>]>([
  ['trusts another user', { trust: { principals: ['arn:aws:iam::123456789012:user/other'] } }, {}],
  ['trusts another account', { trust: { principals: ['999999999999'] } }, {}],
  ['needs MFA', { trust: { mfaRequired: true } }, {}],
  ['needs an external id', { trust: { externalId: 'right' } }, {}],
  ['needs another external id', { trust: { externalId: 'right' } }, { ExternalId: 'wrong' }],
  ['does not exist', { name: 'other' }, {}],
])('a role that %s is denied with AWS’s text', async (_, role, input) => {
  const { emulator, user, sts } = await oneUser();
  roleIn(emulator, role);
  const RoleArn = 'arn:aws:iam::111122223333:role/dev';
  await expect(assume(sts, { RoleArn, ...input })).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${user.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    $metadata: { httpStatusCode: 403 },
  });
});

test.each<[string, NonNullable<NewRole['trust']>, Partial<AssumeRoleCommandInput>]>([
  ['trusts the user', { principals: ['arn:aws:iam::123456789012:user/demo'] }, {}],
  ['trusts the account', { principals: ['arn:aws:iam::123456789012:root'] }, {}],
  ['gets its external id', { externalId: 'right' }, { ExternalId: 'right' }],
])('a role that %s is given', async (_, trust, input) => {
  const { emulator, sts } = await oneUser();
  const role = roleIn(emulator, { trust });
  await expect(assume(sts, { RoleArn: role.arn, ...input })).resolves.toBeDefined();
});

test('a role that needs MFA accepts a code, or a session made with one; a chained role accepts neither', async () => {
  const { emulator, user, sts } = await oneUser();
  const { arn } = roleIn(emulator, { trust: { mfaRequired: true } });
  const mfa = () => ({ SerialNumber: user.mfaSerial, TokenCode: user.code() });
  const role = await assume(sts, { RoleArn: arn, ...mfa() });
  const session = await sessionToken(sts, mfa());
  const from = (credentials: Credentials | undefined) => client(emulator, keysOf(credentials));
  await expect(assume(from(session.Credentials), { RoleArn: arn })).resolves.toBeDefined();
  await expect(assume(from(role.Credentials), { RoleArn: arn })).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

test.each([
  [
    899,
    "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  ],
  [
    43_201,
    "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
  ],
  [7201, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
])('%i seconds for a role that allows two hours: ValidationError', async (DurationSeconds, text) => {
  const { emulator, sts } = await oneUser();
  const { arn } = roleIn(emulator, { maxSessionDuration: 7200 });
  await expect(assume(sts, { RoleArn: arn, DurationSeconds })).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(text),
    $metadata: { httpStatusCode: 400 },
  });
});

test('a chained role lasts an hour at most, whatever its maximum is', async () => {
  const { emulator, sts } = await oneUser();
  const { arn } = roleIn(emulator, { maxSessionDuration: 43_200 });
  const first = await assume(sts, { RoleArn: arn, DurationSeconds: 7200 });
  const chained = client(emulator, keysOf(first.Credentials));
  await expect(assume(chained, { RoleArn: arn, DurationSeconds: 3601 })).rejects.toMatchObject({
    message:
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  });
  await expect(assume(chained, { RoleArn: arn, DurationSeconds: 3600 })).resolves.toBeDefined();
});

test('transitive tags and the source identity are passed along a chain', async () => {
  const { emulator, sts } = await oneUser();
  const { arn } = roleIn(emulator);
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const first = await assume(sts, {
    RoleArn: arn,
    Tags,
    TransitiveTagKeys: ['team'],
    SourceIdentity: 'alice',
  });
  const chained = client(emulator, keysOf(first.Credentials));
  expect(await assume(chained, { RoleArn: arn })).toMatchObject({ SourceIdentity: 'alice' });
  await expect(assume(chained, { RoleArn: arn, Tags })).rejects.toMatchObject({
    message: expect.stringContaining('conflicts with a transitive tag key'),
  });
  await expect(assume(sts, { RoleArn: arn, TransitiveTagKeys: ['none'] })).rejects.toMatchObject({
    message: expect.stringContaining('must be included in the requested tags'),
  });
});

test('a session name with a space is refused with the required pattern', async () => {
  const { emulator, sts } = await oneUser();
  const { arn } = roleIn(emulator);
  await expect(assume(sts, { RoleArn: arn, RoleSessionName: 'not me' })).rejects.toMatchObject({
    message: expect.stringContaining('regular expression pattern: [\\w+=,.@-]*'),
  });
});

test('a web identity needs no keys, but the right token', async () => {
  const { emulator } = await oneUser();
  const trust = { webIdentity: { token: 'header.payload.signature', subject: 'repo:example' } };
  const { arn } = roleIn(emulator, { trust });
  const sts = client(emulator, { accessKeyId: 'unused', secretAccessKey: 'unused' });
  const present = (WebIdentityToken: string) =>
    sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: arn, RoleSessionName: 'ci', WebIdentityToken }));
  const reply = await present('header.payload.signature');
  expect(reply.SubjectFromWebIdentityToken).toBe('repo:example');
  expect(await whoAmI(client(emulator, keysOf(reply.Credentials)))).toMatchObject({
    Arn: 'arn:aws:sts::111122223333:assumed-role/dev/ci',
  });
  await expect(present('another')).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
});

test('a federated user is recognised, and may assume no role', async () => {
  const { emulator, sts } = await oneUser();
  const { arn } = roleIn(emulator);
  const { Credentials } = await sts.send(new GetFederationTokenCommand({ Name: 'guest' }));
  const guest = client(emulator, keysOf(Credentials));
  expect((await whoAmI(guest)).Arn).toBe('arn:aws:sts::123456789012:federated-user/guest');
  await expect(assume(guest, { RoleArn: arn })).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('the log shows each call, its caller and its result', async () => {
  const { emulator, user, sts } = await oneUser();
  const { arn } = roleIn(emulator);
  await assume(sts, { RoleArn: arn, DurationSeconds: 900 });
  expect(emulator.calls).toMatchObject([
    {
      service: 'sts',
      action: 'AssumeRole',
      params: { RoleArn: arn, RoleSessionName: 'me', DurationSeconds: '900' },
      caller: user.arn,
      accessKeyId: user.accessKeyId,
      ok: true,
      error: null,
    },
  ]);
});
