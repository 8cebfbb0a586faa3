import { formatReply, type Reply as LoadReply, type LoadRequest, parseRequest } from '../shell/index.ts';
import { epochSeconds, printable, Secret } from '../system/index.ts';
import { type FlightFailure, type Flights, flightFailures, flightMs } from './flights.ts';
import { isSessionId, type KeptSession, readSession, sessionLines } from './kept-session.ts';
import { type AgentReply, cold, formatAgentReply, reply } from './reply.ts';
import type { AgentRequest, Asker, Verb } from './request.ts';
import type { Answers, Client } from './server.ts';
import type { ThreadAnswer } from './thread-protocol.ts';

/**
 * The agent's actions other than storing sessions. They are created elsewhere, so that the answers
 * can be tested alone.
 */
export interface AgentPowers {
  readonly version: string;
  readonly started: Date;
  readonly proof: Secret;
  /** Sessions by id; `SessionMemory` in the agent. */
  readonly memory: {
    get(id: string, minTtlSeconds: number): KeptSession | null;
    put(session: KeptSession): void;
    forget(id: string): void;
    all(): KeptSession[];
    lastUses(): { profile: string; at: Date }[];
  };
  readonly flights: Flights;
  /** Null: not in memory; the client takes the cold path. */
  readonly load: (request: LoadRequest) => LoadReply | null | Promise<LoadReply | null>;
  readonly credentials: (
    request: AgentRequest,
    asker: Asker | null,
  ) => AgentReply | null | Promise<AgentReply | null>;
  /** Runs a command that only reads; null: Node must run it. */
  readonly run: (text: string) => Promise<ThreadAnswer | null>;
  readonly isLocked: () => boolean;
  /**
   * True if the agent locked itself by `lock_after` and the mark of the lock may be missing;
   * clients are told.
   */
  readonly isLockedAlone: () => boolean;
  /** A client has shown the token. `byPerson` is false for a request that only the clock caused. */
  readonly used: (byPerson: boolean) => void;
  /** A new session is in memory. */
  readonly kept: (session: KeptSession) => void;
  readonly end: (why: 'stop' | 'lock') => void;
  readonly checkPlace: () => void;
  /**
   * The user has signed in: fetches the sessions that waited for it. Returns how many are being
   * fetched.
   */
  readonly signedIn: () => number;
  readonly note: (line: string) => void;
}

/** Only after `hello`: these carry secrets, or depend on the connection. */
const forGreeted: readonly Verb[] = ['lease', 'put', 'release', 'vault-key'];

/** If these are malformed, Node may be able to handle them. */
const forLauncherOrHook: readonly Verb[] = ['load', 'credentials', 'run'];

/**
 * Verbs that count as activity of the user, unless the request says that only the clock caused it:
 * activity postpones `lock_after`.
 */
const forPerson: readonly Verb[] = ['load', 'credentials', 'lease'];

/** All answers of the agent; the table is in request.ts. */
export class AgentAnswers implements Answers {
  readonly #powers: AgentPowers;
  /** The keys of the file backend, by the vault's folder, if the user has unlocked it. */
  readonly vaultKeys = new Map<string, Secret>();
  /** The same requests are repeated, so each is parsed once. */
  readonly #loads = new WeakMap<AgentRequest, NonNullable<ReturnType<typeof parseRequest>>>();

  readonly #written = new WeakMap<AgentReply | LoadReply, string>();

  constructor(powers: AgentPowers) {
    this.#powers = powers;
  }

  /**
   * Answers synchronously, except for a new `load`: each turn of the event loop is a large part of
   * an answer's cost.
   */
  answer(verb: Verb, request: AgentRequest | null, client: Client): string | null | Promise<string> {
    // A path that is not UTF-8, or a control character.
    if (request === null) return forLauncherOrHook.includes(verb) ? this.#format(cold) : null;
    if (forGreeted.includes(verb) && !client.greeted) return null;
    // A status line asks without the user, so this neither postpones lock_after nor keeps the agent
    // running.
    if (verb === 'run') return this.#run(request);
    this.#powers.used(forPerson.includes(verb) && request.fields.get('renew') !== '1');
    if (verb === 'load') return this.#load(request);
    if (verb === 'credentials') return this.#credentials(request, client.asker);
    return this.#format(this.#reply(verb, request, client));
  }

  left(client: Client): void {
    this.#powers.flights.left(client);
  }

  refused(): void {
    this.#powers.note('disconnected a client that did not follow the protocol');
  }

  failed(verb: Verb, error: unknown): void {
    // The message of an unexpected error could quote anything; its class cannot.
    this.#powers.note(`could not answer ${verb}: ${error instanceof Error ? error.name : typeof error}`);
  }

  #load(request: AgentRequest): string | Promise<string> {
    const parsed = this.#loads.get(request) ?? parseRequest(request.text);
    if (parsed !== null) this.#loads.set(request, parsed);
    const answer = parsed === null || this.#powers.isLocked() ? null : this.#powers.load(parsed.request);
    return answer instanceof Promise
      ? answer.then((reply) => this.#formatLoad(reply, request))
      : this.#formatLoad(answer, request);
  }

  /**
   * Puts the length before the text, because for some shells it is expensive to read up to an end.
   */
  #formatLoad(answer: LoadReply | null, { fields }: AgentRequest): string {
    const proof = this.#powers.proof.reveal();
    const text = answer === null ? this.#format(cold) : this.#once(answer, () => formatReply(proof, answer));
    if (fields.get('sized') !== '1') return text;
    return `${proof} ${String(Buffer.byteLength(text)).padStart(8, '0')}\n${text}`;
  }

  #reply(
    verb: Exclude<Verb, 'load' | 'credentials' | 'run'>,
    request: AgentRequest,
    client: Client,
  ): AgentReply {
    const { version, started, memory } = this.#powers;
    switch (verb) {
      case 'hello':
        return reply('hello', 1, version, this.#powers.isLockedAlone() ? [['locked', 'lock_after']] : []);
      case 'lease':
        return this.#lease(request.fields, client);
      case 'put':
        return this.#put(request.fields);
      case 'release':
        return this.#release(request.fields, client);
      case 'vault-key':
        return this.#vaultKey(request.fields);
      case 'forget':
        memory.forget(request.fields.get('session') ?? '');
        return reply('ok');
      case 'status':
        return reply('ok', started, version, [
          ['pid', String(process.pid)],
          ...(this.#powers.isLockedAlone() ? [['locked', 'lock_after'] as const] : []),
          ...memory.all().map(shown),
          ...memory.lastUses().map(lastUse),
        ]);
      case 'stop':
      case 'lock':
        this.#powers.end(verb);
        return reply('ok');
      case 'signed-in':
        return reply('ok', this.#powers.signedIn());
      case 'handover':
        this.#powers.checkPlace();
        return reply('ok');
    }
  }

  #credentials(request: AgentRequest, asker: Asker | null): string | Promise<string> {
    const answer = this.#powers.isLocked() ? null : this.#powers.credentials(request, asker);
    if (!(answer instanceof Promise)) return this.#format(answer ?? cold);
    // awsh may have been locked, or the job may have ended, in the meantime.
    return answer.then((reply) => this.#format(reply === null || this.#powers.isLocked() ? cold : reply));
  }

  async #run({ text }: AgentRequest): Promise<string> {
    if (this.#powers.isLocked()) return this.#format(cold);
    // The first line has the token.
    const answer = await this.#powers.run(text.slice(text.indexOf(' ') + 1));
    if (answer === null || !isSendable(answer) || this.#powers.isLocked()) return this.#format(cold);
    const { status, told, printed } = answer;
    // The proof again: no text on stdout looks like the end of an answer.
    const body = `${printed}${this.#powers.proof.reveal()}\n`;
    return this.#format({ ...reply('ran', status, told.slice(0, -1) || '-'), body });
  }

  #lease(fields: AgentRequest['fields'], client: Client): AgentReply {
    const id = fields.get('session');
    if (!isSessionId(id) || this.#powers.isLocked()) return cold;
    const { memory, flights } = this.#powers;
    const renews = fields.get('refresh') === '1';
    const have = memory.get(id, seconds(fields.get('min-ttl')));
    const isNewEnough = !renews || flights.wasRenewedFor(id, client);
    if (have !== null && isNewEnough)
      return reply('have', have.credentials.expiration, have.profile, sessionLines(have));
    const terminal = fields.get('tty')?.replace(/^\/dev\//, '') ?? null;
    const asked = terminal === null ? null : printable(terminal).slice(0, 30);
    const other = flights.take(id, client, asked, renews);
    if (other !== null) return reply('wait', 0, other.terminal ?? '-');
    client.patienceMs = flightMs.person;
    return reply('granted');
  }

  #put(fields: AgentRequest['fields']): AgentReply {
    const session = readSession(fields);
    if (session === null || this.#powers.isLocked()) return cold;
    this.#powers.memory.put(session);
    this.#powers.flights.landed(session.id);
    this.#powers.kept(session);
    return reply('ok');
  }

  #release(fields: AgentRequest['fields'], client: Client): AgentReply {
    const id = fields.get('session');
    if (!isSessionId(id)) return cold;
    const failure =
      flightFailures.find((known): known is FlightFailure => known === fields.get('failed')) ?? null;
    this.#powers.flights.release(id, client, failure);
    return reply('ok');
  }

  #vaultKey(fields: AgentRequest['fields']): AgentReply {
    const [folder, value] = [fields.get('folder'), fields.get('value')];
    if (folder === undefined || this.#powers.isLocked()) return cold;
    if (value !== undefined) this.vaultKeys.set(folder, new Secret(value));
    const key = this.vaultKeys.get(folder);
    return key === undefined ? cold : reply('ok', 0, key.reveal());
  }

  #format(answer: AgentReply): string {
    return this.#once(answer, () => formatAgentReply(this.#powers.proof.reveal(), answer));
  }

  /** A repeated answer is the same object, whose text was formatted before. */
  #once(answer: AgentReply | LoadReply, write: () => string): string {
    const text = this.#written.get(answer) ?? write();
    this.#written.set(answer, text);
    return text;
  }
}

/** bash cannot keep a NUL, and the launcher prints whole lines. */
function isSendable({ told, printed }: ThreadAnswer): boolean {
  return !/[\0-\x09\x0b-\x1f\x7f]/.test(told) && !printed.includes('\0') && /^$|\n$/.test(printed);
}

function shown({ profile, credentials }: KeptSession): readonly [string, string] {
  return ['session', `${epochSeconds(credentials.expiration)} ${profile}`];
}

function lastUse({ profile, at }: { profile: string; at: Date }): readonly [string, string] {
  return ['used', `${epochSeconds(at)} ${profile}`];
}

function seconds(text: string | undefined): number {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
}
