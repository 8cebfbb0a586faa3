import { readFileSync } from 'node:fs';
import type { Environment } from '../system/index.ts';

const shells = /^-?(?:bash|zsh|fish|sh|dash|ash|ksh|mksh|ksh93|yash)$/;

/**
 * The environment that the shell was started with in which this command was typed; the command's own if no shell started it, and
 * null if it cannot be known. What the shell exported later is not in it (proc(5), /proc/pid/environ).
 */
export function shellEnvironment(environment: Environment): Environment | null {
  if (process.platform !== 'linux') return null;
  try {
    // The launcher stays and waits if there is a command to run afterwards.
    const shell = environment.AWSH_REPLY_FD === undefined ? process.ppid : parentOf(process.ppid);
    if (!shells.test(readFileSync(`/proc/${shell}/comm`, 'utf8').trim())) return environment;
    const entries = readFileSync(`/proc/${shell}/environ`, 'utf8').split('\0');
    return Object.fromEntries(
      entries
        .filter((entry) => entry.includes('='))
        .map((entry) => {
          const at = entry.indexOf('=');
          return [entry.slice(0, at), entry.slice(at + 1)];
        }),
    );
  } catch {
    return null;
  }
}

/** proc(5): after the command's name in parentheses come the state and the parent. */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
