import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Environment, findProgram } from '../system/index.ts';
import type { SetupShell } from './rc-block.ts';
import { readRc } from './rc-file.ts';

/** The folders in which a shell's start-up files are searched. */
export interface RcPlace {
  readonly environment: Environment;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * The start-up files that get the block so that every terminal of this shell loads awsh: nearly
 * always one.
 */
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
 * not, both get the block, which does nothing the second time. A new ~/.bash_profile would hide a
 * ~/.profile, so it is created only if none of the three exists.
 */
function bashPaths({ home, platform }: RcPlace): string[] {
  const rc = join(home, '.bashrc');
  const [first = '', ...rest] = loginFiles(home);
  const isThere = (path: string) => readRc(path) !== null;
  const login = [first, ...rest].find(isThere) ?? (platform === 'darwin' ? first : null);
  if (login === null || readsBashrc(readRc(login) ?? '')) return [rc];
  return platform === 'darwin' && !isThere(rc) ? [login] : [rc, login];
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
