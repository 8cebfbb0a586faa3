import type { Server, Socket } from 'node:net';

/**
 * Keeps a server reachable however many connections are held open: once there are too many that
 * have not shown a token, the oldest of them makes room for a new one. Returns the function that
 * exempts a connection, because it has shown the token.
 */
export function limitUnproven(server: Server, most: number): (socket: Socket) => void {
  // A Set keeps the order.
  const unproven = new Set<Socket>();
  server.on('connection', (socket) => {
    const [oldest] = unproven.size < most ? [] : unproven;
    if (oldest !== undefined) {
      unproven.delete(oldest);
      oldest.destroy();
    }
    unproven.add(socket);
    socket.once('close', () => unproven.delete(socket));
  });
  // Those that have shown the token are as many at most.
  server.maxConnections = 2 * most;
  return (socket) => unproven.delete(socket);
}
