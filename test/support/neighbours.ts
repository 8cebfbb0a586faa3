import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookShell, HookShellName } from './hook-shell.ts';
import { has } from './programs.ts';
import { promptEnd } from './terminal.ts';

/*
 * Other tools that hook into the same shell, the real ones. Every distribution has four of them,
 * which CI tests. The others are in the folder that TEST_NEIGHBOURS names (see CONTRIBUTING.md).
 */

export interface Neighbour {
  readonly name: string;
  /** Its lines for the rc file of each shell that it supports. */
  readonly rc: Partial<Record<HookShellName, string>>;
  /** Lines that come first of all, in either order. */
  readonly first?: Partial<Record<HookShellName, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly prepare?: (home: string, environment: Readonly<Record<string, string>>) => void;
  /** Fails if the tool itself no longer works, in a shell in `dev`. */
  readonly works: (shell: HookShell) => Promise<void>;
  /** After the shell has ended, it continues to write into the home for this many milliseconds. */
  readonly writesFor?: number;
  /**
   * It loads the rest of itself at the first prompt, and is ready after this many milliseconds
   * without output.
   */
  readonly settles?: number;
  /** It shows the profile itself: the expected text in its prompt in `dev`. */
  readonly draws?: RegExp;
}

export const neighbourFolder = process.env.TEST_NEIGHBOURS ?? '';
const bashCompletionFile = '/usr/share/bash-completion/bash_completion';
const inFolder = (path: string) => join(neighbourFolder, path);

async function expectOutput(shell: HookShell, line: string, expected: string | RegExp): Promise<void> {
  // Background work of the tool may make fish draw its prompt again.
  await shell.settle();
  const output = await shell.output(line);
  const isRight = typeof expected === 'string' ? output === expected : expected.test(output);
  if (!isRight) throw new Error(`${line} shows ${JSON.stringify(output)} and not ${expected}`);
}

/** Types this text and Tab, and waits for the word. */
export async function typeWithTab(shell: HookShell, typed: string, word: string): Promise<void> {
  shell.skip();
  shell.type(`${typed}\t`);
  const end = Date.now() + 60_000;
  while (!shell.shownSoFar().includes(word)) {
    if (Date.now() > end) throw new Error(`Tab gave no ${word}, but ${shell.shownSoFar()}`);
    await shell.settle();
  }
  await shell.settle(150);
}

const evaluated = (line: (shell: string) => string, shells: readonly HookShellName[]) =>
  Object.fromEntries(
    shells.map((name) => [name, name === 'fish' ? `${line(name)} | source` : `eval "$(${line(name)})"`]),
  );
const all: readonly HookShellName[] = ['bash', 'zsh', 'fish'];

const direnv: Neighbour = {
  name: 'direnv',
  rc: evaluated((shell) => `direnv hook ${shell}`, all),
  environment: { DIRENV_LOG_FORMAT: '' },
  prepare: (home, env) => {
    execFileSync(
      'bash',
      ['-c', 'echo "export FROM_ENVRC=yes" >"$0/dev/.envrc"; direnv allow "$0/dev"', home],
      { env },
    );
  },
  works: (shell) => expectOutput(shell, 'echo $FROM_ENVRC', 'yes'),
};

const zoxide: Neighbour = {
  name: 'zoxide',
  rc: evaluated((shell) => `zoxide init ${shell}`, all),
  works: async (shell) => {
    await shell.run('cd ~/none');
    // In fish, zoxide records a directory in the background.
    await shell.run('cd ~; sleep 0.3');
    await expectOutput(shell, 'z none && pwd', /none$/);
    await expectOutput(shell, 'z dev; pwd', /dev$/);
    await expectOutput(shell, 'echo $AWSH_PROFILE', 'dev');
  },
};

/** zoxide before 0.8 cannot replace cd. */
const zoxideAsCd: Neighbour = {
  name: 'zoxide --cmd cd',
  rc: evaluated((shell) => `${inFolder('zoxide/bin/zoxide')} init ${shell} --cmd cd`, all),
  works: async (shell) => {
    await shell.run('cd ~/none');
    await shell.run('cd ~');
    await expectOutput(shell, 'cd dev && printenv AWSH_PROFILE', 'dev');
  },
};

const fzf: Neighbour = {
  name: 'fzf',
  rc: {
    bash: 'source /usr/share/doc/fzf/examples/key-bindings.bash',
    zsh: 'source /usr/share/doc/fzf/examples/key-bindings.zsh',
    fish: 'source /usr/share/doc/fzf/examples/key-bindings.fish; fzf_key_bindings',
  },
  works: (shell) => {
    const bindings = { bash: '{ bind -X; bind -s; }', zsh: 'bindkey', fish: 'bind' }[shell.name];
    return expectOutput(shell, `${bindings} 2>&1 | grep -c fzf`, /^[1-9]/);
  },
};

/**
 * It loads a command's completion at the first Tab for that command, also if awsh runs the command.
 */
const bashCompletion: Neighbour = {
  name: 'bash-completion',
  rc: { bash: `source ${bashCompletionFile}; groupdel() { echo "would delete $*"; }` },
  works: async (shell) => {
    await typeWithTab(shell, 'groupdel daem', 'daemon');
    const { shown } = await shell.run('');
    if (!shown.includes('would delete daemon')) throw new Error(`it did: ${shown}`);
    await typeWithTab(shell, 'awsh exec dev -- groupdel daem', 'daemon');
    await shell.run('');
    const asked = shell.kit.commands().at(-1);
    if (asked !== 'exec dev -- groupdel daemon') throw new Error(`awsh was asked to ${asked}`);
  },
};

/** Replaces the line editor. Without these options, it only shows what the shell would show. */
const bleSh: Neighbour = {
  name: 'ble.sh',
  rc: {
    bash: `source ${inFolder('blesh/ble.sh')}; bleopt prompt_eol_mark= exec_errexit_mark= complete_auto_complete= complete_auto_history=`,
  },
  settles: 500,
  works: (shell) => expectOutput(shell, 'echo ${BLE_ATTACHED:+attached}', 'attached'),
};

/** A tool of one file, which its shim finds through the directory's .tool-versions. */
function installedTool(home: string): void {
  const made = [
    'mkdir -p "$0"/.asdf/plugins/tool/bin "$0"/.asdf/installs/tool/1.0/bin',
    'printf "#!/bin/sh\necho 1.0\n" >"$0"/.asdf/installs/tool/1.0/bin/tool',
    'cp "$0"/.asdf/installs/tool/1.0/bin/tool "$0"/.asdf/plugins/tool/bin/list-all',
    'chmod +x "$0"/.asdf/*/tool/bin/* "$0"/.asdf/installs/tool/1.0/bin/tool',
    'echo "tool 1.0" >"$0"/dev/.tool-versions',
  ];
  execFileSync('bash', ['-c', made.join('\n'), home]);
}

/** Up to 0.15 it is also a function. */
const asdfInShell: Neighbour = {
  name: 'asdf 0.15',
  rc: {
    bash: `source ${inFolder('asdf-0.15/asdf.sh')}; source ${inFolder('asdf-0.15/completions/asdf.bash')}; asdf reshim`,
    zsh: `source ${inFolder('asdf-0.15/asdf.sh')}; asdf reshim`,
    fish: `source ${inFolder('asdf-0.15/asdf.fish')}; source ${inFolder('asdf-0.15/completions/asdf.fish')}; asdf reshim`,
  },
  prepare: installedTool,
  works: (shell) => expectOutput(shell, 'tool', '1.0'),
};

const asdf: Neighbour = {
  name: 'asdf',
  rc: {
    bash: `PATH=~/.asdf/shims:$PATH; . <(asdf completion bash); asdf reshim`,
    zsh: `path=(~/.asdf/shims $path); asdf reshim`,
    fish: `set -p PATH ~/.asdf/shims; asdf completion fish | source; asdf reshim`,
  },
  environment: { PATH: `${inFolder('asdf/bin')}:${process.env.PATH}` },
  prepare: installedTool,
  works: (shell) => expectOutput(shell, 'tool', '1.0'),
};

const mise: Neighbour = {
  name: 'mise',
  rc: evaluated((shell) => `${inFolder('mise/bin/mise')} activate ${shell}`, all),
  environment: { MISE_YES: '1', MISE_TRUSTED_CONFIG_PATHS: '/' },
  prepare: (home) =>
    void execFileSync('bash', ['-c', 'printf "[env]\\nFROM_MISE = \\"yes\\"\\n" >"$0/dev/mise.toml"', home]),
  works: (shell) => expectOutput(shell, 'echo $FROM_MISE', 'yes'),
};

const bashPreexec: Neighbour = {
  name: 'bash-preexec',
  rc: {
    bash: `source ${inFolder('bash-preexec/bash-preexec.sh')}; preexec_functions+=(__nb_before); __nb_before() { __nb_seen="$1"; }`,
  },
  works: async (shell) => {
    await shell.run('true marked');
    await expectOutput(shell, 'echo "seen $__nb_seen"', 'seen echo "seen $__nb_seen"');
    await expectOutput(shell, '(exit 7); echo $?', '7');
  },
};

/** They draw their own prompts; the mark for the end of the prompt is added after them. */
const starship: Neighbour = {
  name: 'starship',
  rc: {
    bash: `eval "$(${inFolder('starship/bin/starship')} init bash)"; __nb_mark() { PS1+='${promptEnd.bash}'; }; PROMPT_COMMAND+=(__nb_mark)`,
    zsh: `eval "$(${inFolder('starship/bin/starship')} init zsh)"; PROMPT+='${promptEnd.zsh}'`,
    fish: `${inFolder('starship/bin/starship')} init fish | source; functions -c fish_prompt __nb_prompt; function fish_prompt; set -l s $status; __nb_prompt; printf '\\e]133;B;%s\\a' $s; end`,
  },
  environment: { STARSHIP_LOG: 'error' },
  prepare: (home) => {
    mkdirSync(`${home}/.config`, { recursive: true });
    writeFileSync(
      `${home}/.config/starship.toml`,
      'add_newline = false\nformat = "$directory$aws$character"\n',
    );
  },
  works: (shell) => expectOutput(shell, 'echo $STARSHIP_SHELL', shell.name),
  draws: /☁️ +dev .*\[(49m|50m)/,
};

/** Its prompt cannot contain a mark, so the line editor writes it after the prompt. */
const powerlevel10k: Neighbour = {
  name: 'powerlevel10k',
  first: {
    zsh: `POWERLEVEL9K_INSTANT_PROMPT=verbose
[[ ! -r ~/.cache/p10k-instant-prompt-\${(%):-%n}.zsh ]] || source ~/.cache/p10k-instant-prompt-\${(%):-%n}.zsh`,
  },
  rc: {
    zsh: `source ${inFolder('powerlevel10k/powerlevel10k.zsh-theme')}
POWERLEVEL9K_DISABLE_CONFIGURATION_WIZARD=true POWERLEVEL9K_DISABLE_GITSTATUS=true
POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(aws dir) POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=()
__nb_status() { __nb_code=$? }; precmd_functions=(__nb_status $precmd_functions)
__nb_line() { printf '\\e]133;B;%s\\a' $__nb_code }
autoload -Uz add-zle-hook-widget; add-zle-hook-widget line-init __nb_line`,
  },
  environment: { TERM: 'xterm-256color' },
  works: (shell) => expectOutput(shell, 'whence -w p10k', /function/),
  draws: /dev/,
};

const ohMyZsh: Neighbour = {
  name: 'oh-my-zsh',
  rc: {
    zsh: `ZSH=${inFolder('ohmyzsh')} DISABLE_AUTO_UPDATE=true ZSH_DISABLE_COMPFIX=true plugins=(git aws); source $ZSH/oh-my-zsh.sh; PROMPT+='${promptEnd.zsh}'`,
  },
  works: (shell) => expectOutput(shell, 'alias gst', /git status/),
};

/** It replaces history. If it records a line, its own preexec and precmd have run. */
const atuin: Neighbour = {
  name: 'atuin',
  rc: {
    bash: `source ${inFolder('bash-preexec/bash-preexec.sh')}; eval "$(${inFolder('atuin/bin/atuin')} init bash)"`,
    zsh: `eval "$(${inFolder('atuin/bin/atuin')} init zsh)"`,
    fish: `${inFolder('atuin/bin/atuin')} init fish | source`,
  },
  writesFor: 3000,
  environment: { PATH: `${inFolder('atuin/bin')}:${process.env.PATH}` },
  works: async (shell) => {
    await shell.run('echo noted by atuin');
    await shell.run('sleep 0.5');
    await expectOutput(shell, 'atuin history list --format "{command}" | grep -c "^echo noted"', '1');
  },
};

/**
 * What VS Code loads in its own terminal. Its marks (OSC 633) show where a command begins and how
 * it ended.
 */
const visualStudioCode: Neighbour = {
  name: 'VS Code’s shell integration',
  rc: {
    bash: `VSCODE_INJECTION= source ${inFolder('vscode/shellIntegration-bash.sh')}`,
    zsh: `source ${inFolder('vscode/shellIntegration-rc.zsh')}`,
    fish: `source ${inFolder('vscode/shellIntegration.fish')}`,
  },
  environment: { TERM_PROGRAM: 'vscode', VSCODE_NONCE: 'n', USER_ZDOTDIR: '/nonexistent' },
  works: async (shell) => {
    shell.skip();
    const from = shell.received.length;
    await shell.run('(exit 3)');
    await shell.run('true');
    const codes = [...shell.received.slice(from).matchAll(/\x1b\]633;D;(\d+)/g)].map(([, code]) => code);
    if (codes.join(' ') !== '3 0') throw new Error(`it noted the statuses ${codes.join(' ')}`);
  },
};

/** The tools that this machine has. */
export const neighbours: readonly Neighbour[] = [
  ...(has('direnv') ? [direnv] : []),
  ...(has('zoxide') ? [zoxide] : []),
  ...(has('fzf') && existsSync('/usr/share/doc/fzf/examples/key-bindings.bash') ? [fzf] : []),
  ...(existsSync(bashCompletionFile) ? [bashCompletion] : []),
  ...[
    { it: mise, path: 'mise/bin/mise' },
    { it: zoxideAsCd, path: 'zoxide/bin/zoxide' },
    { it: bashPreexec, path: 'bash-preexec/bash-preexec.sh' },
    { it: atuin, path: 'atuin/bin/atuin' },
    { it: visualStudioCode, path: 'vscode/shellIntegration-bash.sh' },
    { it: starship, path: 'starship/bin/starship' },
    { it: powerlevel10k, path: 'powerlevel10k/powerlevel10k.zsh-theme' },
    { it: bleSh, path: 'blesh/ble.sh' },
    { it: asdfInShell, path: 'asdf-0.15/asdf.sh' },
    { it: asdf, path: 'asdf/bin/asdf' },
    { it: ohMyZsh, path: 'ohmyzsh/oh-my-zsh.sh' },
  ]
    .filter(({ path }) => neighbourFolder !== '' && existsSync(inFolder(path)))
    .map(({ it }) => it),
];
