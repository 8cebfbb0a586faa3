import { join } from 'node:path';
import type { TemporaryHome } from './temporary-home.ts';
import { openShell, type ShellTerminal } from './terminal.ts';

const completions = join(import.meta.dirname, '../../completions');

/** A shell in which `awsh` prints its arguments as `<a><b>`, so that a test sees what Tab made of the line. */
export async function openCompletingShell(
  name: 'bash' | 'zsh',
  home: TemporaryHome,
  options: { rc?: string; load?: string } = {},
): Promise<ShellTerminal> {
  const load = {
    bash: `. '${completions}/awsh.bash'`,
    zsh: `autoload -Uz compinit && compinit -u -D; . '${completions}/_awsh'`,
  }[name];
  const rc = [`awsh() { printf '<%s>' "$@"; echo; }`, options.rc ?? '', options.load ?? load].join('\n');
  const program = name === 'bash' ? process.env.AWSH_TEST_BASH : undefined;
  return await openShell(name, {
    home,
    rc,
    // Without the bell and its paging, what is listed is all there is.
    environment: { INPUTRC: home.write('inputrc', 'set bell-style none\nset show-all-if-ambiguous on\n') },
    ...(program === undefined ? {} : { program }),
  });
}

/** The line as `awsh` got it after the keys of `typed` (Tab is \t) and Enter. */
export async function completed(shell: ShellTerminal, typed: string): Promise<string> {
  shell.skip();
  shell.type(typed);
  await shell.settle(120);
  shell.type('\r');
  const { shown } = await shell.prompt();
  return shown.split('\n').findLast((line) => line.startsWith('<')) ?? shown;
}

/** What is listed below the line when Tab is pressed, with the line itself; the line is thrown away. */
export async function listed(shell: ShellTerminal, typed: string): Promise<string> {
  shell.skip();
  shell.type(typed);
  await shell.settle(150);
  const shown = shell.shownSoFar();
  shell.press('^C');
  await shell.prompt();
  return shown;
}
