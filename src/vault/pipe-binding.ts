import { getSystemErrorName } from 'node:util';
import type { UnixSocket, UnixSocketEvents } from './unix-socket.ts';

/**
 * The parts of Node's own `net` that are used here (lib/net.js and
 * lib/internal/stream_base_commons.js).
 */
interface PipeHandle {
  onread: (bytes: ArrayBuffer | undefined) => void;
  connect(request: Request, path: string): number | undefined;
  readStart(): number;
  writeBuffer(request: Request, bytes: Uint8Array): number;
  close(): void;
}

interface Request {
  oncomplete: (status: number) => void;
}

interface Bindings {
  readonly pipe: {
    readonly Pipe: new (type: number) => PipeHandle;
    readonly PipeConnectWrap: new () => Request;
    readonly constants: { readonly SOCKET: number };
  };
  readonly stream: {
    readonly WriteWrap: new () => Request;
    readonly streamBaseState: ArrayLike<number>;
    readonly kReadBytesOrError: number;
    readonly kArrayBufferOffset: number;
  };
}

/**
 * The major versions of Node that this was tested with. Others may have changed these undocumented
 * parts.
 */
const triedMajors = ['20', '22', '24'];

/**
 * The bindings below `node:net`, or null if `node:net` must be used. With that module and its streams,
 * a command that finds its session in the keyring takes 6 % more processor time
 * (bench/build-pieces.ts). (https://nodejs.org/api/deprecations.html#DEP0111: `process.binding` is
 * deprecated in the documentation only, and warns only if pending deprecations are requested.)
 */
function bindings(): Bindings | null {
  const { binding } = process as { binding?: (name: string) => unknown };
  const warns =
    process.execArgv.includes('--pending-deprecation') || process.env.NODE_PENDING_DEPRECATION === '1';
  const isTried = triedMajors.includes(process.versions.node.split('.')[0] ?? '');
  if (binding === undefined || warns || !isTried) return null;
  try {
    return {
      pipe: binding('pipe_wrap') as Bindings['pipe'],
      stream: binding('stream_wrap') as Bindings['stream'],
    };
  } catch {
    // Not available if Node's permissions are restricted.
    return null;
  }
}

/** Like `openUnixSocket`; null if this version of Node is not supported. */
export function openPipe(path: string, events: UnixSocketEvents): UnixSocket | null {
  const known = bindings();
  if (known === null) return null;
  const { pipe, stream } = known;
  const handle = new pipe.Pipe(pipe.constants.SOCKET);
  let isOpen = true;
  const end = (why: string | number) => {
    if (!isOpen) return;
    isOpen = false;
    handle.close();
    events.ended(typeof why === 'string' ? new Error(why) : systemError(why));
  };
  handle.onread = (bytes) => {
    const length = stream.streamBaseState[stream.kReadBytesOrError] ?? 0;
    const offset = stream.streamBaseState[stream.kArrayBufferOffset] ?? 0;
    if (!isOpen) return;
    if (bytes === undefined || length < 0) end('the other side hung up');
    else if (length > 0) events.received(Buffer.from(bytes, offset, length));
  };
  const request = new pipe.PipeConnectWrap();
  request.oncomplete = (status) => {
    if (status < 0) {
      end(status);
    } else if (isOpen) {
      handle.readStart();
      events.connected();
    }
  };
  const status = handle.connect(request, path) ?? 0;
  // Deferred until the caller has the return value.
  if (status < 0) queueMicrotask(() => end(status));
  return {
    write(bytes) {
      const request = new stream.WriteWrap();
      request.oncomplete = (status) => {
        if (status < 0) end(status);
      };
      const status = isOpen ? handle.writeBuffer(request, bytes) : 0;
      if (status < 0) end(status);
    },
    close() {
      if (isOpen) handle.close();
      isOpen = false;
    },
  };
}

function systemError(status: number): Error {
  const code = getSystemErrorName(status);
  return Object.assign(new Error(code), { code });
}
