import { type Agent, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { printable } from '../system/index.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const mostBytes = 64 * 1024;

/**
 * One request and its whole answer, of 64 KiB at most, within the time limit; no redirect is followed. Throws Node's own
 * errors, an AbortError where time ran out.
 */
export function httpRequest(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method = 'GET', headers, agent, timeoutMs } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  const send = url.startsWith('https:') ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers, agent, signal }, (incoming) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (piece: string) => {
        body += piece;
        if (body.length > mostBytes) incoming.destroy(new Error('the answer is too long'));
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body, headers: incoming.headers });
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** A JSON object's fields; none where the text is nothing of the kind. */
export function jsonFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    // Its message quotes the text, which may be a secret.
    return {};
  }
}

/** A field's text, short and safe to show; empty where there is none. */
export function shownField(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? printable(value).slice(0, 200) : '';
}
