import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsClients, whoAmI } from '../support/aws-clients.ts';
import { type MotoServer, startMoto } from '../support/moto.ts';
import { has } from '../support/programs.ts';

describe.skipIf(!has('moto_server', 'aws', 'python3'))('moto_server', () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.stop());

  test.each(awsClients)('answers %s', async (client) => {
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: moto.url,
    };
    expect(await whoAmI(client, environment)).toEqual({
      account: '123456789012',
      arn: 'arn:aws:sts::123456789012:user/moto',
    });
  });

  test('is gone after it was stopped', async () => {
    await moto.stop();
    await expect(fetch(moto.url)).rejects.toThrow();
  });
});
