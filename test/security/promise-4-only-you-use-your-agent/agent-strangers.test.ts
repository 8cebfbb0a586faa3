import { spawn } from 'node:child_process';
import { request } from 'node:http';
import * as net from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sessionLines } from '../../../src/agent/kept-session.ts';
import { rawAnswer, session, type TestAgent, testAgent } from '../../support/agent.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const other = 'f'.repeat(64);

async function stillAnswers({ state }: TestAgent): Promise<boolean> {
  const answer = await rawAnswer(state.port, [`${state.token.reveal()} status 1\nend\n`]);
  return answer.startsWith(state.proof.reveal());
}

it.each([
  ['another token', () => `${other} status 1\nend\n`],
  ['no token', () => '- status 1\nend\n'],
  ['the proof for a token', ({ state }: TestAgent) => `${state.proof.reveal()} status 1\nend\n`],
  ['half a token', ({ state }: TestAgent) => `${state.token.reveal().slice(0, 32)} status 1\nend\n`],
  ['a token too long', ({ state }: TestAgent) => `${state.token.reveal()}0 status 1\nend\n`],
  ['an unknown verb', ({ state }: TestAgent) => `${state.token.reveal()} steal 1\nend\n`],
  ['another version', ({ state }: TestAgent) => `${state.token.reveal()} status 2\nend\n`],
  ['CRLF', ({ state }: TestAgent) => `${state.token.reveal()} status 1\r\nend\r\n`],
  ['bytes behind the end', ({ state }: TestAgent) => `${state.token.reveal()} status 1\nend\nmore`],
  ['a control character', ({ state }: TestAgent) => `${state.token.reveal()} status 1\nx \x1b[2J\nend\n`],
  ['a secret before hello', ({ state }: TestAgent) => putOf(state.token.reveal())],
])('the agent answers nothing to %s', async (_, bytes) => {
  const agent = await testAgent(temporaryHome());
  expect(await rawAnswer(agent.state.port, [bytes(agent)])).toBe('');
  expect(agent.memory.all()).toEqual([]);
  expect(await stillAnswers(agent)).toBe(true);
});

function putOf(token: string): string {
  const lines = sessionLines(session('abc')).map(([word, value]) => `${word} ${value}`);
  return [`${token} put 1`, ...lines, 'end', ''].join('\n');
}

it('the agent closes an incomplete request after two seconds, with or without the token', async () => {
  const { state } = await testAgent(temporaryHome());
  const halves = ['', 'a', `${state.token.reveal()} load 1\ncwd /`, `${state.token.reveal()} hello 1\n`];
  expect(await Promise.all(halves.map((half) => rawAnswer(state.port, [half])))).toEqual(['', '', '', '']);
});

it('the agent disconnects a client that sends its request byte by byte', async () => {
  const { state } = await testAgent(temporaryHome());
  const bytes = `${state.token.reveal()} status 1\nend\n`.split('');
  expect(await rawAnswer(state.port, bytes, { pauseMs: 100 })).toBe('');
});

it('the agent stores nothing of 100 MB, with or without the token', async () => {
  const agent = await testAgent(temporaryHome());
  const before = process.memoryUsage().rss;
  const megabyte = Buffer.alloc(1 << 20, 'x');
  const flood = (head: string) =>
    rawAnswer(agent.state.port, [head, ...Array.from({ length: 100 }, () => megabyte)]);
  expect(await flood('')).toBe('');
  expect(await flood(`${agent.state.token.reveal()} load 1\ncwd /`)).toBe('');
  expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
  expect(await stillAnswers(agent)).toBe(true);
});

it.each([
  ['a form', 'POST', (agent: TestAgent) => putOf(agent.state.token.reveal()), {}],
  ['a page that rebinds DNS', 'GET', () => '', { Host: 'evil.example' }],
  [
    'a page that knows the path',
    'POST',
    (agent: TestAgent) => `${agent.state.token.reveal()} status 1\nend\n`,
    {},
  ],
])('the agent gives a web page nothing: %s', async (_, method, body, headers) => {
  const agent = await testAgent(temporaryHome());
  const answer = await new Promise<string>((resolve) => {
    const post = request({ port: agent.state.port, host: '127.0.0.1', method, headers }, (response) =>
      resolve(`${response.statusCode}`),
    );
    post.on('error', (error) => resolve(`no answer: ${'code' in error ? error.code : ''}`));
    post.end(body(agent));
  });
  expect(answer).toBe('no answer: ECONNRESET');
  expect(agent.memory.all()).toEqual([]);
});

it('the agent is reachable only on 127.0.0.1', async () => {
  const { state } = await testAgent(temporaryHome());
  const refused = (host: string) =>
    new Promise<boolean>((resolve) => {
      const socket = net.connect({ port: state.port, host });
      socket.on('connect', () => {
        socket.destroy();
        resolve(false);
      });
      socket.on('error', () => resolve(true));
    });
  // On Linux, all of 127/8 is this machine, so a wildcard listener would answer there, too.
  expect(await refused('127.0.0.2')).toBe(true);
  expect(await refused('::1')).toBe(true);
});

it('the agent survives any bytes in any pieces, and answers none of them', async () => {
  const agent = await testAgent(temporaryHome());
  const token = agent.state.token.reveal();
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        token,
        ` load 1\n`,
        ' put 1\n',
        ' hello 1\n',
        '\nend\n',
        'cwd /\n',
        'env A B\n',
        '%0A',
        '\0',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.uint8Array({ maxLength: 200 }),
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(pieces, async (bytes) => {
      const answer = await rawAnswer(agent.state.port, bytes, { thenEnd: true });
      // Only a request with the right token gets an answer, which has the proof.
      if (answer !== '') expect(answer.startsWith(`${agent.state.proof.reveal()} `)).toBe(true);
      if (!Buffer.concat(bytes.map((piece) => Buffer.from(piece as string))).includes(token))
        expect(answer).toBe('');
    }),
    { numRuns: 400 },
  );
  expect(await stillAnswers(agent)).toBe(true);
});

it.skipIf(process.getuid?.() !== 0)('the agent keeps its state file from another user', async () => {
  const home = temporaryHome();
  await testAgent(home);
  const { chmodSync } = await import('node:fs');
  // Even if the parent folders are open, the modes of the folder and the file protect them.
  chmodSync(home.path, 0o755);
  chmodSync(`${home.path}/run`, 0o755);
  const code = `require('node:fs').readFileSync(${JSON.stringify(`${home.path}/run/awsh/agent`)})`;
  const reader = spawn(process.execPath, ['-e', code], { uid: 65534, gid: 65534, stdio: 'pipe' });
  let said = '';
  reader.stderr.on('data', (text) => {
    said += text;
  });
  await new Promise((resolve) => reader.on('close', resolve));
  expect(said).toContain('EACCES');
});
