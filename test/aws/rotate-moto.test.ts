import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rotateKey } from '../../src/rotation/index.ts';
import { callerIdentity } from '../../src/sessions/index.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { type MotoServer, startMoto } from '../support/moto.ts';
import { has } from '../support/programs.ts';
import { rotationRun } from '../support/rotation-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** A user with all permissions, at a moto_server that now refuses invalid keys. */
async function userAt({ url }: MotoServer): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const iam = new IAMClient({ region: 'us-east-1', endpoint: url, credentials });
  await iam.send(new CreateUserCommand({ UserName: 'jane' }));
  const policy = { UserName: 'jane', PolicyName: 'all', PolicyDocument: everything };
  await iam.send(new PutUserPolicyCommand(policy));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'jane' }));
  await fetch(`${url}/moto-api/reset-auth`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: '0',
  });
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

describe.skipIf(!has('moto_server'))('rotate at moto_server, which checks signatures', () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.stop());

  test('the new key works, the old one is unknown', async () => {
    const old = await userAt(moto);
    const home = temporaryHome();
    home.write('.aws/config', `[profile work]\nregion = eu-west-1\nendpoint_url = ${moto.url}\n`);
    const vault = memoryVault({ work: old });
    const before = await vault.accessKey('work');
    const { newKeyId } = await rotateKey('work', rotationRun(home, vault));
    const after = await vault.accessKey('work');
    expect(after?.accessKeyId).toBe(newKeyId);
    const who = (key: typeof after) =>
      callerIdentity(
        {
          accessKeyId: key?.accessKeyId ?? '',
          secretAccessKey: key?.secretAccessKey ?? expect.fail('there is a key'),
          sessionToken: null,
          expiration: null,
          accountId: null,
          arn: null,
        },
        { region: 'eu-west-1', endpoint: moto.url },
      );
    expect((await who(after)).arn).toMatch(/:user\/jane$/);
    await expect(who(before)).rejects.toMatchObject({ code: 'InvalidClientTokenId' });
  });
});
