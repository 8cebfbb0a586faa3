import { spawn } from 'node:child_process';
import { ownNode } from './own-node.ts';
import type { WorkerResult, WorkerTask } from './worker-protocol.ts';

/** In milliseconds. A call to AWS takes 5 seconds at most, and a keychain only a little more. */
const workerMs = 60_000;
const mostBytes = 64 * 1024;

const broken: WorkerResult = { kind: 'failed', failure: 'the worker ended without an answer', again: true };

/**
 * Runs one worker to its end. Its task, which may contain the vault's key, goes through a pipe;
 * nothing is in its argv.
 */
export async function runWorker(
  program: string,
  environment: Record<string, string>,
  task: WorkerTask,
): Promise<WorkerResult> {
  const child = spawn(...ownNode(program), {
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: workerMs,
    killSignal: 'SIGKILL',
  });
  let answer = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    answer += text;
    if (answer.length > mostBytes) child.kill('SIGKILL');
  });
  // The worker may die before it has read its task.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(task));
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  return readResult(answer);
}

function readResult(answer: string): WorkerResult {
  try {
    const result: WorkerResult = JSON.parse(answer);
    return result.kind === 'session' || result.kind === 'done' || result.kind === 'failed' ? result : broken;
  } catch {
    // JSON.parse quotes the text in its message, so that error is dropped.
    return broken;
  }
}
