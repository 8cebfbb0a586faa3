import { connect } from 'node:net';
import { openPipe } from './pipe-binding.ts';

/** A byte connection to a socket in the file system, or with an abstract name. */
export interface UnixSocket {
  /** May be called once there is a connection. */
  write(bytes: Uint8Array): void;
  /** Sends no more, and keeps no program alive. */
  close(): void;
}

export interface UnixSocketEvents {
  connected(): void;
  /** The callee may keep the bytes. */
  received(bytes: Buffer): void;
  /** Called once, as the last event; `code` is the system's error. */
  ended(error: Error): void;
}

/** Errors are reported through `ended`, not thrown here. */
export function openUnixSocket(path: string, events: UnixSocketEvents): UnixSocket {
  return openPipe(path, events) ?? openNetSocket(path, events);
}

/** Uses Node's public API. */
export function openNetSocket(path: string, events: UnixSocketEvents): UnixSocket {
  let isOpen = true;
  const end = (error: Error) => {
    if (!isOpen) return;
    isOpen = false;
    socket.destroy();
    events.ended(error);
  };
  const socket = connect({ path });
  socket.on('connect', () => events.connected());
  socket.on('data', (bytes: Buffer) => events.received(bytes));
  socket.on('error', end);
  socket.on('close', () => end(new Error('the other side hung up')));
  return {
    write: (bytes) => void socket.write(bytes),
    // Not destroyed: Node would create a stream for stderr to do that.
    close() {
      isOpen = false;
      socket.unref();
      socket.end();
    },
  };
}
