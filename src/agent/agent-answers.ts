import { formatReply, type Reply as LoadReply, type LoadRequest, parseRequest } from '../shell/index.ts';
import { epochSeconds, printable, Secret } from '../system/index.ts';
import { type FlightFailure, type Flights, flightFailures, flightMs } from './flights.ts';
import { isSessionId, type KeptSession, readSession, sessionLines } from './kept-session.ts';
import { type AgentReply, cold, formatAgentReply, reply } from './reply.ts';
import type { AgentRequest, Asker, Verb } from './request.ts';
import type { Answers, Client } from './server.ts';

/** What the agent can do beside keeping things: made elsewhere, so that the answers can be tried alone. */
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
  /** Null: not in memory, go the cold path. */
  readonly load: (request: LoadRequest) => LoadReply | null | Promise<LoadReply | null>;
  readonly credentials: (
    request: AgentRequest,
    asker: Asker | null,
  ) => AgentReply | null | Promise<AgentReply | null>;
  readonly isLocked: () => boolean;
  /** By `lock_after`, and the mark of the lock may not be there: clients are told. */
  readonly isLockedAlone: () => boolean;
  /** Somebody showed the token; `byPerson` is false for what only the clock asks. */
  readonly used: (byPerson: boolean) => void;
  /** A new session is in memory. */
  readonly kept: (session: KeptSession) => void;
  readonly end: (why: 'stop' | 'lock') => void;
  readonly checkPlace: () => void;
  /** Somebody has signed in: fetches what waited for it. Gives how many sessions are on their way. */
  readonly signedIn: () => number;
  readonly note: (line: string) => void;
}

/** Only after `hello`: they carry secrets, or depend on the connection. */
const forGreeted: readonly Verb[] = ['lease', 'put', 'release', 'vault-key'];

/** What somebody does who sits there, unless it says that the clock alone asks: it puts `lock_after` off. */
const forPerson: readonly Verb[] = ['load', 'credentials', 'lease'];

/** Every answer of the agent; request.ts has the table. */
export class AgentAnswers implements Answers {
  readonly #powers: AgentPowers;
  /** What opens the file backend, by the vault's folder, where the person unlocked it. */
  readonly vaultKeys = new Map<string, Secret>();
  /** Requests come again and again, and are read once. */
  readonly #loads = new WeakMap<AgentRequest, NonNullable<ReturnType<typeof parseRequest>>>();

  readonly #written = new WeakMap<AgentReply | LoadReply, string>();

  constructor(powers: AgentPowers) {
    this.#powers = powers;
  }

  /** At once, but for a `load` that is new: each turn that an answer waits is a good part of what it costs. */
  answer(verb: Verb, request: AgentRequest | null, client: Client): string | null | Promise<string> {
    // A path that is not UTF-8, or a control character: Node may know what to do with it.
    if (request === null) return verb === 'load' || verb === 'credentials' ? this.#format(cold) : null;
    if (forGreeted.includes(verb) && !client.greeted) return null;
    this.#powers.used(forPerson.includes(verb) && request.fields.get('renew') !== '1');
    if (verb === 'load') return this.#load(request);
    if (verb === 'credentials') return this.#credentials(request, client.asker);
    return this.#format(this.#reply(verb, request, client));
  }

  left(client: Client): void {
    this.#powers.flights.left(client);
  }

  refused(): void {
    this.#powers.note('cut off a client that did not speak as ours do');
  }

  failed(verb: Verb, error: unknown): void {
    // The message of an unforeseen error could quote anything; its class cannot.
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

  /** With its length before it, for a shell that waits for the end of what it reads at a price. */
  #formatLoad(answer: LoadReply | null, { fields }: AgentRequest): string {
    const proof = this.#powers.proof.reveal();
    const text = answer === null ? this.#format(cold) : this.#once(answer, () => formatReply(proof, answer));
    if (fields.get('sized') !== '1') return text;
    return `${proof} ${String(Buffer.byteLength(text)).padStart(8, '0')}\n${text}`;
  }

  #reply(verb: Exclude<Verb, 'load' | 'credentials'>, request: AgentRequest, client: Client): AgentReply {
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
    // A lock, or the end of the job, may have come meanwhile.
    return answer.then((reply) => this.#format(reply === null || this.#powers.isLocked() ? cold : reply));
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

  /** An answer that is given again is the same object, and was written out before. */
  #once(answer: AgentReply | LoadReply, write: () => string): string {
    const text = this.#written.get(answer) ?? write();
    this.#written.set(answer, text);
    return text;
  }
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
