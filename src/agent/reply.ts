import { decodeValue, encodeValue } from '../shell/index.ts';
import { epochSeconds, Secret } from '../system/index.ts';

/** The parts of an answer: `PROOF STATUS NUMBER TEXT`, then lines or a body. */
export interface AgentReply {
  readonly status: string;
  /** Epoch seconds, or 0. */
  readonly number: number;
  readonly text: string;
  /** Word and decoded value. */
  readonly lines: readonly (readonly [word: string, value: string])[];
  /** Instead of lines, for the launcher: whole lines exactly as they are sent. */
  readonly body?: string;
}

/** The agent does not have it; the client continues as it would without an agent. */
export const cold: AgentReply = { status: 'cold', number: 0, text: '-', lines: [] };

export function reply(
  status: string,
  number: number | Date = 0,
  text = '-',
  lines: AgentReply['lines'] = [],
): AgentReply {
  return { status, number: typeof number === 'number' ? number : epochSeconds(number), text, lines };
}

/**
 * The answer as one string, to be written at once. Throws if a value contains a control character.
 */
export function formatAgentReply(proof: string, answer: AgentReply): string {
  const { status, number, text, lines } = answer;
  const body = answer.body ?? lines.map(([word, value]) => `${word} ${encodeValue(value)}\n`).join('');
  return `${proof} ${status} ${Math.max(0, Math.floor(number))} ${encodeValue(text)}\n${body}end\n`;
}

/**
 * Null if the answer is incomplete, malformed, or without the right proof: then nothing of it is
 * used.
 */
export function parseAgentReply(proof: Secret, answer: string): AgentReply | null {
  const [, shown = '', status, number, text, body] =
    /^(\S{1,100}) ([a-z]{1,20}) ([0-9]{1,12}) ([^\n]*)\n((?:[^\n]+\n)*?)end\n$/.exec(answer) ?? [];
  if (status === undefined || text === undefined || body === undefined) return null;
  if (!proof.equals(new Secret(shown))) return null;
  const lines = body.split('\n').slice(0, -1).map(readLine);
  return { status, number: Number(number), text: decodeValue(text), lines };
}

function readLine(line: string): readonly [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), decodeValue(line.slice(space + 1))];
}
