// The temporary files of atomic writes, and the removal of those that killed writes have left.
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './process-alive.ts';
import { lstatIfThere } from './stat-if-there.ts';

/**
 * In milliseconds. A file without its writer's process id, as older versions made them, is left for
 * this time, because its writer may still be running.
 */
const unnamedMs = 60_000;

/** `.NAME.PID.RANDOM`: the process id tells a later write whether the writer is still running. */
export function temporaryName(path: string): string {
  return `${prefixOf(path)}${process.pid}.${randomBytes(8).toString('hex')}`;
}

function prefixOf(path: string): string {
  return `.${basename(path).slice(0, 100)}.`;
}

/**
 * The content of large directories when this process first wrote there, because thousands of keys
 * are written one by one.
 */
const seen = new Map<string, string[]>();
const largeDirectory = 200;

/**
 * Removes the temporary files that killed writes of this file have left. What cannot be removed
 * stays.
 */
export function sweepTemporaries(path: string): void {
  const folder = dirname(path);
  const prefix = prefixOf(path);
  try {
    for (const name of seen.get(folder) ?? look(folder)) {
      if (!name.startsWith(prefix) || !isLeft(join(folder, name), name.slice(prefix.length))) continue;
      fs.rmSync(join(folder, name), { force: true });
    }
  } catch {
    // No such directory yet, or one that cannot be written: the write itself reports it.
  }
}

/** Removes the temporary files that killed writes of any file have left in this folder. */
export function sweepFolder(folder: string): void {
  try {
    for (const name of look(folder)) {
      const ending = /(?:[1-9][0-9]{0,9}\.)?[0-9a-f]{16}$/.exec(name)?.[0] ?? '';
      if (isLeft(join(folder, name), ending)) fs.rmSync(join(folder, name), { force: true });
    }
  } catch {
    // It does not exist, or nothing can be removed.
  }
}

function look(folder: string): string[] {
  const names = fs.readdirSync(folder);
  const temporaries = names.filter((name) => leftBehind.test(name));
  if (names.length > largeDirectory) seen.set(folder, temporaries);
  return temporaries;
}

const leftBehind = /^\..+\.[0-9a-f]{16}$/;

function isLeft(file: string, ending: string): boolean {
  const [, writer] = /^(?:([1-9][0-9]{0,9})\.)?[0-9a-f]{16}$/.exec(ending) ?? [];
  if (writer !== undefined) return Number(writer) !== process.pid && !isAlive(Number(writer));
  const stat = lstatIfThere(file);
  const isOld = stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > unnamedMs;
  return /^[0-9a-f]{16}$/.test(ending) && isOld;
}
