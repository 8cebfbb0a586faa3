import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { supportedShells } from '../cli/index.ts';
import { type Environment, printable, UsageError } from '../system/index.ts';
import type { SetupShell } from './rc-block.ts';

/** How the shell to set up was found. */
export interface ShellChoice {
  readonly shell: SetupShell;
  /** The login shell, if it differs and awsh has a hook for it. */
  readonly other: SetupShell | null;
}

/**
 * The shell that is asked for; else the one that a person typed the command in, who may be trying another than the login
 * shell; else $SHELL. UsageError where that is one awsh has no hook for.
 *
 * @param parent The words of the calling process, null where they are not known.
 */
export function shellToSetUp(
  asked: string | undefined,
  environment: Environment,
  parent: readonly string[] | null,
): ShellChoice {
  const login = basename(environment.SHELL ?? '');
  const name = asked ?? (parent === null ? null : interactiveShell(parent)) ?? login;
  const shell = known(name);
  if (shell === null) {
    throw new UsageError(
      name === '' ? 'your shell is not known' : `there is no hook for ${printable(name)}`,
      `$SHELL should be ${supportedShells.join(', ')}, or use --shell to name the shell`,
      'awsh setup --shell bash',
    );
  }
  const other = asked === undefined && login !== shell ? known(login) : null;
  return { shell, other };
}

/**
 * The command line of the process that called awsh, from the kernel or ps(1); null if neither gives
 * it.
 */
export function parentCommand(): string[] | null {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    }
    const args = ['-o', 'args=', '-p', String(process.ppid)];
    return execFileSync('/bin/ps', args, { encoding: 'utf8', timeout: 2000 }).trim().split(/\s+/);
  } catch {
    return null;
  }
}

function known(name: string): SetupShell | null {
  return supportedShells.find((shell) => shell === name) ?? null;
}

/** Options of the three shells that take the next word. */
const withValue = ['--rcfile', '--init-file', '-O', '+O', '-o', '+o', '-C', '--init-command'];

/**
 * The shell that was started with this command line, if it is interactive: it runs no script and no
 * command (-c).
 */
function interactiveShell([program = '', ...args]: readonly string[]): SetupShell | null {
  const shell = known(basename(program).replace(/^-|-?[\d.]+$/g, ''));
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!/^[-+]./.test(word) || /^-[A-Za-z]*c$/.test(word) || word === '--command') return null;
    if (withValue.includes(word)) at += 1;
  }
  return shell;
}
