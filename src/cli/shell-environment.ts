import { readFileSync } from 'node:fs';
import type { Environment } from '../system/index.ts';

const shells = /^-?(?:bash|zsh|fish|sh|dash|ash|ksh|mksh|ksh93|yash)$/;

/**
 * The environment that the shell of this command was started with; the command's own if no shell
 * started it, and null if it cannot be known. Does not contain what the shell exported later
 * (proc(5), /proc/pid/environ).
 */
export function shellEnvironment(environment: Environment): Environment | null {
  if (process.platform !== 'linux') return null;
  try {
    // If a command is to run afterwards, the launcher stays as the parent.
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

/**
 * The parent process id. In proc(5), the command's name in parentheses is followed by the state and
 * the parent.
 */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
