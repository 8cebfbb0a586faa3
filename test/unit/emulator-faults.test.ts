import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import type { Emulator } from '../../src/demo/emulator/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';

async function oneUser(maxAttempts = 1): Promise<{ emulator: Emulator; sts: STSClient }> {
  const emulator = await temporaryEmulator();
  const credentials = emulator.addUser({ account: '123456789012', name: 'demo' });
  const sts = new STSClient({ region: 'eu-west-1', endpoint: emulator.url, credentials, maxAttempts });
  return { emulator, sts };
}

const whoAmI = (sts: STSClient) => sts.send(new GetCallerIdentityCommand({}));

test('throttled twice, the SDK tries a third time', async () => {
  const { emulator, sts } = await oneUser(3);
  emulator.misbehave({ kind: 'throttle', times: 2 });
  await whoAmI(sts);
  expect(emulator.calls.map((call) => call.error)).toEqual(['Throttling', 'Throttling', null]);
});

test('an error applies once, and only to its action', async () => {
  const { emulator, sts } = await oneUser();
  const fault = { code: 'AccessDenied', message: 'not today', action: 'GetCallerIdentity', times: 1 };
  emulator.misbehave({ kind: 'error', ...fault });
  await sts.send(new GetSessionTokenCommand({}));
  await expect(whoAmI(sts)).rejects.toMatchObject({ name: 'AccessDenied', message: 'not today' });
  await expect(whoAmI(sts)).resolves.toBeDefined();
});

test('a closed connection is a network error', async () => {
  const { emulator, sts } = await oneUser();
  emulator.misbehave({ kind: 'refuse' });
  await expect(whoAmI(sts)).rejects.toMatchObject({ code: 'ECONNRESET' });
  emulator.behave();
  await expect(whoAmI(sts)).resolves.toBeDefined();
});

test('a slow answer is still correct', async () => {
  const { emulator, sts } = await oneUser();
  emulator.misbehave({ kind: 'slow', milliseconds: 150 });
  const started = Date.now();
  await whoAmI(sts);
  expect(Date.now() - started).toBeGreaterThanOrEqual(149);
});

test('a hanging call ends with the emulator', async () => {
  const { emulator, sts } = await oneUser();
  emulator.misbehave({ kind: 'hang' });
  const hanging = whoAmI(sts);
  const failed = expect(hanging).rejects.toMatchObject({ code: 'ECONNRESET' });
  while (emulator.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await emulator.close();
  await failed;
});

test('garbage is sent unchanged', async () => {
  const { emulator, sts } = await oneUser();
  emulator.misbehave({ kind: 'reply', body: '<html>captive portal', contentType: 'text/html' });
  await expect(whoAmI(sts)).rejects.toBeDefined();
});

const hostile = '$(touch pwned)\u001b]0;title\u0007`id`';

test('hostile text reaches a client unchanged, in an error and in a field', async () => {
  const { emulator, sts } = await oneUser();
  emulator.misbehave({ kind: 'error', code: 'AccessDenied', message: hostile, times: 1 });
  await expect(whoAmI(sts)).rejects.toMatchObject({ message: hostile });
  emulator.misbehave({ kind: 'rewrite', rewrite: (body) => body.replace('user/demo', hostile) });
  expect((await whoAmI(sts)).Arn).toContain('$(touch pwned)\u001b]0;title');
});

test('the emulator closes at once although a connection is kept alive', async () => {
  const { emulator, sts } = await oneUser();
  await whoAmI(sts);
  await emulator.close();
  await expect(fetch(emulator.url)).rejects.toThrow();
});

test.each([
  ['an action that it does not know', 'Action=Nothing&Version=2011-06-15', 400, 'InvalidAction'],
  ['an action called like a property', 'Action=constructor&Version=2011-06-15', 400, 'InvalidAction'],
  ['no signature', 'Action=GetCallerIdentity&Version=2011-06-15', 403, 'MissingAuthenticationToken'],
])('%s is refused in XML', async (_, body, status, code) => {
  const { emulator } = await oneUser();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const reply = await fetch(emulator.url, { method: 'POST', headers, body });
  expect(reply.status).toBe(status);
  expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await reply.text()).toContain(`<Code>${code}</Code>`);
});
