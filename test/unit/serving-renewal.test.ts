import { expect, it } from 'vitest';
import { RenewingCredentials } from '../../src/serving/index.ts';
import { type Credentials, NetworkError, PersonNeededError, Secret } from '../../src/system/index.ts';

const minute = 60_000;
const hourSeconds = 3600;

/** A session that ends this many minutes after the clock's start. */
function session(name: string, endsMinutes: number): Credentials {
  return {
    accessKeyId: name,
    secretAccessKey: new Secret('x'),
    sessionToken: new Secret('y'),
    expiration: new Date(endsMinutes * minute),
    accountId: null,
    arn: null,
  };
}

const never = async (): Promise<never> => {
  throw new Error('not to be called');
};
const nobody = async (): Promise<never> => {
  throw new PersonNeededError('a code is needed');
};
const offline = async (): Promise<never> => {
  throw new NetworkError('no network');
};

function clockAt(minutes: number) {
  let now = minutes * minute;
  return {
    now: () => now,
    set: (later: number) => {
      now = later * minute;
    },
  };
}

it('gives the existing keys while they are far from their end', async () => {
  const keys = new RenewingCredentials(
    { early: never, anew: never },
    clockAt(30),
    session('first', 60),
    hourSeconds,
  );
  expect((await keys.get()).accessKeyId).toBe('first');
});

it('renews before an SDK considers them old, once for all requests in the meantime', async () => {
  let calls = 0;
  const early = async () => session(`made ${++calls}`, 110);
  const keys = new RenewingCredentials(
    { early, anew: never },
    clockAt(46),
    session('first', 60),
    hourSeconds,
  );
  const got = await Promise.all([keys.get(), keys.get(), keys.get()]);
  expect(got.map(({ accessKeyId }) => accessKeyId)).toEqual(['made 1', 'made 1', 'made 1']);
});

it('does not renew a session of 15 minutes at every request', async () => {
  const keys = new RenewingCredentials({ early: never, anew: never }, clockAt(5), session('first', 15), 900);
  expect((await keys.get()).accessKeyId).toBe('first');
});

it('makes new keys with a source that is near its own end, and asks nothing', async () => {
  const anew = async () => session('anew', 110);
  const keys = new RenewingCredentials(
    { early: nobody, anew },
    clockAt(50),
    session('first', 60),
    hourSeconds,
  );
  expect((await keys.get()).accessKeyId).toBe('anew');
});

it('gives the last keys while they are valid, and the reason when they no longer are', async () => {
  const clock = clockAt(50);
  const keys = new RenewingCredentials(
    { early: nobody, anew: nobody },
    clock,
    session('first', 60),
    hourSeconds,
  );
  expect((await keys.get()).accessKeyId).toBe('first');
  clock.set(60);
  await expect(keys.get()).rejects.toThrow('a code is needed');
});

it('does not call AWS for each request after a failure, and tries again later', async () => {
  const clock = clockAt(50);
  let calls = 0;
  const early = async () => {
    calls += 1;
    return calls === 1 ? offline() : session('later', 110);
  };
  const keys = new RenewingCredentials({ early, anew: never }, clock, session('first', 60), hourSeconds);
  expect((await keys.get()).accessKeyId).toBe('first');
  expect((await keys.get()).accessKeyId).toBe('first');
  expect(calls).toBe(1);
  clock.set(50.5);
  expect((await keys.get()).accessKeyId).toBe('later');
});
