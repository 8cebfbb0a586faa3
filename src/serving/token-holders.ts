import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Secret } from '../system/index.ts';

const name = 'AWS_CONTAINER_AUTHORIZATION_TOKEN=';

/**
 * A token's identifier for places where the token itself must not be, such as an argument: SHA-256,
 * in hexadecimal.
 */
export function tokenDigest(token: Secret): string {
  return digestOf(token.reveal());
}

/**
 * True while a process of this user has the token in its initial environment: it may use the port.
 * Only Linux tells (proc(5), /proc/PID/environ); elsewhere always false.
 */
export function isHeldByProcess(digest: string): boolean {
  return processes().some((pid) => {
    const token = environmentOf(pid).find((entry) => entry.startsWith(name));
    return token !== undefined && digestOf(token.slice(name.length)) === digest;
  });
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^[1-9][0-9]*$/.test(entry));
  } catch {
    return [];
  }
}

/** Empty for a process that has ended, or is another user's. */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

const digestOf = (text: string) => createHash('sha256').update(text, 'latin1').digest('hex');
