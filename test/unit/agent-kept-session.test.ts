import { describe, expect, it } from 'vitest';
import { keptSession, readSession, sessionLines } from '../../src/agent/kept-session.ts';
import { Secret } from '../../src/system/index.ts';

const session = keptSession('id-1', 'dev', {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('secret'),
  sessionToken: new Secret('token'),
  expiration: new Date(1_800_000_000_000),
  accountId: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/Dev/jane',
});
if (session === null) throw new Error('no session');
const lines = new Map(sessionLines(session));

describe('a session that an agent gets', () => {
  it('is read as it was written', () => {
    const read = readSession(lines);
    expect(read).toEqual(session);
    expect(read?.credentials.sessionToken.reveal()).toBe('token');
  });

  it.each(['session', 'profile', 'expires', 'key', 'secret', 'token'])(
    'is refused without its %s',
    (name) => {
      expect(readSession(new Map([...lines].filter(([word]) => word !== name)))).toBeNull();
      expect(readSession(new Map(lines).set(name, ''))).toBeNull();
    },
  );

  it.each([
    ['session', 'a b'],
    ['session', '../id'],
    ['session', 'x'.repeat(129)],
    ['expires', '-1'],
    ['expires', '1'.repeat(13)],
    ['expires', '12s'],
  ])('is refused with another form of its %s: %s', (name, value) => {
    expect(readSession(new Map(lines).set(name, value))).toBeNull();
  });
});
