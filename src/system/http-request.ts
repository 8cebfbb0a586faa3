import type { Agent } from 'node:http';
import { printable } from './printable.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent: Agent;
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * In bytes. A reply of AWS has some kilobytes; a server that sends more than this is not AWS, and
 * the rest is not read.
 */
export const mostReplyBytes = 256 * 1024;

/** Why a reply is not read to its end; `connectionFault` has the text for its code. */
export function replyTooLong(): Error & { code: string } {
  return Object.assign(new Error('the reply is too long'), { code: 'EMSGSIZE' });
}

/**
 * One request and its whole answer, of at most {@link mostReplyBytes}, within the time limit.
 * Follows no redirect and decompresses nothing. Throws Node's own errors, `replyTooLong`, or an
 * AbortError after the time limit.
 */
export function httpRequest(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method = 'GET', headers, body, agent, timeoutMs } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  const { request: send } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers, agent, signal }, (incoming) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (piece: Buffer) => {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes > mostReplyBytes) incoming.destroy(replyTooLong());
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        const body = Buffer.concat(pieces).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, body, headers: incoming.headers });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** A JSON object's fields; empty if the text is not a JSON object. */
export function jsonFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    // Its message quotes the text, which may be a secret.
    return {};
  }
}

/** A field's text, short and safe to show; empty if there is none. */
export function shownField(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? printable(value).slice(0, 200) : '';
}
