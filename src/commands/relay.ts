import { connect, createServer } from 'node:net';
import type { CommandInput, Context } from '../cli/index.ts';
import { AwshError, errorCode, printable, UsageError } from '../system/index.ts';
import { relayPort } from './serve-print.ts';

/** More than the grant's server keeps: that server chooses which connections to close. */
const mostConnections = 1024;

/**
 * `awsh relay`: inside a container, forwards a port of its loopback to the socket of a grant. It
 * does not know the token; the socket's server checks it. Runs until it is ended.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const socket = input.value('socket') ?? '/run/awsh/sock';
  const port = portOf(input);
  const server = createServer((client) => {
    const upstream = connect(socket);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portFault(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  server.on('error', () => {});
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  await context.output.print(`127.0.0.1:${bound}\n`);
  context.output.tell(`awsh: 127.0.0.1:${bound} leads to ${printable(socket)}; ^C ends it`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  server.close();
  return 0;
}

function portOf(input: CommandInput): number {
  const text = input.value('port') ?? String(relayPort);
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(
    `--port is not a port: ${printable(text)}`,
    'it is a number up to 65535; 0 is any free one',
  );
}

function portFault(error: unknown, port: number): unknown {
  const code = errorCode(error);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EACCES' ? 'only root can listen there' : 'another program listens there';
  return new AwshError('other', `port ${port} cannot be used`, why, 'awsh relay --port 0');
}
