import { pipeline, type Readable, Transform } from 'node:stream';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { mostReplyBytes, replyTooLong } from '../system/index.ts';
import type { Agents } from './connection.ts';

/** The part of a client of the SDK that this needs. */
interface BoundableClient {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<Handled>) => (args: never) => Promise<Handled>,
      options: { step: 'deserialize'; priority: 'low'; name: string; override: true },
    ): void;
  };
}

interface Handled {
  readonly response: unknown;
}

/**
 * Makes the client close the connection if a reply is longer than {@link mostReplyBytes} or the
 * signal fires. Without this the SDK reads replies of any length, and parses them for as long as
 * that takes.
 */
export function boundReplies(client: BoundableClient, signal: AbortSignal): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const handled = await next(args);
      const response = handled.response as { body?: unknown };
      if (isReadable(response?.body)) response.body = bounded(response.body, signal);
      return handled;
    },
    { step: 'deserialize', priority: 'low', name: 'awshBoundReplies', override: true },
  );
}

/** How the last request of a {@link boundedHandler} ended. */
export interface RequestEnd {
  /** The error of the connection, or null. */
  fault: { readonly code?: string } | null;
  /** The HTTP status; null if there was no response. */
  status: number | null;
  /** The time was used up. */
  timedOut: boolean;
  /**
   * False if the response cannot be AWS's: neither a 200 nor an error in JSON or with AWS's own
   * header.
   */
  isFromAws: boolean;
}

/**
 * The request handler for a client that another package creates, with the limits of {@link
 * boundReplies}. Records how the last request ended, because the client's own error does not tell.
 * The time, in milliseconds for all requests together, begins with the first request, when the
 * packages are already loaded.
 */
export async function boundedHandler(
  agents: Agents,
  timeoutMs: number,
): Promise<{ requestHandler: NodeHttpHandler; end: RequestEnd }> {
  const { NodeHttpHandler: Handler } = await import('@smithy/node-http-handler');
  const end: RequestEnd = { fault: null, status: null, timedOut: false, isFromAws: false };
  let deadline: AbortSignal | null = null;
  class BoundedHandler extends Handler {
    override async handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
      deadline ??= AbortSignal.timeout(timeoutMs);
      const signal = deadline;
      try {
        const handled = await super.handle(request, { ...options, abortSignal: signal });
        const { response } = handled;
        end.status = response.statusCode;
        end.isFromAws = mayBeAws(response.statusCode, response.headers);
        if (isReadable(response.body)) {
          response.body = bounded(response.body, signal);
          response.body.once('error', (error: NonNullable<RequestEnd['fault']>) => {
            end.fault = error;
            end.timedOut = signal.aborted;
          });
        }
        return handled;
      } catch (error) {
        end.fault = error as RequestEnd['fault'];
        end.timedOut = signal.aborted;
        throw error;
      }
    }
  }
  return { requestHandler: new BoundedHandler(agents), end };
}

function mayBeAws(status: number, headers: Readonly<Record<string, string>>): boolean {
  if (status === 200) return true;
  const has = (name: string, pattern: RegExp) =>
    Object.entries(headers).some(([key, value]) => key.toLowerCase() === name && pattern.test(value));
  return status >= 400 && status < 500 && (has('x-amzn-errortype', /./) || has('content-type', /json/));
}

function isReadable(body: unknown): body is Readable {
  return typeof (body as Readable | undefined)?.pipe === 'function';
}

function bounded(body: Readable, signal: AbortSignal): Readable {
  let bytes = 0;
  const counting = new Transform({
    transform(piece: Buffer, _, done) {
      bytes += piece.length;
      if (bytes > mostReplyBytes) done(replyTooLong());
      else done(null, piece);
    },
  });
  const stop = () => body.destroy(Object.assign(new Error('no time left'), { name: 'AbortError' }));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  // An error of either stream ends both, and the connection with them.
  return pipeline(body, counting, () => signal.removeEventListener('abort', stop));
}
