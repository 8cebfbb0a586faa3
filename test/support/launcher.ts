import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TemporaryHome } from './temporary-home.ts';

const launcherFile = join(import.meta.dirname, '../../bin/awsh');

/**
 * bin/awsh with a dist/awsh.cjs that the test provides. Returns the launcher's path. AWSH_TEST_BASH
 * names another bash to run it with.
 */
export function packageThatSays(home: TemporaryHome, program: string): string {
  home.write('package/dist/awsh.cjs', `const fs = require('node:fs');\n${program}`);
  const launcher = join(home.path, 'package/bin/awsh');
  mkdirSync(dirname(launcher), { recursive: true });
  const text = readFileSync(launcherFile, 'utf8');
  writeFileSync(launcher, text.replace('/bin/bash', process.env.AWSH_TEST_BASH ?? '/bin/bash'), {
    mode: 0o755,
  });
  return launcher;
}

/** A program that replies with these lines. */
export function replying(...lines: string[]): string {
  return `fs.writeSync(3, ${JSON.stringify(`${lines.join('\n')}\n`)});`;
}

export interface LauncherResult {
  status: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export function run(
  launcher: string,
  args: string[],
  environment: Record<string, string>,
  options: { cwd?: string; input?: string } = {},
): LauncherResult {
  const result = spawnSync(launcher, args, { env: environment, encoding: 'utf8', ...options });
  return { status: result.status, signal: result.signal, out: result.stdout, err: result.stderr };
}

/**
 * The same, while this process continues, so that an agent of the test can answer. It has no stdin
 * and no terminal.
 */
export function runBeside(
  launcher: string,
  args: string[],
  environment: Record<string, string>,
  options: { cwd?: string } = {},
): Promise<LauncherResult> {
  const child = spawn(launcher, args, {
    ...options,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const result: LauncherResult = { status: null, signal: null, out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    result.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    result.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ ...result, status, signal }));
  });
}

/** The reply that most tests need: the command is the words from the fourth on. */
export const runIt = replying('run 4', 'unset AWS_PROFILE', 'AWS_REGION=eu-west-1', 'end');
