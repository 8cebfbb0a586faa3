import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/demo/emulator/index.ts';
import { AwshError } from '../../../src/system/index.ts';
import { temporaryEmulator } from '../../support/emulator.ts';
import { configAt, machine, shown } from '../../support/session-runs.ts';

const hostile = '$(touch pwned)`touch pwned`\u001b]0;pwned\u0007\u001b[2J\r\u202e\u009b31m';
const errorReply = (code: string, message: string): Fault => ({
  kind: 'reply',
  status: 403,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

async function setting() {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
  emulator.addRole({ account: '444455556666', name: 'Dev' });
  const config = configAt(emulator, '[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev');
  return { emulator, get: () => machine({ dev: jane }).get({ config }) };
}

const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('text from AWS, or from a server that pretends to be AWS, never reaches a terminal unchanged', () => {
  it.each([
    ['a code', errorReply(hostile, 'no')],
    ['a code that every object has', errorReply('constructor', 'no')],
    ['a text', errorReply('Weird', hostile)],
    [
      'the name of who asked',
      errorReply('AccessDenied', `User: ${hostile.replace(' ', '')} is not authorized to perform`),
    ],
    ['a text about MFA', errorReply('AccessDenied', `MultiFactorAuthentication failed ${hostile}`)],
    ['a text about durations', errorReply('ValidationError', `DurationSeconds ${hostile}`)],
    ['a page', { kind: 'reply', body: hostile } satisfies Fault],
    ['a very long text', errorReply('Weird', 'x'.repeat(100_000))],
  ] satisfies [string, Fault][])('%s in an error', async (_, fault) => {
    const { emulator, get } = await setting();
    emulator.misbehave(fault);
    const error = await outcome(get());
    expect(error).toBeInstanceOf(AwshError);
    const text = shown(error as AwshError);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    // A very long text is cut.
    expect(text).not.toContain('x'.repeat(1500));
    expect(existsSync('pwned')).toBe(false);
  });
});

describe('credentials with anything odd in them are refused', () => {
  const replace = (tag: string, value: string): Fault => ({
    kind: 'rewrite',
    rewrite: (body) => body.replace(new RegExp(`<${tag}>[^<]*</${tag}>`), `<${tag}>${value}</${tag}>`),
  });

  it.each([
    ['AccessKeyId', 'ASIA$(touch pwned)AAAA'],
    ['AccessKeyId', ''],
    ['SecretAccessKey', 'a b'],
    ['SecretAccessKey', 'a\u001b[2Jb'],
    ['SessionToken', 'a&#10;set AWS_PROFILE prod'],
    ['SessionToken', ''],
    ['Expiration', 'tomorrow'],
    ['Expiration', ''],
  ])('%s: %j', async (tag, value) => {
    const { emulator, get } = await setting();
    emulator.misbehave(replace(tag, value));
    const error = await outcome(get());
    expect(error).toBeInstanceOf(AwshError);
    expect((error as AwshError).exitStatus).toBe(9);
  });

  it('an ARN with escapes is made harmless, and gives no account', async () => {
    const { emulator, get } = await setting();
    emulator.misbehave(replace('Arn', `arn:aws:sts::12${hostile}`));
    const credentials = await get();
    expect(credentials.accountId).toBeNull();
    expect(credentials.arn).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
