import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface MotoServer {
  /** `http://127.0.0.1:PORT`, fit for `endpoint_url`. */
  readonly url: string;
  /** Forgets all state, so that tests of one file can share a server. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts `moto_server` on a free port and waits until it answers. This takes seconds, so start it
 * in `beforeAll` and stop it in `afterAll`. It checks keys only if told to (reset-auth), and never
 * MFA codes.
 */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // A separate process group: version managers put a shell in front of the server, and both must
  // end.
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    detached: true,
    stdio: 'ignore',
  });
  const killGroup = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  process.once('exit', killGroup);
  try {
    await untilItAnswers(url, child);
  } catch (error) {
    killGroup();
    throw error;
  }
  return {
    url,
    reset: async () => {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    stop: async () => {
      process.off('exit', killGroup);
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
      killGroup();
      await ended;
    },
  };
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with status ${child.exitCode}`);
    const answered = await fetch(`${url}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await delay(100);
  }
  throw new Error('moto_server did not answer within 25 s');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
