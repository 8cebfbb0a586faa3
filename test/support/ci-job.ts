import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A job of a CI system: one shell that runs its steps, without a terminal. */
export interface CiJob {
  readonly pid: number;
  /** Runs a step to its end: its exit status, and what it printed on stdout and stderr. */
  step(line: string): Promise<{ status: number; text: string }>;
  /** Ends the job's shell and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a job in the home of this environment. It ends with the test. */
export function startCiJob(environment: Record<string, string>): CiJob {
  const child = spawn('bash', ['--noprofile', '--norc'], {
    cwd: environment.HOME,
    env: { ...environment, CI: 'true' },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const gone = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async step(line) {
      child.stdin.write(`{ ${line}\n} 2>&1 </dev/null; printf '\\n:%s\\n' $?\n`);
      const printed: string[] = [];
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return { status: -1, text: printed.join('\n') };
        const status = /^:(\d+)$/.exec(value)?.[1];
        if (status !== undefined) return { status: Number(status), text: printed.join('\n').trim() };
        printed.push(value);
      }
    },
    async end(signal) {
      if (signal === undefined) child.stdin.end();
      else child.kill(signal);
      await gone;
    },
  };
}
