import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { packageFolder, runInstalled } from '../../support/run-awsh.ts';
import { sandboxEnvironment } from '../../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../../support/served-command.ts';

/**
 * A command of `exec --server` that prints the answer to each line that it gets: the status, or why
 * there was none.
 */
const asking = `
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: Authorization } = process.env;
  console.log(uri);
  process.stdin.on('data', () => {
    const sent = require('node:http').get(uri, { headers: { Authorization }, timeout: 5000 });
    sent.on('response', (answer) => {
      let body = '';
      answer.on('data', (data) => { body += data; });
      answer.on('end', () => console.log(answer.statusCode + ' ' + body));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', (error) => console.log(error.code));
  });`;

/**
 * Another user's program that takes the port as soon as it can, and serves that user's own keys.
 */
const squatting = `
  const net = require('node:net');
  const keys = JSON.stringify({ AccessKeyId: 'AKIAEVIL', SecretAccessKey: 'evil', Token: '', Expiration: '2030-01-01T00:00:00Z' });
  const answer = 'HTTP/1.1 200 OK\\r\\nContent-Length: ' + keys.length + '\\r\\n\\r\\n' + keys;
  const take = (host) => net.createServer((socket) => { socket.on('error', () => {}); socket.end(answer); })
    .on('listening', () => console.log('took ' + host))
    .on('error', () => setTimeout(take, 5, host))
    .listen(Number(process.argv[1]), host);
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) take(host);
  console.log('ready');`;

async function served() {
  const sandbox = await shortLivedSandbox(3600);
  const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  const words = ['exec', '--server', 'dev', '--', process.execPath, '-e', asking];
  const command = spawn(join(packageFolder, 'bin/awsh'), words, {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void command.kill('SIGKILL'));
  const line = async () => String((await once(command.stdout, 'data'))[0]).trim();
  const port = new URL(await line()).port;
  const ask = async () => {
    const answer = line();
    command.stdin.write('.');
    return answer;
  };
  return { environment, command, port, ask };
}

/** The processes of this home whose command line contains the word. */
function processes(home: string, word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
        const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return environment.includes(`HOME=${home}`) && words.includes(word);
      } catch {
        return false;
      }
    })
    .map(Number);
}

type Served = Awaited<ReturnType<typeof served>>;
const serverOf = ({ environment }: Served) => processes(environment.HOME ?? '', '_serve');
const keeperOf = ({ environment }: Served) => processes(environment.HOME ?? '', 'keep-port');

const ways: [string, (it: Served) => Promise<unknown>][] = [
  ['awsh lock', async ({ environment }) => runInstalled(['lock'], environment)],
  ['the death of its server', async (it) => serverOf(it).map((pid) => process.kill(pid, 'SIGKILL'))],
  ['SIGTERM to its server', async (it) => serverOf(it).map((pid) => process.kill(pid, 'SIGTERM'))],
  [
    'SIGTERM to all that serves it',
    async (it) => [...serverOf(it), ...keeperOf(it)].map((pid) => process.kill(pid, 'SIGTERM')),
  ],
];

describe.skipIf(process.platform !== 'linux').each(ways.slice(0, 2))(
  'the port of exec --server after %s',
  (_, end) => {
    it('the port answers 403 as long as the command runs, and then is free', async () => {
      const server = await served();
      expect(await server.ask()).toMatch(/^200 .*"AccessKeyId":"ASIA/);
      await end(server);
      await expect.poll(server.ask, { timeout: 100_000, interval: 50 }).toMatch(/^403 /);
      await sleep(300);
      expect(await server.ask()).toMatch(/^403 .*awsh/);
      server.command.kill('SIGKILL');
      await expect.poll(() => [...serverOf(server), ...keeperOf(server)], { timeout: 100_000 }).toEqual([]);
    });
  },
);

describeWithAnotherUser('another user who waits for the port of exec --server', () => {
  it.each(ways)('another program cannot serve the command after %s', async (_, end) => {
    const server = await served();
    const stranger = startStranger(squatting, server.port);
    expect(await stranger.line()).toBe('ready');
    expect(await server.ask()).toContain('"AccessKeyId":"ASIA');
    await end(server);
    const answers: string[] = [];
    const refusals = () => answers.filter((answer) => answer.startsWith('403 ')).length;
    while (refusals() < 20 && answers.length < 10_000) {
      answers.push(await server.ask());
      await sleep(20);
    }
    expect(answers.filter((answer) => answer.includes('EVIL'))).toEqual([]);
    expect(refusals()).toBe(20);
  });

  it('another program cannot serve what the command has left running', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
    const twentyTimes = `${asking}
      let left = 20;
      setInterval(() => left-- > 0 ? process.stdin.emit('data') : process.exit(), 200);`;
    const script = `exec ${process.execPath} -e "$ASKING" </dev/null & exit 0`;
    const command = spawn(
      join(packageFolder, 'bin/awsh'),
      ['exec', '--server', 'dev', '--', 'sh', '-c', script],
      { env: { ...environment, ASKING: twentyTimes }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const printed: string[] = [];
    command.stdout.on('data', (data) => printed.push(...String(data).trim().split('\n')));
    await once(command, 'exit');
    await expect.poll(() => printed.length, { timeout: 100_000 }).toBeGreaterThan(0);
    const stranger = startStranger(squatting, new URL(printed[0] ?? '').port);
    expect(await stranger.line()).toBe('ready');
    await once(command.stdout, 'close');
    const answers = printed.slice(1);
    expect(answers).toHaveLength(20);
    expect(answers.filter((answer) => !/^(200 .*ASIA|403 )/.test(answer))).toEqual([]);
    expect(answers.at(-1)).toMatch(/^403 /);
    const home = environment.HOME ?? '';
    const serving = () => [...processes(home, '_serve'), ...processes(home, 'keep-port')];
    await expect.poll(serving, { timeout: 100_000 }).toEqual([]);
  });

  it('another program cannot do so after the port’s keeper has died, and then its server', async () => {
    const server = await served();
    const stranger = startStranger(squatting, server.port);
    await stranger.line();
    const before = keeperOf(server);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => keeperOf(server).filter((pid) => !before.includes(pid)), { timeout: 100_000 })
      .toHaveLength(1);
    for (const pid of serverOf(server)) process.kill(pid, 'SIGKILL');
    await expect.poll(server.ask, { timeout: 100_000, interval: 50 }).toMatch(/^403 /);
  });
});
