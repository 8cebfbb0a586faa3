import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { type Credentials, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import type { EmulatedUser, Emulator } from '../../src/demo/emulator/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';

type Keys = Pick<EmulatedUser, 'accessKeyId' | 'secretAccessKey'> & { sessionToken?: string };

function client(emulator: Emulator, credentials: Keys): IAMClient {
  return new IAMClient({ region: 'us-east-1', endpoint: emulator.url, credentials, maxAttempts: 1 });
}

async function oneUser(): Promise<{ emulator: Emulator; user: EmulatedUser; iam: IAMClient }> {
  const emulator = await temporaryEmulator();
  const user = emulator.addUser({ account: '123456789012', name: 'demo', mfa: true });
  return { emulator, user, iam: client(emulator, user) };
}

test('a user sees its name, keys and MFA device without naming itself', async () => {
  const { user, iam } = await oneUser();
  const { User } = await iam.send(new GetUserCommand({}));
  expect(User).toMatchObject({ UserName: 'demo', Arn: user.arn });
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({}));
  expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId: user.accessKeyId, Status: 'Active' }]);
  const { MFADevices } = await iam.send(new ListMFADevicesCommand({}));
  expect(MFADevices).toMatchObject([{ UserName: 'demo', SerialNumber: user.mfaSerial }]);
});

test('a rotation: create, use, deactivate, delete', async () => {
  const { emulator, user, iam } = await oneUser();
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({}));
  const fresh = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const renewed = client(emulator, fresh);
  const old = { AccessKeyId: user.accessKeyId };
  await renewed.send(new UpdateAccessKeyCommand({ ...old, Status: 'Inactive' }));
  await expect(iam.send(new GetUserCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await renewed.send(new UpdateAccessKeyCommand({ ...old, Status: 'Active' }));
  await iam.send(new GetUserCommand({}));
  await renewed.send(new DeleteAccessKeyCommand(old));
  await expect(iam.send(new GetUserCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(renewed.send(new DeleteAccessKeyCommand(old))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: `The Access Key with id ${user.accessKeyId} cannot be found.`,
  });
  expect((await renewed.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).toHaveLength(1);
});

test('a third key is refused', async () => {
  const { iam } = await oneUser();
  await iam.send(new CreateAccessKeyCommand({}));
  await expect(iam.send(new CreateAccessKeyCommand({}))).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    $metadata: { httpStatusCode: 409 },
  });
});

test('a new key may take some time to be known, as in AWS', async () => {
  const { emulator, iam } = await oneUser();
  emulator.cloud.keySettleTime = 60_000;
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({}));
  const fresh = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const early = client(emulator, fresh).send(new GetUserCommand({}));
  await expect(early).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  emulator.cloud.clockOffset += 60_000;
  await expect(client(emulator, fresh).send(new GetUserCommand({}))).resolves.toBeDefined();
});

test('a key’s last use is recorded, or that it was never used', async () => {
  const { user, iam } = await oneUser();
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({}));
  const lastUse = async (AccessKeyId: string | undefined) =>
    (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).AccessKeyLastUsed;
  expect(await lastUse(AccessKey?.AccessKeyId)).toMatchObject({ ServiceName: 'N/A', Region: 'N/A' });
  const used = await lastUse(user.accessKeyId);
  expect(used).toMatchObject({ ServiceName: 'iam', Region: 'us-east-1', LastUsedDate: expect.any(Date) });
});

test('an unknown user is not found', async () => {
  const { iam } = await oneUser();
  await expect(iam.send(new GetUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The user with name nobody cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('IAM accepts a session made with MFA, and not one made without', async () => {
  const { emulator, user } = await oneUser();
  const sts = new STSClient({ region: 'us-east-1', endpoint: emulator.url, credentials: user });
  const listWith = (credentials: Credentials | undefined) =>
    client(emulator, {
      accessKeyId: credentials?.AccessKeyId ?? '',
      secretAccessKey: credentials?.SecretAccessKey ?? '',
      sessionToken: credentials?.SessionToken ?? '',
    }).send(new ListAccessKeysCommand({}));
  const plain = await sts.send(new GetSessionTokenCommand({}));
  const mfa = { SerialNumber: user.mfaSerial, TokenCode: user.code() };
  const strong = await sts.send(new GetSessionTokenCommand(mfa));
  await expect(listWith(plain.Credentials)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(listWith(strong.Credentials)).resolves.toBeDefined();
});
