import { it } from 'vitest';
import { fishWords, inFish } from './fish-words.ts';
import { type HookPackage, hookPackage, loadedReply } from './hook-package.ts';
import { has } from './programs.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';
import { openShell, type ShellName, type ShellOptions, type ShellTerminal } from './terminal.ts';

/** The shells whose hook is tested here. tried-shells.ts explains how to test other versions. */
export const hookShells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));
export type HookShellName = (typeof hookShells)[number];

/** A test of a feature that fish lacks. For fish there is no test, rather than a skipped one. */
export function exceptInFish(name: ShellName): typeof it {
  return name === 'fish' ? ((() => {}) as unknown as typeof it) : it;
}

export interface HookShell extends ShellTerminal {
  name: HookShellName;
  /** The shell at the prompt, possibly a nested one. Typed lines are translated for it. */
  speaks: HookShellName;
  home: TemporaryHome;
  kit: HookPackage;
}

export interface HookShellOptions extends Omit<ShellOptions, 'home'> {
  home?: TemporaryHome;
  kit?: HookPackage;
  /** rc lines before and after the line that sources the hook; `rc` replaces all of it. */
  before?: string;
  after?: string;
  /** Replies and files in addition to the usual ones, before the shell starts. */
  prepare?: (home: TemporaryHome, kit: HookPackage) => void;
}

/**
 * A shell with the hook, in a home with the projects `dev` and `prod`, which load at once,
 * `dev/deep/er` below, and `none`, which has no directory file.
 */
export async function openHookShell(name: HookShellName, options: HookShellOptions = {}): Promise<HookShell> {
  const { before = '', after = '', prepare, ...rest } = options;
  const home = options.home ?? temporaryHome();
  const kit = options.kit ?? hookPackage(home);
  if (!options.kit) {
    for (const profile of ['dev', 'prod']) {
      home.write(`${profile}/.awsprofile`, `${profile}\n`);
      kit.answer(profile, loadedReply(profile));
      kit.answer(`pin-${profile}`, loadedReply(profile));
    }
    home.write('dev/deep/er/file', '');
    home.write('none/file', '');
  }
  prepare?.(home, kit);
  const shell = await openShell(name, {
    rc: [
      ...(name === 'fish' ? [fishWords, inFish(before)] : [before]),
      kit.source[name],
      name === 'fish' ? inFish(after) : after,
    ].join('\n'),
    ...rest,
    home,
  });
  const run = shell.run.bind(shell);
  const hookShell: HookShell = Object.assign(shell, {
    name,
    home,
    kit,
    speaks: name,
    run: (line: string, timeout?: number) => run(hookShell.speaks === 'fish' ? inFish(line) : line, timeout),
  });
  return hookShell;
}

/** The exported AWS_* variables (no AWSH_*, no AWSUME_*), as `NAME=value`, sorted. */
export async function exportedAws(shell: ShellTerminal): Promise<string[]> {
  return (await shell.output('env | grep ^AWS_ | LC_ALL=C sort')).split('\n').filter((line) => line !== '');
}

/**
 * The result of `exportedAws` in a blocked shell. The region is the user's own, the reply's, or
 * this one.
 */
export function blockedAws(region = 'awsh-blocked'): string[] {
  return [
    `AWS_DEFAULT_REGION=${region}`,
    'AWS_EC2_METADATA_DISABLED=true',
    'AWS_PROFILE=awsh-blocked',
    `AWS_REGION=${region}`,
  ];
}

const traces = ['set -x', 'set -xv', 'set -x; set -T 2>/dev/null; trap ": \\$BASH_COMMAND" DEBUG'];
/** Lines that make the shell show each command that it runs. */
export const tracingOf: Record<HookShellName, string[]> = {
  bash: traces,
  zsh: traces,
  fish: ['set -g fish_trace 1'],
};
export const traceLine: Record<HookShellName, RegExp> = { bash: /^\+/m, zsh: /^\+/m, fish: /^-*> /m };

/**
 * How the shell itself would declare these variables: value and export flag, one line for each that
 * is set.
 */
export async function declarations(shell: HookShell, names: string[]): Promise<string> {
  const declare =
    shell.speaks === 'fish'
      ? `for n in ${names.join(' ')}; set --show $n; end`
      : `for n in ${names.join(' ')}; do declare -p $n 2>/dev/null; done`;
  return shell.output(declare);
}
