import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { streamOutput, type WritableText } from '../../src/cli/output.ts';
import { runCommandLine } from '../../src/entry/main.ts';
import { type Environment, systemClock } from '../../src/system/index.ts';

export const packageFolder = join(import.meta.dirname, '../..');

export interface Answer {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command line in this process: fast, and without a launcher. `typed` was set for this
 * command only: `X=1 awsh …`.
 */
export async function runHere(
  args: readonly string[],
  environment: Environment,
  typed: Environment = {},
): Promise<Answer> {
  const [out, err] = [new CapturedText(), new CapturedText()];
  const output = streamOutput(out, err, environment);
  const cwd = () => environment.HOME ?? '/';
  const status = await runCommandLine(args, {
    environment: { ...environment, ...typed },
    cwd,
    clock: systemClock,
    output,
    packageFolder,
    shellEnvironment: environment,
  });
  return { status, out: out.text, err: err.text };
}

export class CapturedText implements WritableText {
  text = '';

  write(text: string, done?: (error?: Error | null) => void): boolean {
    this.text += text;
    done?.();
    return true;
  }

  on(): void {}
}

/** Runs the built program through its launcher, without a terminal. */
export async function runInstalled(
  args: readonly string[],
  environment: Record<string, string>,
  input = '',
  launcher = join(packageFolder, 'bin/awsh'),
): Promise<Answer> {
  const child = spawn(launcher, args, {
    env: environment,
    cwd: environment.HOME,
    detached: true,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  // A command that does not read stdin may have ended before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out, err };
}
