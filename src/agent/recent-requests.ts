import { type AgentRequest, parseAgentRequest, type Verb } from './request.ts';

/*
 * The same question again is the same bytes again, and is read once. Its answer holds while the lock's mark is not there, the session
 * is the same and the files that the answer was made from look as before (inode, size, times, owner, mode; none that had changed a
 * moment before), and at most until the agent next looks at its clocks. For `credentials` those files are settings, index and AWS
 * files; for `load` also the directory file, the folder of decisions and the file's own decision, and which file decides, and its real
 * path, are looked up each time. With `trusted_dirs` in the settings each load is answered anew: the folders on the way vouch, too.
 */

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
