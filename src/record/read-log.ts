import { basename, join } from 'node:path';
import { readFileIfThere } from '../system/index.ts';
import type { GrantLine } from './grant.ts';
import { logName, oldLogs, removeOldLogs } from './grant-log.ts';

/** The wanted lines; an absent criterion matches all. */
export interface LogReading {
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly profile?: string;
  /** An access key id, or the beginning or end of one. */
  readonly key?: string;
}

const emptyLine: Record<Exclude<keyof GrantLine, 'time' | 'verb'>, null> = {
  ...{ profile: null, inPlaceOf: null, account: null, role: null, accessKeyId: null, sessionName: null },
  ...{ sourceIdentity: null, reason: null, policyArns: null, expires: null, outcome: null, cause: null },
  ...{ directory: null, terminal: null, parent: null, command: null },
};

/**
 * The lines of the log in `folder`, the oldest first. Incomplete lines are left out. `leftOut` gets
 * each rotated file that cannot be read. Throws if the current one cannot be read.
 */
export function readGrantLog(
  folder: string,
  reading: LogReading,
  now: number,
  leftOut: (path: string, error: unknown) => void = () => {},
): GrantLine[] {
  const lines = filesOf(folder, now).flatMap((path) => textOf(path, leftOut).split('\n').flatMap(parseLine));
  return lines
    .filter((line) => isWanted(line, reading))
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function textOf(path: string, leftOut: (path: string, error: unknown) => void): string {
  try {
    return readFileIfThere(path, { follow: false }) ?? '';
  } catch (error) {
    if (basename(path) === logName) throw error;
    leftOut(path, error);
    return '';
  }
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
    return isLine && Object.entries(line).every(isField) ? [line] : [];
  } catch {
    return [];
  }
}

/** A field that another program has written may be anything; one that a later awsh added may, too. */
function isField([name, value]: [string, unknown]): boolean {
  if (value === null || !Object.hasOwn(emptyLine, name)) return true;
  if (name !== 'policyArns') return typeof value === 'string';
  return Array.isArray(value) && value.every((arn) => typeof arn === 'string');
}

function isWanted({ time, profile, accessKeyId }: GrantLine, wanted: LogReading): boolean {
  if (wanted.since !== undefined && !(Date.parse(time) >= wanted.since)) return false;
  if (wanted.profile !== undefined && profile !== wanted.profile) return false;
  const { key } = wanted;
  return key === undefined || accessKeyId?.startsWith(key) === true || accessKeyId?.endsWith(key) === true;
}
