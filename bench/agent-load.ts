import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { readState } from '../src/agent/index.ts';
import { placeNames } from '../src/shell/index.ts';

/**
 * The number of requests, the number after which memory is first measured, and the number in
 * progress at any time.
 */
const [requests, early, atOnce] = [100_000, 10_000, 8];

/**
 * Asks the agent repeatedly for a session that it has, as the launcher does, and prints the cost to
 * the agent. The cost is the agent's processor time if the system reports it, because the client
 * runs on the same machine.
 */
export async function loadAgent(environment: Readonly<Record<string, string>>): Promise<void> {
  const runtime = join(environment.XDG_RUNTIME_DIR ?? '', 'awsh');
  const state = readState({ runtime });
  if (state === null) throw new Error('there is no agent');
  const lines = [
    `${state.token.reveal()} credentials 1`,
    'want export',
    'profile dev',
    'format json',
    `place ${placeNames.map((name) => environment[name] ?? '').join('|')}`,
    'end\n',
  ];
  const request = lines.join('\n');
  const { seconds: before } = used(state.pid);
  const askTimes = (times: number) => {
    let left = times;
    const ask = async () => {
      while (left-- > 0) await answerTo(request, state.port);
    };
    return Promise.all(Array.from({ length: atOnce }, ask));
  };
  await askTimes(early);
  const { megabytes: atFirst } = used(state.pid);
  await askTimes(requests - early);
  const { seconds, megabytes } = used(state.pid);
  console.log(
    `agent: ${(requests / (seconds - before)).toFixed(0)} requests a second on one core, ` +
      `${atFirst.toFixed(0)} MB resident after ${early}, ${megabytes.toFixed(0)} MB after ${requests}`,
  );
}

function answerTo(request: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () =>
      answer.includes('AccessKeyId') ? resolve() : reject(new Error('not the session')),
    );
  });
}

/**
 * A process's processor time and memory, as ps reports them on Linux and macOS. On Linux, the time
 * is exact to a hundredth of a second.
 */
function used(pid: number): { seconds: number; megabytes: number } {
  const [rss = '', time = ''] = execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(/\s+/);
  const byPs = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { seconds: ticks(pid) ?? byPs, megabytes: Number(rss) / 1024 };
}

function ticks(pid: number): number | null {
  try {
    const [, , , , , , , , , , , user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    return (user + system) / 100;
  } catch {
    return null;
  }
}
