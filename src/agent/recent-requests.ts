import { type AgentRequest, parseAgentRequest, type Verb } from './request.ts';

/*
 * A repeated question consists of the same bytes, and is parsed once. Its answer stays valid while
 * awsh is not locked, the session is the same, and the files it was made from are unchanged (inode,
 * size, times, owner, mode; none of them changed just before), and at most until the agent next
 * reads its clocks. For `credentials` these files are the settings, the index and the AWS files.
 * For `load` they also include the directory file, the folder of decisions and the file's own
 * decision; which file applies, and its real path, are determined each time. With `trusted_dirs` in
 * the settings, each load is answered anew, because the folders above count too.
 */

/**
 * The requests that hooks and the launcher repeat byte for byte. None of them contains a secret.
 */
const repeated: readonly Verb[] = ['load', 'credentials'];
const most = 64;

/**
 * Parses requests. A repeated request returns the same object, so that values computed from it can
 * be found by it.
 */
export class RecentRequests {
  readonly #known = new Map<string, AgentRequest>();

  /** Null as for {@link parseAgentRequest}. */
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
