import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { quoteFish, quotePosix } from '../shell/index.ts';
import type { Environment } from '../system/index.ts';
import type { Sandbox } from './sandbox.ts';

export type SandboxShellName = 'bash' | 'zsh' | 'fish';

/** The person's own kind of shell where awsh has a hook for it, else bash. */
export function shellOf(environment: Environment): { name: SandboxShellName; path: string } {
  const path = environment.SHELL ?? '';
  const name = basename(path);
  return name === 'zsh' || name === 'bash' || name === 'fish'
    ? { name, path }
    : { name: 'bash', path: '/bin/bash' };
}

/** Kept from the caller: what makes a terminal work. Nothing of AWS's, awsh's or a proxy's comes in. */
const kept = [
  'TERM',
  'COLORTERM',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TERM_PROGRAM',
  'NO_COLOR',
  'USER',
  'LOGNAME',
  'TMPDIR',
];

/** The environment of the sandbox's shell; the vault's passphrase is made up, and known to nobody but this shell. */
export function sandboxShellEnvironment(
  sandbox: Sandbox,
  caller: Environment,
  packageFolder: string,
): Record<string, string> {
  const environment: Record<string, string> = { ...sandbox.environment };
  for (const name of kept) if (caller[name] !== undefined) environment[name] = caller[name];
  return {
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    ...environment,
    PATH: [join(packageFolder, 'bin'), caller.PATH ?? '/usr/bin:/bin'].join(':'),
    AWSH_FILE_PASSPHRASE: randomBytes(18).toString('base64url'),
  };
}

/** Writes the sandbox's rc files: the lines that `awsh setup` would write, and a short prompt. */
export function writeShellFiles(sandbox: Sandbox, packageFolder: string): void {
  const source = (...path: string[]) => `source ${quotePosix(join(packageFolder, ...path))}\n`;
  writeFileSync(
    join(sandbox.home, '.bashrc'),
    `PS1='\\w $ '\n${source('shell', 'awsh.bash')}${source('completions', 'awsh.bash')}`,
  );
  writeFileSync(
    join(sandbox.home, '.zshrc'),
    `PROMPT='%~ $ '\nautoload -Uz compinit && compinit -u\n${source('shell', 'awsh.zsh')}${source('completions', '_awsh')}`,
  );
  const fish = join(sandbox.home, '.config/fish');
  mkdirSync(fish, { recursive: true });
  // Where this is missing, fish makes completions of all man pages in the background.
  mkdirSync(join(sandbox.home, '.local/share/fish/generated_completions'), { recursive: true });
  writeFileSync(
    join(fish, 'config.fish'),
    `set -g fish_greeting\nset -g fish_prompt_pwd_dir_length 0\nfunction fish_prompt; printf '%s $ ' (prompt_pwd); end\nsource ${quoteFish(join(packageFolder, 'shell', 'rc.fish'))}\n`,
  );
}
