import { expect, it } from 'vitest';
import { connectAgent } from '../../src/agent/index.ts';
import { sessionLines } from '../../src/agent/kept-session.ts';
import type { AgentReply } from '../../src/agent/reply.ts';
import { rawAnswer, runtimeOf, session, type TestAgent, testAgent } from '../support/agent.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

/** The bytes of the wire format, as the hooks and the launcher write them. */
const ask = ({ state }: TestAgent, verb: string, ...lines: string[]) =>
  rawAnswer(state.port, [[`${state.token.reveal()} ${verb} 1`, ...lines, 'end', ''].join('\n')]);

const withoutProof = ({ state }: TestAgent, answer: string) => {
  expect(answer.startsWith(`${state.proof.reveal()} `)).toBe(true);
  return answer.slice(65);
};

async function connected(home: TemporaryHome) {
  const connection = await connectAgent(runtimeOf(home), 5000);
  if (connection === null) throw new Error('no agent');
  return {
    close: () => connection.close(),
    ask: async (...words: Parameters<typeof connection.ask>): Promise<AgentReply> => {
      const reply = await connection.ask(words[0], words[1], 5000);
      if (reply === null) throw new Error(`no answer to ${words[0]}`);
      return reply;
    },
  };
}

it('answers a hook that it does not have the session, and closes the connection', async () => {
  const agent = await testAgent(temporaryHome());
  expect(withoutProof(agent, await ask(agent, 'load', 'cwd /projects/dev'))).toBe('cold 0 -\nend\n');
});

it('gives a hook the reply made by loading, after the proof', async () => {
  const cwds: string[] = [];
  const agent = await testAgent(temporaryHome(), {
    load: async ({ cwd }) => {
      cwds.push(cwd);
      return { status: 'ok', renew: 1_700_000_300, label: 'dev', change: null, say: ['100%'], record: null };
    },
  });
  const answer = await ask(agent, 'load', 'cwd /a "b"%0Ac%25 é', 'env HOME /home/me');
  expect(withoutProof(agent, answer)).toBe('ok 1700000300 dev\nsay 100%25\nend\n');
  expect(cwds).toEqual(['/a "b"\nc% é']);
});

it('sends a path that is not UTF-8 to the cold path', async () => {
  const agent = await testAgent(temporaryHome(), { load: () => Promise.reject(new Error('was asked')) });
  const bytes = Buffer.from(`${agent.state.token.reveal()} load 1\ncwd /caf\xe9\nend\n`, 'latin1');
  expect(withoutProof(agent, await rawAnswer(agent.state.port, [bytes]))).toBe('cold 0 -\nend\n');
});

it('reads the launcher’s variables from one line, and answers nothing if they are ambiguous', async () => {
  const seen: unknown[] = [];
  const agent = await testAgent(temporaryHome(), {
    credentials: ({ environment }) => {
      seen.push({ ...environment });
      return null;
    },
  });
  const place = ['/home/me', '', '', '/state', '', '', '', 'http://p:1', '', '', '', '', '', 'a,b'];
  const askFrom = (values: string[], ...more: string[]) =>
    ask(agent, 'credentials', 'want export', 'profile dev', `place ${values.join('|')}`, ...more);
  const cold = 'cold 0 -\nend\n';
  expect(withoutProof(agent, await askFrom(place, 'env AWS_REGION eu-west-1'))).toBe(cold);
  const told = { HOME: '/home/me', XDG_STATE_HOME: '/state', HTTPS_PROXY: 'http://p:1', no_proxy: 'a,b' };
  expect(seen).toEqual([{ ...told, AWS_REGION: 'eu-west-1' }]);
  expect(withoutProof(agent, await askFrom(['/home', ...place]))).toBe(cold);
  expect(withoutProof(agent, await askFrom(place.slice(1)))).toBe(cold);
  expect(seen).toHaveLength(1);
});

it('sends its version in answer to hello, and keeps that connection open', async () => {
  const home = temporaryHome();
  await testAgent(home);
  const client = await connected(home);
  for (let round = 0; round < 3; round += 1) {
    expect(await client.ask('hello')).toMatchObject({ status: 'hello', number: 1, text: '1.2.3' });
  }
  client.close();
});

it('returns a stored session, line by line', async () => {
  const home = temporaryHome();
  await testAgent(home);
  const client = await connected(home);
  const kept = session('abc', { profile: 'dev 100%' });
  expect(await client.ask('put', sessionLines(kept))).toMatchObject({ status: 'ok' });
  const have = await client.ask('lease', [['session', 'abc']]);
  expect(have).toMatchObject({ status: 'have', text: 'dev 100%', lines: sessionLines(kept) });
  client.close();
});

it('lets one client make a session while the others wait, and names the terminal that was asked', async () => {
  const home = temporaryHome();
  await testAgent(home);
  const [first, second] = [await connected(home), await connected(home)];
  const wanted = [['session', 'abc']] as const;
  expect(await first.ask('lease', [...wanted, ['tty', 'pts/3']])).toMatchObject({ status: 'granted' });
  expect(await second.ask('lease', wanted)).toMatchObject({ status: 'wait', text: 'pts/3' });
  await first.ask('put', sessionLines(session('abc')));
  expect(await second.ask('lease', wanted)).toMatchObject({ status: 'have' });
  first.close();
  second.close();
});

it.each([
  ['its connection ends', (client: { close: () => void }) => client.close()],
  [
    'it is given back',
    async (client: Awaited<ReturnType<typeof connected>>) => {
      await client.ask('release', [
        ['session', 'abc'],
        ['failed', 'network'],
      ]);
    },
  ],
])('ends a lease when %s', async (_, giveUp) => {
  const home = temporaryHome();
  const { flights } = await testAgent(home);
  const [first, second] = [await connected(home), await connected(home)];
  const wanted = [['session', 'abc']] as const;
  await first.ask('lease', wanted);
  expect(await second.ask('lease', wanted)).toMatchObject({ status: 'wait' });
  await giveUp(first);
  await expect.poll(() => flights.underWay('abc')).toBeNull();
  expect(await second.ask('lease', wanted)).toMatchObject({ status: 'granted' });
});

it('does not let another client release a lease', async () => {
  const home = temporaryHome();
  await testAgent(home);
  const [first, second] = [await connected(home), await connected(home)];
  const wanted = [['session', 'abc']] as const;
  await first.ask('lease', wanted);
  await second.ask('release', wanted);
  expect(await second.ask('lease', wanted)).toMatchObject({ status: 'wait' });
});

it('does not give a session with less time left than requested', async () => {
  const home = temporaryHome();
  const { memory } = await testAgent(home);
  memory.put(session('abc', { secondsLeft: 100 }));
  const client = await connected(home);
  const lease = (ttl: string) =>
    client.ask('lease', [
      ['session', 'abc'],
      ['min-ttl', ttl],
    ]);
  expect(await lease('60')).toMatchObject({ status: 'have' });
  expect(await lease('300')).toMatchObject({ status: 'granted' });
});

it('shows what it holds in its status, without secrets', async () => {
  const agent = await testAgent(temporaryHome());
  agent.memory.put(session('abc', { profile: 'my profile' }));
  const answer = withoutProof(agent, await ask(agent, 'status'));
  expect(answer).toMatch(/^ok 1700000000 1\.2\.3\npid \d+\nsession \d{10} my profile\nend\n$/);
});

it.each(['stop', 'lock'])('answers %s, then ends', async (verb) => {
  const agent = await testAgent(temporaryHome());
  expect(withoutProof(agent, await ask(agent, verb))).toBe('ok 0 -\nend\n');
  expect(agent.ended).toEqual([verb]);
});

it('keeps a vault key for clients with the token, after one has sent it', async () => {
  const home = temporaryHome();
  await testAgent(home);
  const client = await connected(home);
  const folder = ['folder', '/home/me/vault'] as const;
  expect(await client.ask('vault-key', [folder])).toMatchObject({ status: 'cold' });
  await client.ask('vault-key', [folder, ['value', 'a2V5']]);
  expect(await client.ask('vault-key', [folder])).toMatchObject({ status: 'ok', text: 'a2V5' });
  expect(await client.ask('vault-key', [['folder', '/other']])).toMatchObject({ status: 'cold' });
});

it('gives out nothing while awsh is locked', async () => {
  const home = temporaryHome();
  const agent = await testAgent(home, {
    isLocked: () => true,
    load: () => Promise.reject(new Error('was asked')),
  });
  agent.memory.put(session('abc'));
  const client = await connected(home);
  expect(await client.ask('lease', [['session', 'abc']])).toMatchObject({ status: 'cold' });
  expect(await client.ask('put', sessionLines(session('def')))).toMatchObject({ status: 'cold' });
  expect(withoutProof(agent, await ask(agent, 'load', 'cwd /'))).toBe('cold 0 -\nend\n');
});

it('continues after an answer fails', async () => {
  const agent = await testAgent(temporaryHome(), {
    load: () => Promise.reject(new TypeError('holds a secret')),
  });
  expect(await ask(agent, 'load', 'cwd /')).toBe('');
  expect(agent.notes).toContain('could not answer load: TypeError');
  expect(await ask(agent, 'status')).not.toBe('');
});
