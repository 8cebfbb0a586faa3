import { expect, it } from 'vitest';
import { Flights } from '../../src/agent/flights.ts';
import { keptSession } from '../../src/agent/kept-session.ts';
import { SessionMemory } from '../../src/agent/session-memory.ts';
import { Secret } from '../../src/system/index.ts';
import { type HandClocks, handClocks } from '../support/hand-clocks.ts';

const hour = 3_600_000;

function sessionOf(clocks: HandClocks, id = 'abc', lives = hour) {
  const kept = keptSession(id, 'dev', {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: new Secret('secret'),
    sessionToken: new Secret('token'),
    expiration: new Date(clocks.now() + lives),
    accountId: null,
    arn: null,
  });
  if (kept === null) throw new Error('always kept');
  return kept;
}

it.each<[string, (clocks: HandClocks) => void, boolean]>([
  ['half an hour went by', (clocks) => clocks.pass(hour / 2), true],
  ['an hour went by', (clocks) => clocks.pass(hour), false],
  ['the laptop slept for two hours', (clocks) => clocks.sleep(2 * hour), false],
  ['the clock was set two hours ahead', (clocks) => clocks.jump(2 * hour), false],
  [
    'an hour went by, and the clock was set back by a day',
    (clocks) => {
      clocks.pass(hour);
      clocks.jump(-24 * hour);
    },
    false,
  ],
  ['the clock was set back by a day', (clocks) => clocks.jump(-24 * hour), true],
])('a session of an hour, when %s: still given out is %s', (_, happens, given) => {
  const clocks = handClocks();
  const memory = new SessionMemory(clocks);
  memory.put(sessionOf(clocks));
  happens(clocks);
  expect(memory.get('abc', 0) !== null).toBe(given);
  memory.purge();
  expect(memory.size).toBe(given ? 1 : 0);
});

it('the agent keeps no long-term key', () => {
  const key = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: new Secret('secret'),
    sessionToken: null,
    expiration: null,
    accountId: null,
    arn: null,
  };
  expect(keptSession('abc', 'me', key)).toBeNull();
});

it('the agent’s memory does not grow without limit', () => {
  const clocks = handClocks();
  const memory = new SessionMemory(clocks);
  for (let count = 0; count < 2000; count += 1) memory.put(sessionOf(clocks, `id${count}`));
  expect(memory.size).toBe(500);
  expect(memory.get('id1999', 0)).not.toBeNull();
});

it('a fetch is given to another client if its holder is silent for three minutes at a question', () => {
  const clocks = handClocks();
  const flights = new Flights(clocks);
  const [forgotten, other] = [{}, {}];
  expect(flights.take('abc', forgotten, 'pts/1')).toBeNull();
  clocks.pass(170_000);
  expect(flights.take('abc', other, 'pts/2')).toEqual({ terminal: 'pts/1' });
  clocks.pass(20_000);
  expect(flights.take('abc', other, 'pts/2')).toBeNull();
});

it('the last failure is remembered for a while, until a try succeeds', () => {
  const clocks = handClocks();
  const flights = new Flights(clocks);
  const holder = {};
  for (const [failure, lasts] of [
    ['network', 30_000],
    ['person', 600_000],
    ['refused', 600_000],
  ] as const) {
    flights.take('abc', holder, null);
    flights.release('abc', holder, failure);
    clocks.pass(lasts - 1000);
    expect(flights.failure('abc')).toBe(failure);
    clocks.pass(2000);
    expect(flights.failure('abc')).toBeNull();
  }
  flights.take('abc', holder, null);
  flights.release('abc', holder, 'person');
  flights.landed('abc');
  expect(flights.failure('abc')).toBeNull();
});
