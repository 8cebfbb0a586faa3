import { describe, expect, it } from 'vitest';
import { loadedReply } from '../support/hook-package.ts';
import { exceptInFish, type HookShellName, hookShells, openHookShell } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { promptEnd } from '../support/terminal.ts';
import { bashIsFrom } from '../support/tried-shells.ts';

/** A state of the shell that the hook must not change: a command that prints it. */
const snapshots: Record<HookShellName, string> = {
  bash: 'set +o; shopt; trap -p; alias; declare -p IFS HISTCONTROL PS4 PWD OLDPWD DIRSTACK 2>/dev/null; umask; jobs',
  zsh: 'setopt; trap; alias; typeset -p IFS HISTSIZE PS4 PWD OLDPWD REPLY reply match 2>/dev/null; umask; jobs',
  fish: 'functions --all | string match --invert "__*"; functions --handlers | string match --invert "*__fish_*"; abbr; bind; trap; set --show IFS REPLY match reply status_generation_ fish_trace; umask; jobs',
};
const variableNames: Record<HookShellName, string> = {
  bash: 'compgen -v',
  zsh: 'print -l ${(ko)parameters}',
  fish: 'set --names',
};

/** Traps that a user may have. fish supports no others. */
const traps: Record<HookShellName, string> = {
  bash: "trap ': err' ERR; trap ': debug' DEBUG; trap ': return' RETURN; trap ': exit' EXIT",
  zsh: "trap ': err' ZERR; trap ': debug' DEBUG; trap ': exit' EXIT",
  fish: "trap ': exit' EXIT",
};
/**
 * A function of the user that runs at each prompt, after the hook, and sees the status of the last
 * command.
 */
const later: Record<HookShellName, string> = {
  bash: `PROMPT_COMMAND='seen="$? \${PIPESTATUS[*]}"'`,
  zsh: 'later() { seen="$? $pipestatus" }; precmd_functions+=(later)',
  fish: 'function later --on-event fish_prompt; set -g seen $status $pipestatus; end',
};

describe.each(hookShells)('the hook in %s does not change', (name) => {
  it('options, traps, IFS, umask and jobs', async () => {
    const shell = await openHookShell(name, {
      after: `trap ': int' INT; trap ': usr' USR1; trap ': pipe' PIPE; IFS=$'\\t\\n:'; REPLY=mine reply=mine match=mine`,
    });
    await shell.run(traps[name]);
    const before = await shell.output(snapshots[name]);
    await shell.run('cd dev');
    await shell.run('cd ../prod');
    await shell.run('cd ../none');
    await shell.run('awsh use dev');
    await shell.run('awsh use --auto');
    await shell.run('cd ~; OLDPWD=$HOME/none');
    await shell.run('OLDPWD=');
    const after = await shell.output(snapshots[name]);
    const settled = (text: string) => text.replace(/^.*OLDPWD.*\n|^\n/gm, '');
    expect(settled(after)).toBe(settled(before));
  });

  it('the names of all other variables', async () => {
    const shell = await openHookShell(name, { before: `${variableNames[name]} >~/before` });
    await shell.run('cd dev');
    await shell.run('cd ../none');
    await shell.run('awsh off');
    await shell.run(`${variableNames[name]} >after`);
    const added = await shell.output('sort ~/before >b; sort after | comm -13 b - | grep -v "^__awsh_"');
    expect(
      added
        .split('\n')
        .filter(
          (line) =>
            !/^(AWSH_LOADED|names|_|OLDPWD|dirprev|dirnext|__fish_.*|history|fish_.*|PROMPT_COMMAND|psvar|RPROMPT|RPS1|HIST.*|LINES|COLUMNS)$/.test(
              line,
            ),
        ),
    ).toEqual(name === 'zsh' ? expect.not.arrayContaining(['name', 'file', 'value', 'line']) : []);
  });

  it('the status of the last command, through a prompt and a cd', async () => {
    const shell = await openHookShell(name);
    expect((await shell.run('(exit 7)')).status).toBe(7);
    expect(await shell.output('echo $?')).toBe('7');
    expect((await shell.run('cd /does/not/exist 2>/dev/null')).status).toBe(1);
    expect((await shell.run('cd dev')).status).toBe(0);
    expect((await shell.run('popd')).status).toBe(1);
    expect(await shell.output('false; cd ../none; echo $?')).toBe('0');
  });

  it('the status of each command of a pipe, for what runs at the prompt after it, and for the next command', async () => {
    const shell = await openHookShell(name, { [name === 'fish' ? 'after' : 'before']: later[name] });
    await shell.run('cd dev');
    await shell.run('true | (exit 3) | false');
    // Before bash 5.1, PROMPT_COMMAND is a string, which keeps $? without help.
    expect(await shell.output('echo $seen')).toMatch(
      name === 'bash' && !bashIsFrom(501) ? /^1 / : /^1 0 3 1$/,
    );
    await shell.run('true | (exit 3) | false');
    const pipe = { bash: '${PIPESTATUS[*]}', zsh: '$pipestatus', fish: '$pipestatus' }[name];
    expect(await shell.output(`echo ${pipe}`)).toBe('0 3 1');
  });

  exceptInFish(name)('$_', async () => {
    const shell = await openHookShell(name);
    await shell.run('true last');
    expect(await shell.output('echo "$_"')).toBe('last');
    await shell.run('cd dev');
    expect(await shell.output('echo "$_"')).toBe('dev');
  });

  it('history', async () => {
    const shell = await openHookShell(name, { after: 'HISTSIZE=100; HISTCONTROL=ignorespace' });
    await shell.run('cd dev');
    await shell.run('cd ../none');
    const list = { bash: 'history', zsh: 'fc -l 1', fish: 'builtin history --reverse' }[name];
    const lines = (await shell.output(list)).split('\n');
    expect(lines.map((line) => line.trim().replace(/^\d+\s+/, '')).slice(0, 2)).toEqual([
      'cd dev',
      'cd ../none',
    ]);
  });

  it('a cd of the user, and what cd knows', async () => {
    const shell = await openHookShell(name, { after: 'CDPATH=~' });
    await shell.run('cd dev/deep/er');
    await shell.run('cd ../..');
    expect(await shell.output('cd - >/dev/null && pwd')).toBe(`${shell.home.path}/dev/deep/er`);
    expect(await shell.output('cd prod >/dev/null && echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    expect(await shell.output('cd && pwd')).toBe(shell.home.path);
    await shell.run('mkdir -- -odd && cd -- -odd');
    expect(await shell.output('pwd')).toBe(`${shell.home.path}/-odd`);
  });

  it('a background job', async () => {
    const shell = await openHookShell(name, { after: 'set +m 2>/dev/null; set -m' });
    await shell.run('cd dev');
    await shell.run('sleep 30 & cd ../prod');
    const { shown } = await shell.run('jobs');
    expect(shown.match(/sleep 30/g)).toHaveLength(1);
    await shell.run('kill %1');
  });

  it('the output of a shell that is not interactive', async () => {
    const shell = await openHookShell(name);
    const run = { bash: 'bash --norc', zsh: 'zsh -f', fish: 'fish --no-config' }[name];
    expect(
      await shell.output(
        `${run} -c '${shell.kit.source[name]}; cd dev; env | grep ^AWS_; type awsh' 2>&1 | wc -c`,
      ),
    ).toMatch(/^\s*\d\d\s*$/);
    expect(
      await shell.output(`${run} -c '${shell.kit.source[name]}; cd dev; env | grep ^AWS_' 2>&1 | wc -c`),
    ).toMatch(/^\s*0$/);
    expect(shell.kit.requests()).toEqual([]);
  });

  it('the hook itself, when it is sourced again', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    const hooks =
      name === 'fish'
        ? 'functions --handlers'
        : 'echo "${PROMPT_COMMAND[*]-} ${precmd_functions[*]-} ${chpwd_functions[*]-}"';
    const before = await shell.output(hooks);
    await shell.run(shell.kit.source[name]);
    await shell.run(`source ${name === 'fish' ? '~/.config/fish/config.fish' : `~/.${name}rc`}`);
    expect(await shell.output(hooks)).toBe(before);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    await shell.run('cd ../none');
    expect(await shell.output('echo "<$AWS_ACCESS_KEY_ID>"')).toBe('<>');
    expect(shell.kit.requests()).toHaveLength(1);
  });

  it('a traced shell: few lines at a prompt', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    await shell.run(name === 'fish' ? 'set -g fish_trace 1' : 'set -x');
    const { shown } = await shell.run(':');
    const traced = shown.split('\n').filter((line) => /^\+|^-*> /.test(line));
    expect(traced.length).toBeLessThan(16);
    const still =
      name === 'fish' ? 'test -n "$fish_trace"; and echo still' : 'case $- in *x*) echo still;; esac';
    expect((await shell.run(still)).shown).toContain('\nstill');
  });
});

describe('PROMPT_COMMAND in bash', () => {
  const array = bashIsFrom(501);
  const kept: [string, string][] = [
    ['a string', "PROMPT_COMMAND='seen+=a'"],
    ['a string that ends in a semicolon', "PROMPT_COMMAND='seen+=a ; '"],
    ['a string that ends in a bare semicolon', "PROMPT_COMMAND='seen+=a;'"],
    ['two lines', "PROMPT_COMMAND=$'seen+=\\nseen+=a'"],
    ['a comment at the end', "PROMPT_COMMAND='seen+=a # and so on'"],
    ['exported', "export PROMPT_COMMAND='seen+=a'"],
    ['one that is set later, in front', '; PROMPT_COMMAND="seen+=a;${PROMPT_COMMAND-}"'],
  ];
  it.each(kept)('is kept: %s', async (_, line) => {
    const later = line.startsWith('; ');
    const shell = await openHookShell('bash', {
      before: `${later ? '' : line}\nseen=`,
      after: later ? line.slice(2) : '',
    });
    await shell.run('seen=');
    await shell.run('cd dev');
    expect(await shell.output('echo $seen')).toMatch(/^a+$/);
    expect((await shell.run('(exit 4)')).status).toBe(4);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(await shell.output('bash --norc -ic : 2>&1 | cat')).not.toContain('__awsh');
  });

  it.skipIf(!array)('is kept: an array of three, each run once, $? and PIPESTATUS as they were', async () => {
    const shell = await openHookShell('bash', {
      before: "PROMPT_COMMAND=('one=$?' 'two=\"${PIPESTATUS[*]}\"' 'three+=x')",
    });
    await shell.run('three=');
    await shell.run('true | (exit 3) | true');
    expect(await shell.output('echo "$two $three"')).toBe('0 3 0 xx');
    await shell.run('(exit 5)');
    expect(await shell.output('echo $one')).toBe('5');
  });

  it.skipIf(array)('is kept: an array, of which this bash runs only the first', async () => {
    const shell = await openHookShell('bash', { before: "PROMPT_COMMAND=('one+=x' 'two+=x' 'three+=x')" });
    await shell.run('one=');
    await shell.run('cd dev');
    expect(await shell.output('echo "$one/$two/$three ${PROMPT_COMMAND[@]:1}"')).toBe('xx// two+=x three+=x');
  });

  it('is right with a string that is no command', async () => {
    const shell = await openHookShell('bash', { before: "PROMPT_COMMAND=';a'" });
    await shell.run('cd dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toMatch(/^ASIADEV(\n|$)/);
  });

  it('is unset again in a shell that the hook has left, if it was unset', async () => {
    const shell = await openHookShell('bash', { before: 'unset PROMPT_COMMAND' });
    await shell.run('cd dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(await shell.output('for c in "${PROMPT_COMMAND[@]}"; do echo "$c"; done')).toMatch(
      /^__awsh_prompt\n__awsh_draw$/,
    );
  });

  it('comes after direnv, and before a theme', async () => {
    const shell = await openHookShell('bash', {
      before: `_direnv_hook() { [[ $PWD == */dev ]] && export FROM_DIRENV=1; }
theme() { theme="$AWS_ACCESS_KEY_ID"; }
PROMPT_COMMAND=${array ? '(_direnv_hook theme)' : "'_direnv_hook;theme'"}`,
      after: 'builtin cd ~',
      environment: { AWSH_NO_CD: '1' },
    });
    await shell.run('cd dev');
    expect(await shell.output('echo "$FROM_DIRENV $AWS_ACCESS_KEY_ID"')).toBe('1 ASIADEV');
    if (array) expect(await shell.output('echo "$theme"')).toBe('ASIADEV');
  });

  it('lets bash-preexec run the hook before a theme, also if it is loaded later', async () => {
    const shell = await openHookShell('bash', {
      // The relevant part of what bash-preexec leaves behind.
      after: `__bp_imported=defined
theme() { shown="$AWS_ACCESS_KEY_ID $AWSH_SEGMENT"; }
precmd_functions=(theme)
__bp_precmd_invoke_cmd() { local f; for f in "\${precmd_functions[@]}"; do "$f"; done; }
PROMPT_COMMAND="__bp_precmd_invoke_cmd
\${PROMPT_COMMAND-}"`,
      environment: { AWSH_NO_CD: '1' },
    });
    await shell.run(':');
    await shell.run('cd dev');
    expect(await shell.output('echo $shown')).toBe('ASIADEV dev 50m');
    await shell.run('cd ../prod');
    expect(await shell.output('echo $shown "${precmd_functions[*]}"')).toBe(
      'ASIAPROD prod 50m __awsh_prompt theme __awsh_draw',
    );
  });

  // bash 4.0 does not show a PS1 that PROMPT_COMMAND sets after a command substitution. No theme of
  // this kind works there.
  const shows = bashIsFrom(401) || !bashIsFrom(400);
  it.skipIf(!shows)('lets starship see what was loaded at the same prompt', async () => {
    const shell = await openHookShell('bash', {
      // A short form of starship's init script: it keeps the previous command, and runs it before
      // it draws.
      before: `starship_precmd() { status=$?; eval "$STARSHIP_PROMPT_COMMAND"; PS1="[$AWSUME_PROFILE] ${promptEnd.bash.replaceAll('\\', '\\\\').replace('$?', '$status')}"; }
STARSHIP_PROMPT_COMMAND=': direnv' PROMPT_COMMAND=starship_precmd`,
      environment: { AWSH_NO_CD: '1' },
    });
    expect((await shell.run('cd dev')).shown).toBe('[dev] ');
    expect((await shell.run('false')).status).toBe(1);
  });

  it('survives set -e after a command that failed', async () => {
    const shell = await openHookShell('bash', { before: 'fired=; trap "fired=\\$fired+" ERR' });
    await shell.run('set -e');
    await shell.run('false && true');
    await shell.run('false || false && true');
    expect(await shell.output('echo alive')).toBe('alive');
  });

  it.skipIf(!array)('fires no ERR trap at a prompt', async () => {
    const shell = await openHookShell('bash', { before: 'trap "echo fired" ERR' });
    expect((await shell.run('false')).shown.match(/fired/g)).toHaveLength(1);
    expect((await shell.run('cd dev')).shown).not.toContain('fired');
  });
});

describe("the user's own cd in bash", () => {
  const kept: [string, string][] = [
    ['a function', 'cd() { builtin cd "$@" && echo "now in $PWD"; }'],
    ['an alias', "alias cd='cd -P'"],
  ];
  it.each(kept)('is kept: %s', async (_, before) => {
    const shell = await openHookShell('bash', { before });
    const { shown } = await shell.run('cd dev');
    if (before.startsWith('cd()')) expect(shown).toContain(`now in ${shell.home.path}/dev`);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('is not replaced if AWSH_NO_CD is set', async () => {
    const shell = await openHookShell('bash', { environment: { AWSH_NO_CD: '1' } });
    expect(await shell.output('type -t cd pushd popd')).toBe('builtin\nbuiltin\nbuiltin');
    await shell.run('cd dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });
});

describe('a directory that bash changes by itself', () => {
  it('by a key bound to a command: the hook loads before the next command', async () => {
    const shell = await openHookShell('bash', { after: `bind -x '"\\C-g": cd ~/dev'` });
    shell.press('^G');
    await shell.settle();
    expect(shell.gone).toBe(false);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('inside a completion function is not counted', async () => {
    const shell = await openHookShell('bash', {
      after: '_probe() { cd ~/dev; cd - >/dev/null; COMPREPLY=(probed); }; complete -F _probe probe',
    });
    shell.type('probe \t');
    await shell.waitFor('probed');
    expect(shell.kit.requests()).toEqual([]);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  it("keeps the user's TRAPINT", async () => {
    const shell = await openHookShell('zsh', { after: 'TRAPINT() { echo trapped; return 130 }' });
    const before = await shell.output('functions TRAPINT');
    await shell.run('cd dev; cd ../prod');
    expect(await shell.output('functions TRAPINT')).toBe(before);
    shell.type('sleep 20\r');
    await shell.settle();
    shell.press('^C');
    await shell.waitFor('trapped');
  });

  it('loads silently in a widget that changes the directory', async () => {
    const shell = await openHookShell('zsh', {
      after: "go() { cd ~/dev }; zle -N go; bindkey '^G' go",
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { lines: ['say loud'] })),
    });
    shell.press('^G');
    await shell.settle();
    expect(shell.shownSoFar()).not.toContain('loud');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('keeps precmd and chpwd functions, with direnv in front and the theme behind', async () => {
    const shell = await openHookShell('zsh', {
      before:
        'theme() { seen=$AWS_ACCESS_KEY_ID:$? }; _direnv_hook() { : }; precmd_functions=(_direnv_hook theme); chpwd_functions=(theme)',
    });
    expect(await shell.output('echo $precmd_functions / $chpwd_functions')).toBe(
      '__awsh_before _direnv_hook __awsh_precmd theme __awsh_draw / __awsh_chpwd theme __awsh_chpwd_late',
    );
    await shell.run('cd dev');
    expect(await shell.output('echo $seen')).toBe('ASIADEV:0');
  });

  it('does not count a cd inside a completion function', async () => {
    const shell = await openHookShell('zsh', {
      after:
        'autoload -Uz compinit; compinit -u; _probe() { cd ~/dev; cd - >/dev/null; compadd probed }; compdef _probe probe',
    });
    shell.type('probe \t');
    await shell.waitFor('probed');
    expect(shell.kit.requests()).toEqual([]);
  });
});
