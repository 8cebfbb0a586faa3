// Built as dist/hide-typed-ahead.cjs: what runs before the rest of awsh is loaded.
import { isatty } from 'node:tty';
import { findProgram, inForeground } from '../system/index.ts';

const askNothing = ['--env', '--stdin', '--help', '-h'];

/**
 * Turns the terminal's echo off for a verb that asks, unless these words make sure that it does not. What is typed before the
 * question has the terminal is then not on the screen. Node puts the modes back in which it found the terminal, however it
 * ends.
 */
export function hideTypedAhead(words: readonly string[]): void {
  if (words.some((word) => askNothing.includes(word))) return;
  // Node puts back the modes of these three only.
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
