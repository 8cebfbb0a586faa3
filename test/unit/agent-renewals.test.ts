import { expect, it } from 'vitest';
import { Flights } from '../../src/agent/flights.ts';
import { keptSession, sessionLines } from '../../src/agent/kept-session.ts';
import type { RenewalUse } from '../../src/agent/renewal-use.ts';
import { Renewals } from '../../src/agent/renewals.ts';
import { SessionMemory } from '../../src/agent/session-memory.ts';
import type { WorkerResult, WorkerTask } from '../../src/agent/worker-protocol.ts';
import { Secret } from '../../src/system/index.ts';
import { handClocks } from '../support/hand-clocks.ts';

const use: RenewalUse = { profile: 'dev', surroundings: { HOME: '/home/me' }, environment: {}, options: {} };
const minutes = (count: number) => count * 60_000;

/** An agent's memory with one session of an hour, in use, and workers that answer what the test says. */
function setting(answer: (task: WorkerTask) => WorkerResult | Promise<WorkerResult>) {
  const clocks = handClocks();
  const memory = new SessionMemory<RenewalUse>(clocks);
  const flights = new Flights(clocks);
  const tasks: WorkerTask[] = [];
  const notes: string[] = [];
  const renewals = new Renewals({
    clocks,
    memory,
    flights,
    vaultKeys: new Map([['/vault', new Secret('a2V5')]]),
    run: async (_, task) => {
      tasks.push(task);
      return answer(task);
    },
    note: (line) => void notes.push(line),
  });
  const sessionFor = (id: string, lives: number) => {
    const kept = keptSession(id, 'dev', {
      accessKeyId: `ASIA${clocks.now()}`,
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      expiration: new Date(clocks.now() + lives),
      accountId: null,
      arn: null,
    });
    if (kept === null) throw new Error('always kept');
    return kept;
  };
  memory.put(sessionFor('abc', minutes(60)));
  memory.use('abc', use);
  return { clocks, memory, flights, tasks, notes, renewals, sessionFor };
}

const failed = (again: boolean) => (): WorkerResult => ({ kind: 'failed', failure: 'AWS is away', again });

it('renews sessions in use ten minutes before they end, and not earlier', async () => {
  const it = setting(() => ({ kind: 'session', session: sessionLines(it.sessionFor('abc', minutes(60))) }));
  it.clocks.pass(minutes(49));
  it.memory.use('abc', use);
  await it.renewals.look();
  expect(it.tasks).toEqual([]);
  it.clocks.pass(minutes(1.5));
  await it.renewals.look();
  expect(it.tasks).toEqual([{ kind: 'renew', session: 'abc', use, vaultKeys: { '/vault': 'a2V5' } }]);
  expect(it.memory.get('abc', 3500)).not.toBeNull();
  await it.renewals.look();
  expect(it.tasks).toHaveLength(1);
});

it('does not renew a session unused for an hour, nor one that was never given out', async () => {
  const it = setting(failed(true));
  it.memory.put(it.sessionFor('unused', minutes(5)));
  it.memory.put(it.sessionFor('abc', minutes(65)));
  it.clocks.pass(minutes(61));
  await it.renewals.look();
  expect(it.tasks).toEqual([]);
});

it('retries after longer and longer pauses, three times, and then stops', async () => {
  const it = setting(failed(true));
  it.memory.put(it.sessionFor('abc', minutes(10)));
  const tried: number[] = [];
  for (let second = 0; second < 500; second += 5) {
    await it.renewals.look();
    if (it.tasks.length > tried.length) tried.push(second);
    it.clocks.pass(5000);
  }
  expect(tried).toEqual([0, 30, 90, 210]);
});

it('does not retry what needs the user, until the session was made', async () => {
  const it = setting(failed(false));
  it.memory.put(it.sessionFor('abc', minutes(9)));
  for (let look = 0; look < 50; look += 1) {
    await it.renewals.look();
    it.clocks.pass(5000);
  }
  expect(it.tasks).toHaveLength(1);
  expect(it.notes).toEqual(['did not renew the session of dev: AWS is away']);
  it.renewals.kept('abc');
  await it.renewals.look();
  expect(it.tasks).toHaveLength(2);
});

it('is a fetch like any other: others wait for it, and it waits for theirs', async () => {
  let land: (result: WorkerResult) => void = () => {};
  const it = setting(() => new Promise((resolve) => (land = resolve)));
  it.memory.put(it.sessionFor('abc', minutes(9)));
  const looking = it.renewals.look();
  expect(it.flights.take('abc', {}, null)).toEqual({ terminal: null });
  await it.renewals.look();
  expect(it.tasks).toHaveLength(1);
  land({ kind: 'failed', failure: 'AWS is away', again: true });
  await looking;
  const shell = {};
  expect(it.flights.take('abc', shell, 'pts/1')).toBeNull();
  it.clocks.pass(minutes(1));
  await it.renewals.look();
  expect(it.tasks).toHaveLength(1);
});

it('does not use another session than the one it wanted', async () => {
  const it = setting(() => ({ kind: 'session', session: sessionLines(it.sessionFor('other', minutes(60))) }));
  it.memory.put(it.sessionFor('abc', minutes(9)));
  await it.renewals.look();
  expect(it.memory.get('other', 0)).toBeNull();
  expect(it.memory.get('abc', minutes(9) / 1000)).toBeNull();
});
