// Built as dist/hide-typed-ahead.cjs: runs before the rest of awsh is loaded.
import { isatty } from 'node:tty';
import { findProgram, inForeground } from '../system/index.ts';

const askNothing = ['--env', '--stdin', '--help', '-h'];

/**
 * Turns off the terminal's echo for a verb that asks a question, unless the command line makes sure
 * that it does not ask. Text typed before the question appears is then not shown. Node restores the
 * terminal's modes however it ends.
 */
export function hideTypedAhead(words: readonly string[]): void {
  if (words.some((word) => askNothing.includes(word))) return;
  // Node restores only the modes of these three.
  const terminal = [0, 1, 2].find((fd) => isatty(fd));
  if (terminal === undefined || !inForeground()) return;
  const stty = findProgram('stty', `/bin:/usr/bin:${process.env.PATH}`);
  if (stty === null) return;
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const hide = () =>
    spawnSync(stty, ['-echo'], { stdio: [terminal, 'ignore', 'ignore'], env: {}, timeout: 1000 });
  hide();
  // After ^Z the shell has set its own modes.
  process.on('SIGCONT', () => {
    if (inForeground()) hide();
  });
}
