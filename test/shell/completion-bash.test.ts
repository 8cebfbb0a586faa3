import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completed,
  completions,
  homeWithConfig,
  listed,
  openCompletingShell,
  writeNames,
} from '../support/completing-shell.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { bashIsFrom } from '../support/tried-shells.ts';

describe('Tab in bash', () => {
  it.each([
    // Older versions read the assignment as the command.
    ...(!bashIsFrom(402) ? [] : [['after an assignment', 'A=1 awsh exec two\t', '<exec><two words>']]),
    ['behind another command', 'true && awsh exec two\t', '<exec><two words>'],
    [
      'behind a command that ends with our name',
      'echo awsh >/dev/null; awsh exec two\t',
      '<exec><two words>',
    ],
  ])('completes a profile %s', async (_, typed, line) => {
    const shell = await openCompletingShell('bash', homeWithConfig());
    expect(await completed(shell, typed)).toBe(line);
  });

  it('quotes a name as the line needs it, and runs nothing', async () => {
    const home = homeWithConfig();
    const odd = 'it\'s "odd" $(touch pwned)';
    writeNames(home, { name: odd, stored: true }, { name: 'plain' });
    const shell = await openCompletingShell('bash', home);
    for (const typed of ['awsh rm it\t', 'awsh rm "it\t', "awsh rm 'it\t"])
      expect(await completed(shell, typed)).toBe(`<rm><${odd}>`);
    expect(await shell.output('ls ~/pwned 2>/dev/null; echo done')).toBe('done');
  });

  it('quotes many names at once like a single one', async () => {
    const home = homeWithConfig();
    const odd = ['a b', "a'c", 'a$d', 'a*e', 'a"f', 'a\\g', 'aäh'];
    writeNames(home, ...odd.map((name) => ({ name })));
    const shell = await openCompletingShell('bash', home);
    expect(await completed(shell, 'awsh exec a\\ \t')).toBe('<exec><a b>');
    for (const each of ['a$d', 'a*e', 'a\\g'])
      expect(await completed(shell, `awsh exec a\\${each[1]}\t`)).toBe(`<exec><${each}>`);
    const shown = await listed(shell, 'awsh exec \t\t');
    for (const each of ['a\\ b', "a\\'c", 'a\\$d', 'a\\*e', 'a\\"f', 'a\\\\g']) expect(shown).toContain(each);
    expect(await shell.output('case $- in *f*) echo noglob ;; *) echo glob ;; esac')).toBe('glob');
  });

  it('reads a name that begins like a path in the home as a name', async () => {
    const home = homeWithConfig();
    writeNames(home, { name: '~/x' });
    const shell = await openCompletingShell('bash', home);
    expect(await completed(shell, 'awsh exec \t')).toBe('<exec><~/x>');
  });

  it('finds names with a common prefix among thousands, wherever they are', async () => {
    const home = homeWithConfig();
    const names = Array.from({ length: 3000 }, (_, at) => `p${String(at).padStart(4, '0')}-${at % 7}`);
    writeNames(home, ...['Zed', 'ähnlich', 'a*b', ...names].map((name) => ({ name })));
    const shell = await openCompletingShell('bash', home);
    expect(await completed(shell, 'awsh exec p0000\t')).toBe('<exec><p0000-0>');
    expect(await completed(shell, 'awsh exec p2999\t')).toBe('<exec><p2999-3>');
    expect(await completed(shell, 'awsh exec p1234\t')).toBe('<exec><p1234-2>');
    expect(await completed(shell, 'awsh exec Z\t')).toBe('<exec><Zed>');
    expect(await completed(shell, 'awsh exec äh\t')).toBe('<exec><ähnlich>');
    expect(await completed(shell, 'awsh exec a\\*\t')).toBe('<exec><a*b>');
    expect(await completed(shell, 'awsh exec q\t')).toBe('<exec><q>');
  });

  it.skipIf(!bashIsFrom(400))('shows no more of a text than fits on a line', async () => {
    const home = homeWithConfig();
    writeNames(home, { name: 'dev', who: `111111111111/${'Long'.repeat(100)}` }, { name: 'prod', who: 'x' });
    const shell = await openCompletingShell('bash', home);
    const shown = await listed(shell, 'awsh exec \t\t');
    const widest = Math.max(...shown.split('\n').map((line) => line.length));
    expect(shown).toMatch(/dev {3}111111111111\/Long/);
    expect(widest).toBeLessThan(300);
  });

  it.each([
    [
      'its own function',
      '_greet() { COMPREPLY=("hello-$2-$COMP_CWORD-${COMP_LINE/ /+}-$COMP_POINT"); }; complete -F _greet greet',
      "awsh exec --region 'a -- b' dev -- greet wor\t",
      '<exec><--region><a -- b><dev><--><greet><hello-wor-1-greet+wor-9>',
    ],
    [
      'its own function, which wants no space',
      '_greet() { COMPREPLY=(hello/); }; complete -o nospace -F _greet greet',
      'awsh exec dev greet h\tyou',
      '<exec><dev><greet><hello/you>',
    ],
    [
      'its own program',
      'mkdir ~/bin; printf \'#!/bin/sh\\necho "said-$1-$2-$3-$(echo $COMP_LINE | tr " " +)-$COMP_POINT"\\n\' > ~/bin/asked; chmod +x ~/bin/asked; complete -C ~/bin/asked aws',
      'awsh exec team:alpha -- aws s3 sa\t',
      '<exec><team:alpha><--><aws><s3><said-aws-sa-s3-aws+s3+sa-9>',
    ],
    ...(!bashIsFrom(401)
      ? []
      : [
          [
            'what a loader brings',
            '_load() { complete -W "" greet; complete -F _greet greet; return 124; }; _greet() { COMPREPLY=(loaded); }; complete -D -F _load',
            'awsh exec dev -- greet l\t',
            '<exec><dev><--><greet><loaded>',
          ],
        ]),
    ['its name', '', 'awsh exec dev -- __awsh_tab_spl\t', '<exec><dev><--><__awsh_tab_split>'],
    [
      'bash-completion where that is loaded',
      '_command_offset() { COMPREPLY=("offset-$1"); }',
      'awsh exec --no-session dev -- greet w\t',
      '<exec><--no-session><dev><--><greet><offset-5>',
    ],
    [
      'bash-completion 2.12 where that is loaded',
      '_comp_command_offset() { COMPREPLY=("offset-$1"); }',
      'awsh exec dev greet w\t',
      '<exec><dev><greet><offset-3>',
    ],
  ])('completes the command of exec by %s', async (_, rc, typed, line) => {
    const shell = await openCompletingShell('bash', homeWithConfig(), { rc });
    expect(await completed(shell, typed)).toBe(line);
  });

  it.each([
    'set -u',
    'set -e',
    'set -f',
    'shopt -s failglob nullglob extglob nocaseglob nocasematch dotglob',
    'set -o posix',
    'IFS=x',
    "alias local='echo no' printf='echo no' read='echo no'",
  ])('works under %s', async (options) => {
    const home = homeWithConfig();
    const shell = await openCompletingShell('bash', home, { rc: options });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh allow nothing-like-it\t')).toBe('<allow><nothing-like-it>');
    writeNames(home, { name: 'from names' }, { name: 'FROM' });
    expect(await completed(shell, 'awsh exec from\t')).toBe('<exec><from names>');
  });

  it.each([
    [
      'awsh setup’s line, at the first Tab',
      `. '${packageFolder}/shell/rc.bash'; unset -f awsh; awsh() { printf '<%s>' "$@"; echo; }`,
    ],
    ['eval', `eval "$(cat '${completions}/awsh.bash')"`],
    ['a copy in another folder', '. ~/copied/awsh'],
  ])('is loaded by %s', async (_, load) => {
    const home = homeWithConfig();
    mkdirSync(join(home.path, 'copied'));
    copyFileSync(join(completions, 'awsh.bash'), join(home.path, 'copied/awsh'));
    const shell = await openCompletingShell('bash', home, { load });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
  });

  it('changes nothing in the shell, and prints nothing', async () => {
    const shell = await openCompletingShell('bash', temporaryHome(), {
      rc: 'before=$(shopt; set +o; trap)',
      load: `loud=$(. '${completions}/awsh.bash' 2>&1); . '${completions}/awsh.bash'; after=$(shopt; set +o; trap)`,
    });
    await completed(shell, 'awsh exec x\t');
    expect(await shell.output('[[ $before == "$after" ]] && echo "same<$loud>"')).toBe('same<>');
  });
});
