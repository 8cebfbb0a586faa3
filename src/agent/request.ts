import { isUtf8 } from 'node:buffer';
import { decodeValue, sentVariables, storeVariables } from '../shell/index.ts';
import { limits } from './limits.ts';

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
] as const;
export type Verb = (typeof verbs)[number];

/** What the launcher says of its surroundings in one line, in this order: it has no time for names. */
export const placeNames = sentVariables.filter(
  (name) => !name.startsWith('AWS_') && !storeVariables.some((store) => store === name),
);

/** What a client asks; ARCHITECTURE.md has the words. */
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

/** A whole request's lines. Null where one is not as ARCHITECTURE.md has it; text that is not UTF-8 is not. */
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
