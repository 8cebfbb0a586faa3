import { readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';

/** What this process's terminal is called, without `/dev/`, or null where nobody can tell (no terminal, no /proc). */
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
