import { readFileSync } from 'node:fs';
import { procFields } from './watched-process.ts';

/**
 * What Linux tells about a process without running a program: its terminal, and the program that
 * started it.
 */
export interface CallingProcess {
  /** Without `/dev/`, as in `pts/3`; null if it has none, or if that is unknown. */
  readonly terminal: string | null;
  /** The name of the parent's program, without its arguments. */
  readonly parent: string | null;
}

/**
 * Both are null for a process that has ended, and on macOS, where only another program could tell.
 */
export function callingProcess(pid: number): CallingProcess {
  const fields = process.platform === 'linux' ? procFields(pid) : null;
  if (fields === null) return { terminal: null, parent: null };
  const [, parent = '', , , terminal = ''] = fields;
  return { terminal: terminalOf(Number(terminal)), parent: programName(parent) };
}

/** The device numbers of Linux (Documentation/admin-guide/devices.txt): 136 to 143 are /dev/pts, 4 the consoles. */
function terminalOf(device: number): string | null {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 0x100000 + minor}`;
  return major === 4 && minor < 64 ? `tty${minor}` : null;
}

function programName(pid: string): string | null {
  if (!/^[1-9][0-9]{0,9}$/.test(pid)) return null;
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd() || null;
  } catch {
    return null;
  }
}
