import { join } from 'node:path';
import { readFileIfThere } from '../system/index.ts';
import type { GrantLine } from './grant.ts';
import { logName, oldLogs, removeOldLogs } from './grant-log.ts';

/** The wanted lines; an absent criterion matches all. */
export interface LogReading {
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly profile?: string;
  /** An access key id, or the end of one. */
  readonly key?: string;
}

/** The lines of the log in `folder`, the oldest first. Incomplete lines are left out. */
export function readGrantLog(folder: string, reading: LogReading, now: number): GrantLine[] {
  const lines = filesOf(folder, now).flatMap((path) =>
    (readFileIfThere(path, { follow: false }) ?? '').split('\n').flatMap(parseLine),
  );
  return lines
    .filter((line) => isWanted(line, reading))
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function filesOf(folder: string, now: number): string[] {
  try {
    removeOldLogs(folder, now);
    return [...oldLogs(folder), logName].map((name) => join(folder, name));
  } catch {
    return [join(folder, logName)];
  }
}

function parseLine(text: string): GrantLine[] {
  try {
    const line = JSON.parse(text);
    const isLine = typeof line?.time === 'string' && typeof line.verb === 'string';
    return isLine ? [line] : [];
  } catch {
    return [];
  }
}

function isWanted({ time, profile, accessKeyId }: GrantLine, wanted: LogReading): boolean {
  if (wanted.since !== undefined && !(Date.parse(time) >= wanted.since)) return false;
  if (wanted.profile !== undefined && profile !== wanted.profile) return false;
  return wanted.key === undefined || accessKeyId?.endsWith(wanted.key) === true;
}
