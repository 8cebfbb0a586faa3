import { fstatSync, readdirSync } from 'node:fs';
import type { Server } from 'node:net';
import { AwshError } from '../system/index.ts';

/**
 * Listens on 127.0.0.1 and a random port; returns the listening socket's descriptor, for a child
 * process to keep. Node does not reveal it: it is the one socket that was not open before.
 */
export async function listenWithDescriptor(server: Server): Promise<number> {
  const before = openSockets();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const [descriptor, ...others] = openSockets().filter((each) => !before.includes(each));
  if (descriptor === undefined || others.length > 0)
    throw new AwshError('other', 'the listening socket of exec --server was not found');
  return descriptor;
}

/**
 * On Linux and macOS /dev/fd lists this process's own descriptors; reading it opens one more, which
 * is a folder.
 */
function openSockets(): number[] {
  return readdirSync('/dev/fd').map(Number).filter(isSocket);
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}
