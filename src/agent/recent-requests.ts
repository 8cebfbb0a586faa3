import { type AgentRequest, parseAgentRequest, type Verb } from './request.ts';

/** Those that hooks and the launcher send again and again, byte for byte. None of them carries a secret. */
const repeated: readonly Verb[] = ['load', 'credentials'];
const most = 64;

/** Reads requests; one that came before is the same object again, for what was made of it to be found by. */
export class RecentRequests {
  readonly #known = new Map<string, AgentRequest>();

  /** Null as {@link parseAgentRequest}. */
  read(verb: Verb, bytes: Buffer): AgentRequest | null {
    if (!repeated.includes(verb)) return parseAgentRequest(verb, bytes);
    const key = bytes.toString('latin1');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const request = parseAgentRequest(verb, bytes);
    if (this.#known.size >= most) this.#known.clear();
    if (request !== null) this.#known.set(key, request);
    return request;
  }
}
