import { pipeline, type Readable, Transform } from 'node:stream';

/** A reply of STS or IAM has some kilobytes; whoever sends more than this is not AWS, and is not read to the end. */
export const mostReplyBytes = 256 * 1024;

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
 * Makes the client read no more of a reply than {@link mostReplyBytes} and no longer than the signal lasts: then it cuts the
 * connection. The SDK alone reads whatever comes, and parses it for as long as that takes.
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

function isReadable(body: unknown): body is Readable {
  return typeof (body as Readable | undefined)?.pipe === 'function';
}

function bounded(body: Readable, signal: AbortSignal): Readable {
  let bytes = 0;
  const counting = new Transform({
    transform(piece: Buffer, _, done) {
      bytes += piece.length;
      if (bytes > mostReplyBytes) done(Object.assign(new Error('too long'), { code: 'EMSGSIZE' }));
      else done(null, piece);
    },
  });
  const stop = () => body.destroy(Object.assign(new Error('no time left'), { name: 'AbortError' }));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  // An error of either ends both, and with the reply its connection.
  return pipeline(body, counting, () => signal.removeEventListener('abort', stop));
}
