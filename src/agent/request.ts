import { isUtf8 } from 'node:buffer';
import { decodeValue, placeNames } from '../shell/index.ts';
import { limits } from './limits.ts';

/*
 * The agent's protocol, on the port of its state file at 127.0.0.1. A client writes a whole request at once and reads until `end`:
 *
 *   TOKEN VERB 1                          PROOF STATUS NUMBER TEXT
 *   WORD VALUE                            WORD VALUE
 *   end                                   end
 *
 * Values are encoded as in src/shell/wire-format.ts, NUMBER matches ^[0-9]{1,12}$, TEXT and VALUE are the rest of their line (`-`
 * for none). The connection is closed after the answer, except after `hello`. A request that is not exactly of this form, with
 * the right token, whole within limits.ts, gets not a byte. Nobody takes anything from an answer that does not begin with the proof,
 * and nobody sends a secret before the proof was read on that connection: that is what `hello` is for.
 *
 *   load          the hook's request (src/shell/wire-format.ts); answers as there, `cold`, or `wait` (flights.ts)
 *   credentials   `want exec` or `want export`, `profile NAME`, `place VALUES`; if given: `format F`, `region R`,
 *                 `duration SECONDS`, `no-session 1`, `min-ttl SECONDS`; `env NAME VALUE`: the caller's AWS* variables but for
 *                 secrets; `untold NAMES`: which of those it has. VALUES are those of `placeNames`, in that order, with a `|`
 *                 between them and not encoded; if one has a `|`, a `%` or a control byte, Node answers.
 *                 Answers `ok EXPIRES PROFILE` with the launcher's lines (exec), `text EXPIRES PROFILE` with what is to be
 *                 printed (export), or `cold`. For a stored key EXPIRES is 0, and in the place of PROFILE are the notes that the
 *                 launcher prints
 *   hello         answers `hello 1 VERSION`; the connection stays open, and it alone may use the verbs down to `vault-key`
 *   lease         `session ID`, `profile NAME`, `min-ttl SECONDS`; `tty NAME` if the user will be asked; `renew 1` if the clock
 *                 alone asks; `refresh 1`: only a session that was renewed while this client waited will do. Answers `granted`
 *                 (make the session, nobody else does meanwhile), `have EXPIRES PROFILE` with the session's lines, or
 *                 `wait 0 TTY` (another client has the lease)
 *   put           `session ID`, `profile NAME`, `expires EPOCH`, `key`, `secret`, `token`, `account`, `arn`; ends the lease
 *   release       `session ID`; `failed person`, `failed refused` or `failed network` if it was tried; ends the lease. So does
 *                 the end of the connection
 *   vault-key     `folder PATH` of the file backend's vault; `value KEY` (base64url) to keep its key. Answers `ok 0 KEY` or `cold`
 *   forget        `session ID`: it was removed from the vault
 *   status        answers `ok STARTED VERSION`, `pid N`, `session EXPIRES PROFILE`, `used TIME PROFILE`; no secret
 *   stop, lock    answers `ok`, and the process ends: nothing wipes a memory as surely
 *   handover      answers `ok`: the agent looks at the state file at once
 *   signed-in     answers `ok NUMBER`: a user has signed in; NUMBER sessions that shells wait for are being fetched
 *
 * `cold` is `cold 0 -` without lines: the agent has no answer, and the client goes the way it would go without an agent.
 */

export const verbs = [
  'load',
  'credentials',
  'hello',
  'lease',
  'put',
  'release',
  'vault-key',
  'forget',
  'status',
  'stop',
  'lock',
  'handover',
  'signed-in',
] as const;
export type Verb = (typeof verbs)[number];

/** What a client asks; the words are above. */
export interface AgentRequest {
  readonly verb: Verb;
  /** The last value of each word. */
  readonly fields: ReadonlyMap<string, string>;
  /** `env` lines, and what `place` has that is not empty. */
  readonly environment: Readonly<Record<string, string>>;
  /** The whole request as it came, its token included: never to be logged. */
  readonly text: string;
}

/** `TOKEN VERB 1`, or why there is none: more bytes are to come, or it will never be one. */
export type Head = { token: string; verb: Verb } | 'partial' | 'malformed';

/** Looks at the first line alone, so that a stranger is known before anything of his is kept. */
export function readHead(bytes: Buffer): Head {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return bytes.length > limits.headBytes ? 'malformed' : 'partial';
  if (end > limits.headBytes) return 'malformed';
  const [, token = '', word] =
    /^([0-9a-f]{64}) ([a-z-]{1,20}) 1$/.exec(bytes.toString('latin1', 0, end)) ?? [];
  const verb = verbs.find((known) => known === word);
  return verb === undefined ? 'malformed' : { token, verb };
}

const lastLine = Buffer.from('\nend\n');

/** Whether the bytes are a whole request. One that goes on after its `end` is malformed. */
export function isWhole(bytes: Buffer): boolean | 'malformed' {
  const end = bytes.indexOf(lastLine);
  if (end < 0) return bytes.length > limits.requestBytes ? 'malformed' : false;
  return end + lastLine.length === bytes.length ? true : 'malformed';
}

/** A whole request's lines. Null if it has not the form above, or is not UTF-8. */
export function parseAgentRequest(verb: Verb, bytes: Buffer): AgentRequest | null {
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  const fields = new Map<string, string>();
  const environment: Record<string, string> = Object.create(null);
  for (const line of text.split('\n').slice(1, -2)) {
    const [, word, value] = /^([a-z][a-z-]*) (.*)$/.exec(line) ?? [];
    if (word === undefined || value === undefined || /[\0-\x1f\x7f]/.test(value)) return null;
    if (word === 'place') {
      const values = value.split('|');
      // A path with the separator in it: nobody can tell what is what.
      if (values.length !== placeNames.length) return null;
      for (const [at, name] of placeNames.entries()) if (values[at]) environment[name] = values[at];
    } else if (word === 'env') {
      const [, name, content] = /^([A-Za-z_][A-Za-z0-9_]*) (.*)$/.exec(value) ?? [];
      if (name === undefined || content === undefined) return null;
      environment[name] = decodeValue(content);
    } else {
      fields.set(word, decodeValue(value));
    }
  }
  return { verb, fields, environment, text };
}

/** Who asks, as the launcher tells it behind all else: the log alone wants it, and it differs where the question is the same. */
export interface Asker {
  /** The launcher's number, which exec's command takes over. */
  readonly pid: number;
  readonly directory: string;
  /** The first word of exec's command; empty for export. */
  readonly command: string;
}

const askerLine = Buffer.from('\nfrom ');

/** The question without its last lines, which say who asks: a question that comes again is the same bytes again. */
export function cutAsker(bytes: Buffer): { question: Buffer; asker: Asker | null } {
  const at = bytes.lastIndexOf(askerLine);
  const [, pid, directory, command] =
    at < 0
      ? []
      : (/^\nfrom ([1-9][0-9]{0,9})\nin (\/.*)\nruns (.*)\nend\n$/.exec(bytes.toString('utf8', at)) ?? []);
  if (pid === undefined || directory === undefined || command === undefined)
    return { question: bytes, asker: null };
  const question = Buffer.concat([bytes.subarray(0, at), lastLine]);
  return { question, asker: { pid: Number(pid), directory, command } };
}
