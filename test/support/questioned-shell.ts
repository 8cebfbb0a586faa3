import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { packageFolder } from './run-awsh.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';
import { openShell, type ShellName, type ShellTerminal } from './terminal.ts';

const passphrase = 'correct horse battery staple';
export const keyId = 'AKIAIOSFODNN7EXAMPLE';
export const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

/**
 * Lines of an rc file with which each command is in the history file when the shell has ended, or
 * at once.
 */
const historyRc: Record<ShellName, string> = {
  bash: 'HISTFILE=$HOME/history HISTCONTROL= PROMPT_COMMAND="history -a"',
  zsh: 'HISTFILE=$HOME/history HISTSIZE=1000 SAVEHIST=1000; setopt inc_append_history',
  fish: '',
};
const historyFile: Record<ShellName, string> = {
  bash: 'history',
  zsh: 'history',
  fish: '.local/share/fish/fish_history',
};

export interface QuestionedShell {
  readonly home: TemporaryHome;
  readonly shell: ShellTerminal;
  /** The environment of the shell, with the passphrase of the vault. */
  readonly environment: Record<string, string>;
}

/** A shell with the hook and a history file, whose `awsh` is the built one; the vault is a file, and its passphrase is asked for. */
export async function openQuestionedShell(name: ShellName): Promise<QuestionedShell> {
  const home = temporaryHome();
  const PATH = `${join(packageFolder, 'bin')}:${home.environment.PATH}`;
  const shell = await openShell(name, {
    home,
    environment: { PATH, AWSH_BACKEND: 'file' },
    rc: `${historyRc[name]}\nsource ${packageFolder}/shell/awsh.${name}`,
  });
  return {
    home,
    shell,
    environment: { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: passphrase },
  };
}

/**
 * The form in which a terminal pastes text: lines end with CR, and the parts come some tens of
 * milliseconds apart.
 */
export async function paste(shell: ShellTerminal, ...pieces: string[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(40);
    shell.type(piece);
  }
}

/**
 * Ends the shell, and expects that none of these texts was shown, run or stored, and that the shell
 * still worked.
 */
export async function expectNothingSpilled(
  { shell, home }: QuestionedShell,
  name: ShellName,
  texts: readonly string[],
): Promise<void> {
  await shell.settle(400);
  shell.press('^U');
  expect(
    (
      await shell.run(
        'echo still-$((6 * 7))'.replace('$((6 * 7))', name === 'fish' ? '(math 6 x 7)' : '$((6 * 7))'),
      )
    ).shown,
  ).toContain('still-42');
  shell.type('exit\r');
  await shell.exited;
  const history = readFileSync(join(home.path, historyFile[name]), 'utf8');
  expect(history).toContain('echo still-');
  for (const text of texts) {
    expect(shell.received).not.toContain(text);
    expect(history).not.toContain(text);
  }
  expect(shell.received).not.toMatch(/command not found|Unknown command|No such file/i);
}

/** The process ids of the programs that this shell runs. */
export function childrenOf(shell: ShellTerminal): number[] {
  try {
    const output = execFileSync('pgrep', ['-P', String(shell.pid)], { encoding: 'utf8' });
    return output.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

export async function untilGone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 400 && existsSync(`/proc/${pid}`); attempt++) await sleep(50);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
}
