import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { type Environment, findProgram } from '../system/index.ts';
import type { SetupShell } from './rc-block.ts';
import { readRc } from './rc-file.ts';

/** The folders in which a shell's start-up files are searched. */
export interface RcPlace {
  readonly environment: Environment;
  readonly home: string;
}

/** The start-up files that get the block so that every terminal of this shell loads awsh: one or two. */
export function rcPaths(shell: SetupShell, place: RcPlace): string[] {
  const { environment, home } = place;
  switch (shell) {
    case 'bash':
      return bashPaths(place);
    case 'zsh':
      return [join(environment.ZDOTDIR || zshFolder(environment) || home, '.zshrc')];
    case 'fish': {
      const base = environment.XDG_CONFIG_HOME;
      return [join(base?.startsWith('/') ? base : join(home, '.config'), 'fish/conf.d/awsh.fish')];
    }
  }
}

/** Every file that may have the block from an earlier `setup` of this shell. */
export function rcPathsEver(shell: SetupShell, place: RcPlace): string[] {
  const { home } = place;
  const others = {
    bash: [join(home, '.bashrc'), ...loginFiles(home)],
    zsh: [join(home, '.zshrc')],
    fish: [],
  }[shell];
  return [...new Set([...rcPaths(shell, place), ...others])];
}

/** In bash's search order: it reads only the first that exists. */
function loginFiles(home: string): string[] {
  return ['.bash_profile', '.bash_login', '.profile'].map((name) => join(home, name));
}

/**
 * A login shell (each macOS terminal, ssh, tmux) reads the first of three files that exists; any
 * other shell reads ~/.bashrc (bash(1), "INVOCATION"). Most login files read ~/.bashrc; if one does
 * not, both get the block, which does nothing the second time. If none exists, ~/.bash_profile is
 * created: see {@link isNewLoginFile}.
 */
function bashPaths({ home }: RcPlace): string[] {
  const rc = join(home, '.bashrc');
  const files = loginFiles(home);
  const login = files.find((path) => readRc(path) !== null) ?? files[0];
  return login === undefined || readsBashrc(readRc(login) ?? '') ? [rc] : [rc, login];
}

/**
 * True for a file that would hide the other login files of bash, if it is created. Its block reads
 * them, so that a ~/.profile that another program makes later still counts.
 */
export function isNewLoginFile(path: string): boolean {
  return basename(path) === '.bash_profile';
}

/** True if a line that is not a comment names it, in whatever way. */
function readsBashrc(text: string): boolean {
  return /^[^#\n]*\bbashrc\b/m.test(text);
}

/** ZDOTDIR as ~/.zshenv sets it. It need not be exported, so this asks zsh itself. */
function zshFolder(environment: Environment): string | null {
  const zsh = findProgram('zsh', environment.PATH);
  if (zsh === null) return null;
  try {
    const said = execFileSync(zsh, ['-c', 'builtin print -r -- "" && builtin print -rn -- "${ZDOTDIR-}"'], {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
    const folder = said.slice(said.lastIndexOf('\n') + 1);
    return folder.startsWith('/') ? folder : null;
  } catch {
    return null;
  }
}
