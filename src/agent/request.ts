import { isUtf8 } from 'node:buffer';
import { decodeValue, placeNames } from '../shell/index.ts';
import { limits } from './limits.ts';

/*
 * The agent's protocol, on the port of its state file at 127.0.0.1. A client writes a whole request
 * at once and reads until `end`:
 *
 *   TOKEN VERB 1                          PROOF STATUS NUMBER TEXT
 *   WORD VALUE                            WORD VALUE
 *   end                                   end
 *
 * Values are encoded as in src/shell/wire-format.ts. NUMBER matches ^[0-9]{1,12}$. TEXT and VALUE are
 * the rest of their line (`-` for none). The connection is closed after the answer, except after
 * `hello`. A request without the right token, malformed, or not complete within limits.ts gets no
 * answer. Clients use nothing of an answer that does not begin with the proof, and send no secret
 * before they have read the proof on that connection, which is the purpose of `hello`.
 *
 *   load          the hook's request (src/shell/wire-format.ts); answers as there, `cold`, or `wait`
 *                 (flights.ts)
 *   credentials   `want exec` or `want export`, `profile NAME`, `place VALUES`; optional: `format F`,
 *                 `region R`, `duration SECONDS`, `no-session 1`, `min-ttl SECONDS`; `env NAME VALUE`:
 *                 the caller's AWS* variables except secrets; `untold NAMES`: the names of its other
 *                 AWS* variables. VALUES are those of `placeNames`, in that order, separated by `|`
 *                 and not encoded; if one contains a `|`, a `%` or a control byte, Node answers.
 *                 Answers `ok EXPIRES PROFILE` with the launcher's lines (exec), `text EXPIRES PROFILE`
 *                 with the text to print (export), or `cold`. For a stored key EXPIRES is 0, and the
 *                 notes that the launcher prints are in place of PROFILE
 *   run           a command that only reads, from the launcher: `build WORD` of dist/word.txt, `arg WORD` for
 *                 each word after `awsh`, `place`, `env` and `untold` as above, with empty proxies;
 *                 `screen STREAMS|TZ|VALUES`: `7` and `8` if stdout and stderr are terminals, which
 *                 the client has open at these descriptors; TZ after a `=`; the values of `screenNames` (src/entry/asked-command.ts). Answers `ran STATUS
 *                 TEXT` with the text for stderr, then the text for stdout as it is, and the proof again
 *                 as the last line before `end`; or `cold`
 *   hello         answers `hello 1 VERSION`; the connection stays open, and only such a connection may
 *                 use the verbs down to `vault-key`
 *   lease         `session ID`, `profile NAME`, `min-ttl SECONDS`; `tty NAME` if the user will be asked;
 *                 `renew 1` if only the clock asks; `refresh 1`: the session must have been renewed
 *                 while this client waited. Answers `granted` (this client makes the session, and no
 *                 other does in the meantime), `have EXPIRES PROFILE` with the session's lines, or
 *                 `wait 0 TTY` (another client has the lease)
 *   put           `session ID`, `profile NAME`, `expires EPOCH`, `key`, `secret`, `token`, `account`,
 *                 `arn`; ends the lease
 *   release       `session ID`; `failed person`, `failed refused` or `failed network` if it was tried;
 *                 ends the lease, as does the end of the connection
 *   vault-key     `folder PATH` of the file backend's vault; `value KEY` (base64url) to store its key.
 *                 Answers `ok 0 KEY` or `cold`
 *   forget        `session ID`: it was removed from the vault
 *   status        answers `ok STARTED VERSION`, `pid N`, `session EXPIRES PROFILE`,
 *                 `used TIME PROFILE`; no secret
 *   stop, lock    answers `ok`, and the process ends, which is the surest way to clear its memory
 *   handover      answers `ok`: the agent reads the state file at once
 *   signed-in     answers `ok NUMBER`: the user has signed in; NUMBER sessions that shells wait for are
 *                 being fetched
 *
 * `cold` is `cold 0 -` without lines: the agent has no answer, and the client continues as it would
 * without an agent.
 */

export const verbs = [
  'load',
  'credentials',
  'run',
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
  /** The `env` lines, and the non-empty values of `place`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The whole request as it was received, including its token: never to be logged. */
  readonly text: string;
}

/** `TOKEN VERB 1`; `partial` if more bytes are needed, `malformed` if it can never be one. */
export type Head = { token: string; verb: Verb } | 'partial' | 'malformed';

/**
 * Reads only the first line, so that a client without the token is recognised before anything it
 * sends is stored.
 */
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

/** Whether the bytes are a whole request. Bytes after its `end` make it malformed. */
export function isWhole(bytes: Buffer): boolean | 'malformed' {
  const end = bytes.indexOf(lastLine);
  if (end < 0) return bytes.length > limits.requestBytes ? 'malformed' : false;
  return end + lastLine.length === bytes.length ? true : 'malformed';
}

/** The lines of a whole request. Null if it does not have the form above, or is not UTF-8. */
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
      // A path contains the separator, so the values cannot be told apart.
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

/**
 * The caller, as the launcher sends it after everything else. Only the log needs it, and it differs
 * between equal questions.
 */
export interface Asker {
  /** The launcher's process id, which exec's command keeps. */
  readonly pid: number;
  readonly directory: string;
  /** The first word of exec's command; empty for export. */
  readonly command: string;
}

const askerLine = Buffer.from('\nfrom ');

/**
 * The question without the last lines, which name the caller, so that a repeated question consists
 * of the same bytes.
 */
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
