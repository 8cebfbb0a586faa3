import * as net from 'node:net';
import { onTestFinished } from 'vitest';
import type { TemporaryHome } from './temporary-home.ts';

/*
 * The program on the port that a state file names, as a hook sees it: a correct agent, or a faulty
 * one.
 */

export interface FakeAgent {
  readonly port: number;
  readonly token: string;
  readonly proof: string;
  /** The data received, one entry for each connection. */
  readonly heard: string[];
  /** The directories requested, decoded. */
  asked(): string[];
  /** What it does from now on. */
  behave(peer: Peer): void;
  close(): Promise<void>;
}

/** Called for each new connection; `request` settles with the whole request. */
export type Peer = (socket: net.Socket, request: Promise<string>, agent: FakeAgent) => unknown;

/** Answers every request with this text. A leading `- ` becomes the proof, as in Node's answers. */
export function answering(reply: string | ((cwd: string) => string)): Peer {
  return async (socket, request, { proof }) => {
    const asked = await request;
    const text = (typeof reply === 'string' ? reply : reply(cwdOf(asked))).replace(/^- /, `${proof} `);
    socket.end(/^sized 1$/m.test(asked) ? `${sizeLine(proof, text)}${text}` : text);
  };
}

/** The text before an answer if the request has `sized 1`. */
export function sizeLine(proof: string, text: string): string {
  return `${proof} ${String(Buffer.byteLength(text)).padStart(8, '0')}\n`;
}

export async function fakeAgent(home: Pick<TemporaryHome, 'write'>, peer: Peer): Promise<FakeAgent> {
  let behaviour = peer;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const at = agent.heard.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    const request = new Promise<string>((resolve) =>
      socket.on('data', (chunk) => {
        agent.heard[at] += chunk.toString('latin1');
        if (agent.heard[at]?.endsWith('\nend\n')) resolve(agent.heard[at]);
      }),
    );
    behaviour(socket, request, agent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent: FakeAgent = {
    port: (server.address() as net.AddressInfo).port,
    token: `${'7'.repeat(63)}a`,
    proof: `${'9'.repeat(63)}b`,
    heard: [],
    asked: () => agent.heard.map(cwdOf),
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  onTestFinished(() => agent.close());
  home.write('run/awsh/agent', stateLine(agent));
  return agent;
}

export function stateLine({ port, token, proof }: Pick<FakeAgent, 'port' | 'token' | 'proof'>): string {
  return `${port} 4711 1.2.3 ${token} ${proof}\n`;
}

function cwdOf(request: string): string {
  const encoded = /^cwd (.*)$/m.exec(request)?.[1] ?? '';
  const bytes = encoded.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
