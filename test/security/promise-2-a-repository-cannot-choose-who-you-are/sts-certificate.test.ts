import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { selfSigned } from '../../support/self-signed.ts';
import { configAt, machine, person } from '../../support/session-runs.ts';

afterEach(() => vi.unstubAllEnvs());

it('an MFA code never goes to a server that cannot prove its name, even with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const received: string[] = [];
  const server = createServer(selfSigned, (request, response) => {
    received.push(request.url ?? '');
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const config = configAt({ url }, 'mfa_serial = arn:aws:iam::111122223333:mfa/jane', '[profile dev]');
  await expect(machine({ dev: key }, person('123456')).get({ config })).rejects.toMatchObject({
    exitStatus: 9,
    why: 'its certificate is not signed by a trusted authority',
  });
  expect(received).toEqual([]);
});
