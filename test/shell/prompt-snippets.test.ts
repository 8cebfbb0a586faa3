import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadedReply } from '../support/hook-package.ts';
import { type HookShell, type HookShellName, hookShells, openHookShell } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { promptEnd } from '../support/terminal.ts';
import { bashIsFrom } from '../support/tried-shells.ts';

const docs = readFileSync(join(packageFolder, 'docs/prompt.md'), 'utf8');
const blocks = [...docs.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

/** The only block of docs/prompt.md that begins with this text. */
function snippet(begin: string): string {
  const found = blocks.filter((block) => block.startsWith(begin));
  if (found.length !== 1) throw new RangeError(`${found.length} blocks begin with ${begin}`);
  return found[0] ?? '';
}

/** The snippet, and the mark at the end of its prompt by which the test recognises it. */
function marked(name: HookShellName, code: string): string {
  if (name === 'fish') return code.replace(/end\n$/, `printf '\\e]133;B;0\\a'\nend\n`);
  if (name === 'bash') return `${code}\nPS1+='${promptEnd.bash}'`;
  return `${code}\nPROMPT+=$'${promptEnd.zsh.replaceAll('\x1b', '\\e').replaceAll('\x07', '\\a')}'`;
}

/** The last line of the prompt after this command, with escape sequences. */
async function promptAfter(shell: HookShell, command: string): Promise<string> {
  await shell.run(command);
  const from = shell.received.length;
  await shell.run('true');
  await shell.settle();
  return shell.received.slice(from);
}

describe('a prompt of docs/prompt.md', () => {
  const plain = [
    ['bash', '# bash: in another place', '/dev [dev 50m] # ', '/none # '],
    ['zsh', '# zsh: on the left', '~/dev \x1b[32mdev 50m\x1b[39m # ', '~/none # '],
    ['fish', '# fish: on the left', 'dev 50m ~/dev > ', '~/none > '],
  ] as const;
  it.each(plain.filter(([name]) => hookShells.includes(name)))(
    'in %s: %s',
    async (name, begin, loaded, none) => {
      const shell = await openHookShell(name, { before: marked(name, snippet(begin)) });
      const root = process.getuid?.() === 0;
      const as = (text: string) => text.replace('#', root ? '#' : name === 'zsh' ? '%' : '$');
      const visible = (text: string) => text.replace(/\x1b\[(?!3[29]m)[0-9;?]*[A-Za-z]/g, '');
      expect(visible(await promptAfter(shell, 'cd dev'))).toContain(as(loaded));
      expect(visible(await promptAfter(shell, 'cd ../none'))).toContain(as(none));
      expect((await promptAfter(shell, 'cd ../dev')).match(/dev 50m/g)).toHaveLength(1);
    },
  );

  const byProgram = [
    ['bash', '# bash\nPS1='],
    ['zsh', '# zsh\nsetopt prompt_subst'],
  ] as const;
  it.each(byProgram.filter(([name]) => hookShells.includes(name)))(
    'in %s by awsh prompt',
    async (name, begin) => {
      const own = snippet(begin).replace('awsh prompt', `${packageFolder}/bin/awsh prompt`);
      const shell = await openHookShell(name, { before: `AWSH_PROMPT=off\n${marked(name, own)}` });
      const shown = await promptAfter(shell, 'cd dev');
      expect(shown).toContain('\x1b[32mdev 50m\x1b[');
      expect(shown).not.toMatch(/[\x01\x02]|%F|\\/);
      expect(await promptAfter(shell, 'export AWS_PROFILE=mine')).toContain('\x1b[33moverridden');
    },
  );
});

describe.skipIf(!has('zsh'))('the segment for powerlevel10k', () => {
  it.each([
    [3050, 'LOADED', '2'],
    [899, 'ENDING', '3'],
    [200, 'ALERT', '1'],
  ])('with %i seconds left is %s', async (expiresIn, state, colour) => {
    const shell = await openHookShell('zsh', {
      before: `p10k() { print -rl -- "$@" }; source ${packageFolder}/shell/prompt/p10k.zsh`,
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { expiresIn })),
    });
    await shell.run('cd dev');
    expect((await shell.output('prompt_awsh')).split('\n')).toEqual([
      'segment',
      '-s',
      state,
      '-f',
      colour,
      '-c',
      '${AWSH_SEGMENT-}',
      '-e',
      '-t',
      '${AWSH_SEGMENT//\\%/%%}',
    ]);
  });
});

describe.skipIf(!has('tmux'))('the title of a pane', () => {
  const titles = [
    ['bash', '# bash 5.1'],
    ['zsh', '# zsh, after'],
    ['fish', '# fish\nfunction fish_title'],
  ] as const;
  // PROMPT_COMMAND is an array from 5.1 on.
  const tried = titles.filter(([name]) => hookShells.includes(name) && (name !== 'bash' || bashIsFrom(501)));
  it.each(tried)('shows in tmux what %s has loaded', async (name, begin) => {
    const shell = await openHookShell(name, { after: snippet(begin) });
    const rc = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/config.fish' }[name];
    const start = { bash: `bash --rcfile ${rc} -i`, zsh: 'zsh -d -i', fish: 'fish -i' }[name];
    const { path, environment } = shell.home;
    const conf = shell.home.write(
      'tmux.conf',
      blocks.find((block) => block.startsWith('# ~/.tmux.conf')) ?? '',
    );
    const tmux = (...args: string[]) =>
      execFileSync('tmux', ['-S', join(path, 'tmux'), '-f', conf, ...args], {
        env: { ...environment, ZDOTDIR: path, TERM: 'xterm-256color' },
        cwd: path,
        encoding: 'utf8',
      }).trimEnd();
    tmux('new-session', '-d', '-x', '80', '-y', '10', start);
    onTestFinished(() => void tmux('kill-server'));
    const shows = (text: string) =>
      expect.poll(() => tmux('display', '-p', '#{T:status-right}'), { timeout: 100_000 }).toBe(text);
    await shell.settle();
    tmux('send-keys', 'cd dev', 'Enter');
    await shows('dev 50m');
    tmux('send-keys', 'cd ../none', 'Enter');
    await shows('');
  });
});
