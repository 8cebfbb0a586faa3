import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { quoteFish, quotePosix } from '../shell/index.ts';
import type { Environment } from '../system/index.ts';
import { promptMark } from './pseudo-terminal.ts';
import type { Sandbox } from './sandbox.ts';

export type SandboxShellName = 'bash' | 'zsh' | 'fish';

/** The user's own kind of shell if awsh has a hook for it, else bash. */
export function shellOf(environment: Environment): { name: SandboxShellName; path: string } {
  const path = environment.SHELL ?? '';
  const name = basename(path);
  return name === 'zsh' || name === 'bash' || name === 'fish'
    ? { name, path }
    : { name: 'bash', path: '/bin/bash' };
}

/**
 * Kept from the caller's environment: what makes a terminal work. No variables of AWS, awsh or
 * proxies.
 */
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

/**
 * The environment of the sandbox's shell. The vault's passphrase is random, and only this shell has
 * it.
 */
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

/**
 * Writes the sandbox's rc files: the lines of `awsh setup`, a short prompt, and reports to the
 * guide.
 */
export function writeShellFiles(sandbox: Sandbox, packageFolder: string): void {
  const source = (...path: string[]) => `source ${quotePosix(join(packageFolder, ...path))}\n`;
  writeFileSync(
    join(sandbox.home, '.bashrc'),
    `PS1='\\w $ \\[${promptMark}\\]'\n${bashReports}${source('shell', 'awsh.bash')}${source('completions', 'awsh.bash')}`,
  );
  writeFileSync(
    join(sandbox.home, '.zshrc'),
    `PROMPT=$'%~ $ %{${promptMark}%}'\nautoload -Uz compinit && compinit -u\n${zshReports}${source('shell', 'awsh.zsh')}${source('completions', '_awsh')}`,
  );
  const fish = join(sandbox.home, '.config/fish');
  mkdirSync(fish, { recursive: true });
  // If this is missing, fish makes completions of all man pages in the background.
  mkdirSync(join(sandbox.home, '.local/share/fish/generated_completions'), { recursive: true });
  writeFileSync(
    join(fish, 'config.fish'),
    `set -g fish_greeting\nset -g fish_prompt_pwd_dir_length 0\nfunction fish_prompt; printf '%s $ ${promptMark}' (prompt_pwd); end\nsource ${quoteFish(join(packageFolder, 'shell', 'rc.fish'))}\n${fishReports}`,
  );
}

/*
 * Before each prompt, and after the hook's look, each command is reported to the guide, which
 * answers with the text to show. `next` and `guide` do nothing: reporting them is enough.
 */

const bashReports = `next() { :; }
guide() { :; }
__demo_report() {
  local status=$? line
  line=$(HISTTIMEFORMAT='' builtin history 1)
  if [[ -z $__demo_began ]]; then
    __demo_began=1
    demo-report begin
  elif [[ $line != "$__demo_line" ]]; then
    demo-report ran "$status" "\${line#*[0-9]  }"
  fi
  __demo_line=$line
  return "$status"
}
PROMPT_COMMAND=__demo_report
`;

const zshReports = `next() { : }
guide() { : }
__demo_preexec() { __demo_command=$1 }
__demo_report() {
  local code=$?
  if [[ -z $__demo_began ]]; then
    __demo_began=1
    demo-report begin
  elif [[ -n $__demo_command ]]; then
    demo-report ran $code "$__demo_command"
  fi
  __demo_command=
}
preexec_functions+=(__demo_preexec)
precmd_functions+=(__demo_report)
`;

const fishReports = `function next; end
function guide; end
function __demo_note --on-event fish_postexec
    set -g __demo_status $status
    set -g __demo_command "$argv"
end
# The hook puts its own function before a prompt at the first one: this one comes after it.
function __demo_begin --on-event fish_prompt
    functions --erase __demo_begin
    demo-report begin
    function __demo_report --on-event fish_prompt
        test -n "$__demo_command"
        and demo-report ran $__demo_status "$__demo_command"
        set -g __demo_command
    end
end
`;
