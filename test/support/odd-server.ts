import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** What a server that is not AWS may do with a request. */
export type OddReply =
  | '50 MB'
  | 'a body without end'
  | 'headers without end'
  | 'a header at a time'
  | 'a byte at a time'
  | 'half a reply'
  | 'a gzip bomb'
  | 'a redirect to itself'
  | 'a fault of AWS'
  | 'a limit of AWS'
  | 'an error page'
  | 'a page that is missing'
  | 'nothing';

export interface OddServer {
  readonly url: string;
  /** The number of bytes that it could send before the connection was closed. */
  sent: number;
  requests: number;
}

/** Answers each request in this way, until the client disconnects. */
export async function oddServer(reply: OddReply): Promise<OddServer> {
  const onEnd: (() => void)[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onEnd.push(() => socket.destroy());
    socket.once('data', () => {
      odd.requests += 1;
      answers[reply](socket, odd);
    });
  });
  const odd: OddServer = { url: '', sent: 0, requests: 0 };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const end of onEnd) end();
  });
  return Object.assign(odd, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const ok = 'HTTP/1.1 200 OK\r\n';
const most = 50 * 1024 * 1024;
let bomb: Buffer | undefined;

const answers: Record<OddReply, (socket: Socket, odd: OddServer) => void> = {
  '50 MB': (socket, odd) => {
    socket.write(`${ok}Content-Type: text/xml\r\nContent-Length: ${most}\r\n\r\n`);
    flood(socket, odd, Buffer.alloc(64 * 1024, '<a>'));
  },
  'a body without end': (socket, odd) => {
    socket.write(`${ok}Content-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n`);
    flood(socket, odd, Buffer.from(`4000\r\n${' '.repeat(0x4000)}\r\n`), Number.POSITIVE_INFINITY);
  },
  'headers without end': (socket, odd) => {
    socket.write(ok);
    flood(socket, odd, Buffer.from('X-Long: 0123456789012345678901234567890123456789\r\n'.repeat(100)));
  },
  'a byte at a time': (socket, odd) => {
    socket.write(`${ok}Content-Length: ${most}\r\n\r\n`);
    const timer = setInterval(() => {
      odd.sent += 1;
      socket.write('<');
    }, 20);
    socket.on('close', () => clearInterval(timer));
  },
  'a header at a time': (socket) => {
    socket.write(ok);
    const timer = setInterval(() => socket.write('X-Short: 1\r\n'), 200);
    socket.on('close', () => clearInterval(timer));
  },
  'a redirect to itself': (socket) => {
    socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  },
  'a fault of AWS': (socket) => socket.end(refusal('503 Service Unavailable', 'ServiceUnavailable')),
  'a limit of AWS': (socket) => socket.end(refusal('429 Too Many Requests', 'TooManyRequestsException')),
  'an error page': (socket) => socket.end(page('500 Internal Server Error')),
  'a page that is missing': (socket) => socket.end(page('404 Not Found')),
  nothing: () => {},
  'half a reply': (socket) => {
    socket.end(`${ok}Content-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<GetCallerIdentityResponse>`);
  },
  'a gzip bomb': (socket) => {
    bomb ??= gzipSync(Buffer.alloc(most, ' '));
    const body = bomb;
    socket.write(
      `${ok}Content-Type: text/xml\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.end(body);
  },
};

/** As STS, IAM and the JSON services write it. */
function refusal(status: string, code: string): string {
  const body = `<ErrorResponse><Error><Code>${code}</Code><Message>oops</Message></Error></ErrorResponse>`;
  const headers = [`x-amzn-errortype: ${code}`, 'Content-Type: text/xml', 'Connection: close'];
  return [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

/** As a proxy or a web server writes it. */
function page(status: string): string {
  const body = '<html><body><h1>Sorry</h1></body></html>';
  const headers = ['Content-Type: text/html', 'Connection: close', `Content-Length: ${body.length}`];
  return [`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n');
}

function flood(socket: Socket, odd: OddServer, piece: Buffer, bytes = most): void {
  const write = () => {
    while (odd.sent < bytes && !socket.destroyed) {
      odd.sent += piece.length;
      if (!socket.write(piece)) return socket.once('drain', write);
    }
    return socket.end();
  };
  write();
}
