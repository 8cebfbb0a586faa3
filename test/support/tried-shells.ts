import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/*
 * Uses another version of a shell than the machine's own: TEST_BASH=/path/to/bash-3.2 npx vitest
 * run test/shell/hook-*
 */

/**
 * Puts the shells of TEST_BASH, TEST_ZSH and TEST_FISH, TEST_MISE's mise and TEST_GO_CLIENT first
 * in PATH. Returns the function that undoes it.
 */
export function putTriedShellsFirst(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'awsh-shells-'));
  for (const name of ['bash', 'zsh', 'fish', 'mise']) {
    const program = process.env[`TEST_${name.toUpperCase()}`];
    if (program) symlinkSync(resolve(program), join(folder, name));
  }
  // A program with the AWS SDK for Go, built by .ci/run.
  if (process.env.TEST_GO_CLIENT)
    symlinkSync(resolve(process.env.TEST_GO_CLIENT), join(folder, 'awsh-go-client'));
  process.env.PATH = `${folder}:${process.env.PATH}`;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** True if the tested bash has this version or a newer one; 5.1 is written 501. */
export function bashIsFrom(version: number): boolean {
  const say = 'echo $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))';
  return Number(execFileSync('bash', ['--norc', '-c', say], { encoding: 'utf8' })) >= version;
}

/** True if the tested zsh has this version or a newer one; 5.4 is written 504. */
export function zshIsFrom(version: number): boolean {
  return numberOf(execFileSync('zsh', ['-fc', 'echo $ZSH_VERSION'], { encoding: 'utf8' })) >= version;
}

/** True if the tested fish has this version or a newer one; 3.5 is written 305. */
export function fishIsFrom(version: number): boolean {
  return (
    numberOf(execFileSync('fish', ['--no-config', '-c', 'echo $version'], { encoding: 'utf8' })) >= version
  );
}

function numberOf(version: string): number {
  const [major, minor] = version.split('.');
  return Number(major) * 100 + Number.parseInt(minor ?? '', 10);
}
