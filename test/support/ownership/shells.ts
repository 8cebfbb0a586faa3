import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { has } from '../programs.ts';
import { packageFolder } from '../sandbox-shell.ts';
import { promptEnd, type ShellName, ShellTerminal } from '../terminal.ts';
import { snapshots, virtualenv } from './hand-written.ts';
import type { World } from './world.ts';

/*
 * Two shells side by side: one with awsh and another tool, and its twin with only that tool. The
 * twin shows what the environment would be without awsh.
 */

export type ToolName = 'nothing else' | 'direnv' | 'mise' | 'direnv and mise' | 'virtualenv' | 'snapshots';
export interface Setup {
  shell: ShellName;
  tool: ToolName;
  /** Which rc lines come first, or a step that loads the tool later. */
  first: 'awsh' | 'tool' | 'later';
}

/** A tool's lines for the rc file. */
export type ToolLines = Record<ShellName, string>;

export function setupName({ tool, first }: Setup): string {
  if (tool === 'nothing else') return tool;
  if (first === 'later') return `${tool} loaded later`;
  return first === 'awsh' ? `awsh before ${tool}` : `${tool} before awsh`;
}

/** Both orders of rc lines for each tool that this machine has, and awsh alone. */
export const setupsOf = (shell: ShellName): Setup[] => [
  ...(['direnv', 'mise'] as const)
    .filter((tool) => has(tool))
    .flatMap((tool): Setup[] => [
      { shell, tool, first: 'tool' },
      { shell, tool, first: 'awsh' },
    ]),
  { shell, tool: 'nothing else', first: 'awsh' },
];

/** The environment of a child process, and how the shell itself declares its AWS* variables. */
export interface Look {
  environment: Record<string, string>;
  declared: string;
}

/** A variable of the user's own. */
export interface OwnVariable {
  value: string;
  exported: boolean;
}
export type OwnVariables = Record<string, OwnVariable>;

const prompts: Record<ShellName, string> = {
  bash: `HISTFILE= PS1='$ ${promptEnd.bash}'`,
  zsh: `HISTFILE=; unsetopt prompt_sp; PROMPT='$ ${promptEnd.zsh}'`,
  fish: `function fish_prompt; set -l s $status; builtin printf '$ \\e]133;B;%s\\a' $s; end
function fish_greeting; end; function fish_title; end`,
};

const lookFunction: Record<ShellName, string> = {
  bash: `__look() { local n; { command env -0; printf '\\1'; for n in "\${!AWS@}"; do declare -p "$n"; done; printf '\\1'; } >"$1" 2>&1; }`,
  zsh: `__look() { local n; { command env -0; printf '\\1'; for n in \${(ok)parameters[(I)AWS*]}; do typeset -p $n; done; printf '\\1' } >"$1" 2>&1 }`,
  fish: `function __look; begin; command env -0; printf '\\x01'; for n in (set --names | string match 'AWS*'); set --show $n; end; printf '\\x01'; end >$argv[1] 2>&1; end`,
};

export const toolLines = (shell: ShellName, tool: ToolName): string => {
  if (tool === 'virtualenv') return virtualenv[shell];
  if (tool === 'snapshots') return snapshots[shell];
  if (tool === 'nothing else') return '';
  if (tool === 'direnv and mise') return `${toolLines(shell, 'direnv')}\n${toolLines(shell, 'mise')}`;
  const command = tool === 'direnv' ? `direnv hook ${shell}` : `mise activate ${shell}`;
  return shell === 'fish' ? `${command} | source` : `eval "$(${command})"`;
};

/** Sets a variable as the user would type it. */
export function assignment(shell: ShellName, name: string, own: OwnVariable | null): string {
  if (shell === 'fish') {
    if (own === null) return `set -eg ${name}`;
    return `set -g${own.exported ? 'x' : 'u'} ${name} '${own.value}'`;
  }
  if (own === null) return `unset ${name}`;
  return own.exported ? `export ${name}='${own.value}'` : `unset ${name}; ${name}='${own.value}'`;
}

/** One of the two shells, with the files from which it and its nested shells are started. */
export class WatchedShell {
  private looks = 0;
  private readonly noise: string[] = [];
  private constructor(
    readonly terminal: ShellTerminal,
    private readonly world: World,
    private readonly id: string,
    /** The command that starts another shell of this kind. */
    readonly command: string,
    private readonly rc: string,
    /** The command that starts another shell in a new environment, as `env -i` does. */
    readonly cleanCommand: string,
  ) {}

  static async open(
    world: World,
    setup: Setup,
    options: { awsh: boolean; cwd: string; own: OwnVariables },
  ): Promise<WatchedShell> {
    const { shell } = setup;
    opened += 1;
    const id = `${options.awsh ? 'main' : 'twin'}-${opened}`;
    const folder = join(world.scratch, id);
    mkdirSync(folder);
    const rc = join(folder, { bash: 'rc', zsh: '.zshrc', fish: 'rc.fish' }[shell]);
    writeFileSync(rc, rcText(setup, options));
    const words = {
      bash: ['--noprofile', '--rcfile', rc, '-i'],
      zsh: ['-d', '-i'],
      fish: ['--no-config', '--private', '-i', '-C', `source ${rc}`],
    }[shell];
    const environment: Record<string, string> = { ...world.environment, ZDOTDIR: folder, SHELL: shell };
    for (const [name, own] of Object.entries(options.own)) if (own.exported) environment[name] = own.value;
    const { spawn } = await import('@lydell/node-pty');
    const size = { name: 'xterm-256color', cols: 400, rows: 40 };
    const pty = spawn(shell, words, { ...size, cwd: options.cwd, env: environment });
    const quoted = words.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ');
    const clean = join(folder, 'clean');
    const given = {
      ...world.environment,
      ZDOTDIR: folder,
      SHELL: shell,
      NESTED: '1',
      TERM: 'xterm-256color',
    };
    const pairs = Object.entries(given).map(([name, value]) => `${name}='${value}'`);
    writeFileSync(clean, `exec env -i ${pairs.join(' ')} ${shell} ${quoted}\n`);
    const watched = new WatchedShell(
      new ShellTerminal(pty),
      world,
      id,
      `${shell} ${quoted}`,
      rc,
      `sh ${clean}`,
    );
    await watched.terminal.prompt(60_000);
    return watched;
  }

  /** Types a line, waits for the prompt after it, and returns what was shown. */
  async run(line: string): Promise<string> {
    const { shown } = await this.terminal.run(line, 60_000);
    for (const text of shown.split('\n'))
      if (/__awsh_|awsh\.(bash|zsh|fish)\b/.test(text)) this.noise.push(text);
    return shown;
  }

  /** Adds lines to the rc file and reads it again. */
  async extendRc(lines: string): Promise<void> {
    appendFileSync(this.rc, `${lines}\n`);
    await this.sourceRc();
  }

  async sourceRc(): Promise<void> {
    await this.run(`source ${this.rc}`);
  }

  /** The errors of the hook's own code since the last call. */
  takeNoise(): string[] {
    return this.noise.splice(0);
  }

  /** The name of a file for a later look. */
  nextLook(): string {
    this.looks += 1;
    return join(this.world.scratch, `${this.id}.${this.looks}`);
  }

  async look(): Promise<Look> {
    const file = this.nextLook();
    await this.run(`__look ${file}`);
    return readLook(file);
  }

  async close(): Promise<void> {
    this.terminal.close();
    await this.terminal.exited;
  }
}

let opened = 0;

function rcText(setup: Setup, options: { awsh: boolean; own: OwnVariables }): string {
  const { shell, tool, first } = setup;
  const other = toolLines(shell, tool);
  const hook = options.awsh ? `source ${packageFolder}/shell/awsh.${shell}` : '';
  const plain = Object.entries(options.own).filter(([, own]) => !own.exported);
  const assigned = plain.map(([name, own]) => assignment(shell, name, own)).join('; ') || ':';
  // Only in the outermost shell: a nested one would change variables that its parent has exported.
  const once =
    shell === 'fish'
      ? `if not set -q NESTED; ${assigned}; end; set -gx NESTED 1`
      : `if [ -z "\${NESTED-}" ]; then ${assigned}; fi; export NESTED=1`;
  return [
    prompts[shell],
    once,
    ...{ awsh: [hook, other], tool: [other, hook], later: [hook] }[first],
    lookFunction[shell],
    '',
  ].join('\n');
}

/** Reads a look, and waits until the file is complete. */
export async function readLook(file: string): Promise<Look> {
  let text = '';
  for (let tries = 0; tries < 6000; tries += 1) {
    text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.split('\x01').length === 3) break;
    await sleep(5);
  }
  const [environment, declared] = text.split('\x01');
  if (environment === undefined || declared === undefined) throw new Error(`no look in ${file}: ${text}`);
  rmSync(file);
  const entries = environment.split('\0').filter((entry) => entry !== '');
  return {
    environment: Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
    declared,
  };
}
