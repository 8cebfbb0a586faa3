// Chooses the runtime folder: XDG_RUNTIME_DIR may be missing, or another user's, as after su, in
// cron and in containers.
import * as fs from 'node:fs';
import { hasCode } from './error-code.ts';
import { statIfThere } from './stat-if-there.ts';

/** Why XDG_RUNTIME_DIR is not used. */
export type RuntimeFault = 'relative' | 'missing' | 'no folder' | "another's" | 'unwritable' | 'read-only';

/**
 * XDG_RUNTIME_DIR if it is a folder of the user's own that can be written, else undefined. Only
 * checks that every shell can make with builtins are used, because hooks and launcher make the same
 * ones, and all must find the same agent. awsh's own folder in it must be 0700.
 */
export function runtimeBase(path: string | undefined): string | undefined {
  return path && runtimeBaseFault(path) === null ? path : undefined;
}

export function runtimeBaseFault(path: string): RuntimeFault | null {
  if (!path.startsWith('/')) return 'relative';
  try {
    const stat = statIfThere(path);
    if (stat === undefined) return 'missing';
    if (!stat.isDirectory()) return 'no folder';
    if (stat.uid !== process.geteuid?.()) return "another's";
    fs.accessSync(path, fs.constants.W_OK | fs.constants.X_OK);
    return null;
  } catch (error) {
    return hasCode(error, 'EROFS') ? 'read-only' : 'unwritable';
  }
}
