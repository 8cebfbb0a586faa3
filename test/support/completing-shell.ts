import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { has } from './programs.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';
import { openShell, type ShellName, type ShellTerminal } from './terminal.ts';

export const completions = join(import.meta.dirname, '../../completions');

const config = `[default]
region = eu-west-1
[profile dev]
[profile team:alpha]
[profile "two words"]
[profile a.b.c]
[profile me@corp]
[profile x+y]
[profile role=x]
[sso-session not-a-profile]
[services neither]
`;

/** A home with profiles of odd names in both AWS files. */
export function homeWithConfig(): TemporaryHome {
  const home = temporaryHome();
  home.write('.aws/config', config);
  home.write('.aws/credentials', '[plain]\naws_access_key_id = x\n');
  return home;
}

export interface OfferedName {
  readonly name: string;
  /** Account and role. */
  readonly who?: string;
  readonly stored?: true;
}

/** The names for Tab as awsh writes them, by default for the files of {@link homeWithConfig}. */
export function writeNames(home: TemporaryHome, ...names: readonly OfferedName[]): string {
  const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const stored = sorted.filter((each) => each.stored);
  const files = [join(home.path, '.aws/config'), join(home.path, '.aws/credentials')];
  const halves = [stored, sorted].flatMap((block) => [
    block.map(({ name }) => `${name}\n`).join(''),
    block.map(({ name, who }) => `${name}\t${who ?? ''}\n`).join(''),
  ]);
  const bytes = halves.map((half) => Buffer.byteLength(half));
  const head = ['3', stored.length, sorted.length, ...bytes, ...files].join('\t');
  return home.write('.cache/awsh/profiles', `${head}\n${halves.join('')}`);
}

/**
 * The shells whose completion is tested. TEST_BASH, TEST_ZSH or TEST_FISH names another version
 * than the one in PATH.
 */
export const completingShells = (['bash', 'zsh', 'fish'] as const).filter(
  (name) => name === 'bash' || has(name),
);

export interface CompletingOptions {
  /** rc lines before the completion is loaded, in the shell's own syntax. */
  readonly rc?: string;
  /** Instead of the line that loads the completion. */
  readonly load?: string;
  readonly environment?: Record<string, string>;
  /** The program that starts the shell, with its own arguments. */
  readonly program?: string;
}

/** Before 3.6, fish needs a process to compare the times of two files. */
export const isOldFish = spawnSync('fish', ['--no-config', '-c', "test / -nt ''"]).status !== 0;

/** Before 4.0 bash has no mapfile. */
export const isOldBash = spawnSync('bash', ['-c', '((BASH_VERSINFO[0] < 4))']).status === 0;

/**
 * A shell in which `awsh` prints its arguments as `<a><b>`, so that a test sees the completed line.
 */
export async function openCompletingShell(
  name: ShellName,
  home: TemporaryHome,
  options: CompletingOptions = {},
): Promise<ShellTerminal> {
  const load = {
    bash: `. '${completions}/awsh.bash'`,
    zsh: `autoload -Uz compinit && compinit -u -D; . '${completions}/_awsh'`,
    fish: `set -a fish_complete_path '${completions}'`,
  }[name];
  const prints =
    name === 'fish'
      ? `function awsh; printf '<%s>' $argv; echo; end`
      : `awsh() { printf '<%s>' "$@"; echo; }`;
  return await openShell(name, {
    home,
    rc: [prints, options.rc ?? '', options.load ?? load].join('\n'),
    // Without the bell and paging, the listing is the only output.
    environment: {
      INPUTRC: home.write('inputrc', 'set bell-style none\nset show-all-if-ambiguous on\n'),
      ...options.environment,
    },
    program: options.program ?? name,
  });
}

/** The arguments of `awsh` after the keys of `typed` (Tab is \t) and Enter. */
export async function completed(shell: ShellTerminal, typed: string): Promise<string> {
  shell.skip();
  shell.type(`${typed}\r`);
  const { shown } = await shell.prompt();
  return shown.split('\n').findLast((line) => line.startsWith('<')) ?? shown;
}

/** The listing below the line after Tab, with the line itself. The line is then discarded. */
export async function listed(shell: ShellTerminal, typed: string): Promise<string> {
  shell.skip();
  shell.type(typed);
  await shell.settle(150);
  const shown = shell.shownSoFar();
  // Each listing ends with a prompt.
  shell.skip();
  // fish 4 closes its list with the first.
  for (let left = 5; left > 0; left--) {
    shell.press('^C');
    if (await shell.prompt(500).catch(() => null)) break;
  }
  return shown;
}
