import { timingSafeEqual } from 'node:crypto';
import * as net from 'node:net';
import type { Secret } from '../system/index.ts';
import { limits } from './limits.ts';
import { RecentRequests } from './recent-requests.ts';
import { type AgentRequest, type Asker, cutAsker, isWhole, readHead, type Verb } from './request.ts';

/** A connection as the answers see it: the holder of leases, and whether it has sent `hello`. */
export interface Client {
  /** It has sent `hello`: it may put secrets, and the connection stays open. */
  greeted: boolean;
  /** How long it may be silent between two requests, in milliseconds. */
  patienceMs: number;
  /** As given in its last question. */
  asker: Asker | null;
}

/** The callbacks of the server. An answer is the whole text, including the proof. */
export interface Answers {
  /** `request` is null if the token was right and the rest is malformed. */
  answer(verb: Verb, request: AgentRequest | null, client: Client): string | null | Promise<string | null>;
  /** The connection has ended, from either side. */
  left(client: Client): void;
  /** A client without the token, or one that was too slow or sent too much, was disconnected. */
  refused(): void;
  /** The answer threw. */
  failed(verb: Verb, error: unknown): void;
}

export interface Listening {
  readonly port: number;
  /** Accepts no more connections, and ends the existing ones. */
  close(): Promise<void>;
}

/**
 * Listens only on 127.0.0.1, at a random port, and accepts every connection at once: a full backlog
 * would delay a shell's connect (security rule 27).
 */
export async function listen(token: Secret, answers: Answers): Promise<Listening> {
  const crowd = new Crowd();
  const expected = Buffer.from(token.reveal());
  const requests = new RecentRequests();
  const server = net.createServer((socket) => {
    crowd.enter(socket);
    new Conversation({ socket, expected, answers, requests, proven: () => crowd.prove(socket) });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: limits.backlog }, resolve);
  });
  // Out of descriptors for a moment: one client is refused, and the agent continues.
  server.on('error', () => {});
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        crowd.end();
      }),
  };
}

/** The open connections; the Set keeps their order. */
class Crowd {
  readonly #unproven = new Set<net.Socket>();
  readonly #proven = new Set<net.Socket>();

  enter(socket: net.Socket): void {
    const [oldest] = this.#unproven.size < limits.unproven ? [] : this.#unproven;
    if (oldest !== undefined) {
      this.#unproven.delete(oldest);
      oldest.destroy();
    }
    this.#unproven.add(socket);
    socket.once('close', () => {
      this.#unproven.delete(socket);
      this.#proven.delete(socket);
    });
  }

  /** The connection has shown the token. False if there are too many of those. */
  prove(socket: net.Socket): boolean {
    this.#unproven.delete(socket);
    if (this.#proven.size >= limits.connections) return false;
    this.#proven.add(socket);
    return true;
  }

  end(): void {
    for (const socket of [...this.#unproven, ...this.#proven]) socket.destroy();
  }
}

/** The parts of a conversation. */
interface Party {
  readonly socket: net.Socket;
  /** The token. */
  readonly expected: Buffer;
  readonly answers: Answers;
  readonly requests: RecentRequests;
  /** Called once it has shown the token; false if there are too many. */
  readonly proven: () => boolean;
}

/** Reads requests from one connection, and closes it without an answer if anything is malformed. */
class Conversation {
  readonly #client: Client = { greeted: false, patienceMs: limits.greetedMs, asker: null };
  #received: Buffer[] = [];
  #size = 0;
  #verb: Verb | null = null;
  #busy = false;
  #deadline: NodeJS.Timeout;

  readonly #party: Party;
  #isProven = false;

  constructor(party: Party) {
    const { socket, answers } = party;
    this.#party = party;
    this.#deadline = this.#expect(limits.requestMs);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(this.#deadline);
      answers.left(this.#client);
    });
  }

  #expect(milliseconds: number): NodeJS.Timeout {
    clearTimeout(this.#deadline);
    return setTimeout(() => this.#refuse(), milliseconds);
  }

  #refuse(): void {
    if (!this.#client.greeted) this.#party.answers.refused();
    this.#party.socket.destroy();
  }

  #take(chunk: Buffer): void {
    // A second request before the first one's answer, or bytes after an `end`: our clients never do
    // that.
    if (this.#busy) {
      this.#refuse();
      return;
    }
    if (this.#size === 0 && this.#client.greeted) this.#deadline = this.#expect(limits.requestMs);
    this.#received.push(chunk);
    this.#size += chunk.length;
    const bytes = this.#received.length === 1 ? chunk : Buffer.concat(this.#received, this.#size);
    this.#received = [bytes];
    this.#verb ??= this.#admit(bytes);
    if (this.#verb === null) return;
    const whole = isWhole(bytes);
    if (whole === 'malformed') this.#refuse();
    else if (whole) this.#reply(this.#verb, bytes);
  }

  /** The verb, when the first line is complete and contains the token. */
  #admit(bytes: Buffer): Verb | null {
    const head = readHead(bytes);
    if (head === 'partial') return null;
    // Every head has a token of the same length, whoever sends it.
    if (head !== 'malformed' && timingSafeEqual(Buffer.from(head.token), this.#party.expected)) {
      this.#isProven ||= this.#party.proven();
      if (this.#isProven) return head.verb;
    }
    this.#refuse();
    return null;
  }

  #reply(verb: Verb, bytes: Buffer): void {
    this.#busy = true;
    this.#received = [];
    this.#size = 0;
    this.#verb = null;
    if (verb === 'hello') this.#client.greeted = true;
    const failed = (error: unknown) => {
      this.#party.answers.failed(verb, error);
      this.#refuse();
    };
    try {
      const { question, asker } = verb === 'credentials' ? cutAsker(bytes) : { question: bytes, asker: null };
      this.#client.asker = asker;
      const request = this.#party.requests.read(verb, question);
      const answer = this.#party.answers.answer(verb, request, this.#client);
      if (answer instanceof Promise) answer.then((text) => this.#send(text)).catch(failed);
      else this.#send(answer);
    } catch (error) {
      // No request may end the agent.
      failed(error);
    }
  }

  /** Null if there is no answer. */
  #send(answer: string | null): void {
    if (answer === null) {
      this.#refuse();
    } else if (this.#client.greeted) {
      this.#party.socket.write(answer);
      this.#busy = false;
      this.#deadline = this.#expect(this.#client.patienceMs);
    } else {
      this.#deadline = this.#expect(limits.requestMs);
      this.#party.socket.end(answer);
    }
  }
}
