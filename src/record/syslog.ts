import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, isExecutable } from '../system/index.ts';

const programs = ['/usr/bin/logger', '/bin/logger'];

/** The program that writes to the system's log; null if there is none. */
export function findLogger(): string | null {
  return programs.find(isExecutable) ?? null;
}

/**
 * Gives the system's log a copy of a line (`log_to = syslog`). Nothing waits for it, and a failure is
 * ignored: the log's own file has the line. The line has no secret, so that logger may get it as a word.
 */
export function sendToSyslog(line: string): void {
  const program = findLogger();
  if (program === null) return;
  // Not imported: the agent and the quick bundles load this file, and few users need the module.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const words = ['-t', 'awsh', '-p', 'authpriv.info', '--', line.trimEnd()];
  const child = spawn(program, words, { stdio: 'ignore', detached: true, env: {}, cwd: '/' });
  child.on('error', () => {});
  child.unref();
}

export const noLogger =
  'log_to = syslog, but there is no program /usr/bin/logger or /bin/logger: nothing is sent';

/** True once for each state folder: the user is told, and not at every command. */
export function mustTellNoLogger({ state }: { readonly state: string }): boolean {
  if (findLogger() !== null) return false;
  try {
    writeFileSync(join(state, 'no-logger'), '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    // Already told, or a disk that refuses it: doctor tells it then.
    if (errorCode(error) === null) throw error;
    return false;
  }
}
