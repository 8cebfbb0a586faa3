import { readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * The name of this process's terminal, without `/dev/`, or null if it is unknown (no terminal, no
 * /proc).
 */
export function terminalName(): string | null {
  const descriptor = [0, 2, 1].find((fd) => isatty(fd));
  if (descriptor === undefined) return null;
  try {
    const path = readlinkSync(`/proc/self/fd/${descriptor}`);
    return path.startsWith('/dev/') ? path.slice('/dev/'.length) : null;
  } catch {
    return null;
  }
}
