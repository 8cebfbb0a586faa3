/*
 * The one line of the agent's state file, `PORT PID VERSION TOKEN PROOF`, and its form: decimal,
 * decimal, 1.2.3, 64 hex digits, 64 hex digits. Node checks it here; `npm run generate` writes the
 * same checks into the launcher, the hooks and fish's helper (hook-lists.ts).
 */

export const stateLine = {
  largestPort: 65_535,
  pidDigits: 10,
  /** The content of a bracket expression, in every language that checks it. */
  versionCharacters: '0-9A-Za-z.+-',
  versionLength: 40,
  tokenLength: 64,
} as const;

export interface StateLine {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly token: string;
  readonly proof: string;
}

const { pidDigits, tokenLength, versionCharacters, versionLength } = stateLine;
const hex = `([0-9a-f]{${tokenLength}})`;
const form = new RegExp(
  `^([1-9]\\d{0,4}) ([1-9]\\d{0,${pidDigits - 1}}) ([${versionCharacters}]{1,${versionLength}}) ${hex} ${hex}\\n$`,
);

/** Null if the text is not exactly such a line. */
export function parseStateLine(text: string): StateLine | null {
  const [, port, pid, version = '', token = '', proof = ''] = form.exec(text) ?? [];
  if (port === undefined || Number(port) > stateLine.largestPort) return null;
  return { port: Number(port), pid: Number(pid), version, token, proof };
}
