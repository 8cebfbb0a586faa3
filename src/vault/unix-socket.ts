import { connect } from 'node:net';
import { openPipe } from './pipe-binding.ts';

/** A connection to a socket in the file system, or of an abstract name, as bytes. */
export interface UnixSocket {
  /** Once there is a connection. */
  write(bytes: Uint8Array): void;
  /** Says no more, and keeps no program alive. */
  close(): void;
}

export interface UnixSocketEvents {
  connected(): void;
  /** The bytes may be kept. */
  received(bytes: Buffer): void;
  /** Once, and nothing after it; `code` says of what the system complained. */
  ended(error: Error): void;
}

/** Fails in `ended`, not here. */
export function openUnixSocket(path: string, events: UnixSocketEvents): UnixSocket {
  return openPipe(path, events) ?? openNetSocket(path, events);
}

/** By Node's public means. */
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
    // Not destroyed: Node would make a stream of stderr for that.
    close() {
      isOpen = false;
      socket.unref();
      socket.end();
    },
  };
}
