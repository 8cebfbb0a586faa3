import { readFileSync, statSync } from 'node:fs';

/** A process, distinguished from a later one with the same id. */
export interface WatchedProcess {
  readonly pid: number;
  /** Its start time, in the system's own form. An exec does not change it. */
  readonly started: string;
}

/** The process that now has this id; null if there is none, or only a zombie. */
export function watchedProcess(pid: number): WatchedProcess | null {
  const started = process.platform === 'linux' ? startedByProc(pid) : startedByPs(pid);
  return started === null ? null : { pid, started };
}

export function isRunning(watched: WatchedProcess): boolean {
  return watchedProcess(watched.pid)?.started === watched.started;
}

/** The id of this process's parent; null if there is no such process. */
export function parentOf(pid: number): number | null {
  const text = process.platform === 'linux' ? procFields(pid)?.[1] : psFields(pid, 'ppid=')?.[0];
  return text === undefined || !/^[0-9]{1,10}$/.test(text) ? null : Number(text);
}

/** The command line of a process of this user's; null if there is none with that id. */
export function commandLine(pid: number): string[] | null {
  if (process.platform !== 'linux') {
    const [uid, ...words] = psFields(pid, 'uid=', 'args=') ?? [];
    return Number(uid) === process.getuid?.() ? words : null;
  }
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return null;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return null;
  }
}

function startedByProc(pid: number): string | null {
  const fields = procFields(pid);
  return fields === null || /^[ZXx]/.test(fields[0] ?? '') ? null : (fields[19] ?? null);
}

/**
 * proc(5), /proc/pid/stat, after the name, which may contain anything: the state is the first
 * field, the parent the second and the start the 20th.
 */
export function procFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function startedByPs(pid: number): string | null {
  const [state = '', ...started] = psFields(pid, 'stat=', 'lstart=') ?? [];
  return state === '' || state.startsWith('Z') ? null : started.join(' ');
}

function psFields(pid: number, ...columns: string[]): string[] | null {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  try {
    const text = execFileSync('/bin/ps', [...columns.flatMap((name) => ['-o', name]), '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    });
    return text.trim().split(/\s+/);
  } catch {
    return null;
  }
}
