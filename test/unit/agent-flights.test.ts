import { expect, it } from 'vitest';
import { AgentFlights, AgentLink, UnderWay } from '../../src/agent/index.ts';
import { appPaths, CancelledError, PersonNeededError } from '../../src/system/index.ts';
import { testAgent } from '../support/agent.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine, nobody, person } from '../support/session-runs.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const account = '111122223333';

/** One command's link to the home's agent, which runs already. */
function flightsOf(
  home: TemporaryHome,
  terminal: string,
  patience: 'command' | 'hook' | 'refresh' = 'command',
) {
  const { AWSH_AGENT: _off, ...environment } = { ...home.environment, AWSH_AGENT: '' };
  const start = { paths: appPaths(environment), environment, packageFolder: '/nonexistent' };
  const link = AgentLink.open(start, true);
  if (link === undefined) throw new Error('an agent is wanted here');
  return { link, flights: new AgentFlights(link, { terminal, leases: start.paths.leases, patience }) };
}

/** A user with an MFA device, a role behind it, and twenty shells on one machine. */
async function setting() {
  const home = temporaryHome();
  const agent = await testAgent(home);
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account, name: 'jane', mfa: true });
  emulator.addRole({ account: '444455556666', name: 'Dev' });
  const config = configAt(
    emulator,
    `[profile me]\nmfa_serial = ${jane.mfaSerial}`,
    `[profile dev]\nsource_profile = me\nrole_arn = arn:aws:iam::444455556666:role/Dev\nmfa_serial = ${jane.mfaSerial}`,
  );
  return { home, agent, emulator, jane, plan: { config, profile: 'dev' } };
}

it('twenty commands at once need one MFA code and one call for each session', async () => {
  const { home, emulator, jane, plan } = await setting();
  const asked: string[] = [];
  const shells = Array.from({ length: 20 }, (_, index) => {
    const own = machine(
      { me: jane },
      person(() => jane.code()),
    );
    const { flights } = flightsOf(home, `pts/${index}`);
    // A call that is cut off and sent again would need another code.
    return own.get(plan, { flights, connection: { timeoutMs: 60_000 } }).then((credentials) => {
      asked.push(...(own.run.prompter as ReturnType<typeof person>).asked);
      return credentials.accessKeyId;
    });
  });
  expect(new Set(await Promise.all(shells)).size).toBe(1);
  expect(asked).toHaveLength(1);
  expect(emulator.actions).toEqual(['GetSessionToken', 'AssumeRole']);
});

it('a hook does not wait for a question on another terminal, and gets its name', async () => {
  const { home, jane, plan } = await setting();
  let answer: (code: string) => void = () => {};
  const slow = person(() => new Promise<string>((resolve) => (answer = resolve)));
  const first = machine({ me: jane }, slow).get(plan, { flights: flightsOf(home, 'pts/1').flights });
  await expect.poll(() => slow.asked.length).toBe(1);
  const second = machine({ me: jane }, person('000000'));
  const error = await second
    .get(plan, { flights: flightsOf(home, 'pts/2', 'hook').flights })
    .catch((it) => it);
  expect(error).toBeInstanceOf(UnderWay);
  expect(error).toMatchObject({ terminal: 'pts/1' });
  answer(jane.code());
  const { accessKeyId } = await first;
  const third = machine({ me: jane }, nobody());
  expect(await third.get(plan, { flights: flightsOf(home, 'pts/2', 'hook').flights })).toMatchObject({
    accessKeyId,
  });
});

it('a question without an answer ends for all commands, and is remembered', async () => {
  const { home, agent, jane, plan } = await setting();
  const own = machine({ me: jane }, nobody());
  await expect(own.get(plan, { flights: flightsOf(home, 'pts/1').flights })).rejects.toThrow(
    PersonNeededError,
  );
  const [, mfaSession = '', role = ''] = own.plan(plan).sessionIds;
  expect(agent.flights.underWay(mfaSession ?? '')).toBeNull();
  expect(agent.flights.underWay(role ?? '')).toBeNull();
  expect(agent.flights.failure(mfaSession ?? '')).toBe('person');
});

it('a command that dies releases its leases', async () => {
  const { home, agent, jane, plan } = await setting();
  const { link, flights } = flightsOf(home, 'pts/1');
  const slow = person(() => new Promise<string>(() => {}));
  void machine({ me: jane }, slow).get(plan, { flights });
  await expect.poll(() => slow.asked.length).toBe(1);
  const ids = machine({ me: jane })
    .plan(plan)
    .sessionIds.filter((id) => id !== null);
  expect(ids.map((id) => agent.flights.underWay(id) !== null)).toEqual([true, true]);
  link.close();
  await expect.poll(() => ids.map((id) => agent.flights.underWay(id))).toEqual([null, null]);
});

it('refresh makes a new session although the agent has one', async () => {
  const { home, jane, plan } = await setting();
  const own = machine(
    { me: jane },
    person(() => jane.code()),
  );
  const first = await own.get(plan, { flights: flightsOf(home, 'pts/1').flights });
  const second = await own.get(plan, { flights: flightsOf(home, 'pts/1').flights, refresh: true });
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
  const other = machine({ me: jane }, nobody());
  const third = await other.get(plan, { flights: flightsOf(home, 'pts/2').flights });
  expect(third.accessKeyId).toBe(second.accessKeyId);
});

/**
 * A session that is a minute old, and two refreshes of it: the first asks the user, the second
 * waits for it.
 */
async function twoRefreshes() {
  const { home, jane, plan: role } = await setting();
  const plan = { ...role, profile: 'me' };
  const code = () => jane.code();
  const old = await machine({ me: jane }, person(code)).get(plan, {
    flights: flightsOf(home, 'pts/1').flights,
  });
  let answer: (code: string | Promise<string>) => void = () => {};
  const slow = person(() => new Promise<string>((resolve) => (answer = resolve)));
  const first = machine({ me: jane }, slow).get(plan, {
    flights: flightsOf(home, 'pts/1', 'refresh').flights,
    refresh: true,
  });
  await expect.poll(() => slow.asked.length).toBe(1);
  const waiting = person(code);
  const { link, flights } = flightsOf(home, 'pts/2', 'refresh');
  const leases: string[] = [];
  const ask = link.ask.bind(link);
  link.ask = (verb, lines) => {
    leases.push(verb);
    return ask(verb, lines);
  };
  const second = machine({ me: jane }, waiting).get(plan, { flights, refresh: true });
  await expect.poll(() => leases.length).toBeGreaterThan(1);
  return { old, first, second, answer, waiting, jane };
}

it('a second refresh makes a session itself if the one it waited for failed', async () => {
  const { old, first, second, answer, waiting } = await twoRefreshes();
  answer(Promise.reject(new CancelledError()));
  await expect(first).rejects.toThrow(CancelledError);
  expect((await second).accessKeyId).not.toBe(old.accessKeyId);
  expect(waiting.asked).toHaveLength(1);
});

it('a second refresh uses the session that the first one made in the meantime', async () => {
  const { old, first, second, answer, waiting, jane } = await twoRefreshes();
  answer(jane.code());
  const made = (await first).accessKeyId;
  expect(made).not.toBe(old.accessKeyId);
  expect((await second).accessKeyId).toBe(made);
  expect(waiting.asked).toEqual([]);
});

it.each(['before it was asked', 'while a person is asked'])(
  'everything works where the agent dies %s',
  async (when) => {
    const { home, agent, jane, plan } = await setting();
    if (when === 'before it was asked') await agent.close();
    const answer = async () => {
      await agent.close();
      return jane.code();
    };
    const own = machine({ me: jane }, person(answer));
    const { accessKeyId } = await own.get(plan, { flights: flightsOf(home, 'pts/1').flights });
    expect(accessKeyId).toMatch(/^ASIA/);
  },
);
