import { readFileSync } from 'node:fs';

/** The foreground group that Linux (-1) and macOS (0) report without a terminal. */
const noTerminal = 0;

/**
 * True if this process may read from its terminal: its process group is the terminal's foreground
 * group. A background process that reads, or changes the terminal's mode, is stopped by SIGTTIN or
 * SIGTTOU (POSIX, "General Terminal Interface"), and the user would not see why. Also true if there
 * is no terminal, or if it is unknown.
 */
export function inForeground(): boolean {
  const groups = processGroups();
  if (groups === null) return true;
  const { own, terminal } = groups;
  return own === terminal || terminal <= noTerminal || Number.isNaN(own + terminal);
}

/**
 * True if a shell runs this process, or the launcher above it, as a job of its own, and so can
 * continue it. In a command substitution, as in the hook, it belongs to the group of the waiting
 * shell; in a script, to the script's.
 */
export function leadsItsJob(): boolean {
  const own = processGroups()?.own;
  const launcherWaits = process.env.AWSH_REPLY_FD !== undefined;
  return own === process.pid || (launcherWaits && own === process.ppid);
}

interface ProcessGroups {
  readonly own: number;
  readonly terminal: number;
}

/** Null if it is unknown. */
function processGroups(): ProcessGroups | null {
  try {
    return process.platform === 'linux' ? groupsFromProc() : groupsFromPs();
  } catch {
    return null;
  }
}

/** proc(5): after the command's name in parentheses come state, ppid, pgrp, session, tty_nr and tpgid. */
function groupsFromProc(): ProcessGroups {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { own: Number(fields[2]), terminal: Number(fields[5]) };
}

/** Node has no tcgetpgrp(3), and macOS no /proc. */
function groupsFromPs(): ProcessGroups {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const options = ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)];
  const output = execFileSync('/bin/ps', options, { encoding: 'utf8', timeout: 2000 });
  const [own, terminal] = output.trim().split(/\s+/).map(Number);
  return { own: own ?? Number.NaN, terminal: terminal ?? Number.NaN };
}
