import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told from a later one that gets the same number. */
export interface WatchedProcess {
  readonly pid: number;
  /** When it was started, in the system's own words. An exec does not change it. */
  readonly started: string;
}

/** The process of this number as it is now; null where there is none, or only what it left for its parent (a zombie). */
export function watchedProcess(pid: number): WatchedProcess | null {
  const started = process.platform === 'linux' ? startedByProc(pid) : startedByPs(pid);
  return started === null ? null : { pid, started };
}

export function isRunning(watched: WatchedProcess): boolean {
  return watchedProcess(watched.pid)?.started === watched.started;
}

/** proc(5), /proc/pid/stat: the state is the first field behind the name, which may hold anything; the start the 20th. */
function startedByProc(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return /^[ZXx]/.test(fields[0] ?? '') ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function startedByPs(pid: number): string | null {
  try {
    const text = execFileSync('/bin/ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    }).trim();
    const [state = '', ...started] = text.split(/\s+/);
    return state === '' || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
}
