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
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';

const compinit = 'autoload -Uz compinit && compinit -u -D';

describe.skipIf(!has('zsh'))('Tab in zsh', () => {
  it('leaves matching to zsh, as the user has configured it', async () => {
    const shell = await openCompletingShell('zsh', homeWithConfig(), {
      rc: "zstyle ':completion:*' matcher-list 'm:{A-Z}={a-z}'",
    });
    expect(await completed(shell, 'awsh exec TW\t')).toBe('<exec><two words>');
  });

  it('cuts what does not fit on a line, and describes profiles without an identity', async () => {
    const home = homeWithConfig();
    writeNames(
      home,
      { name: 'dev', who: `1111/${'Long'.repeat(100)}` },
      { name: 'a:b\\c' },
      { name: 'é', who: '2/x' },
    );
    const shell = await openCompletingShell('zsh', home);
    const shown = await listed(shell, 'awsh exec \t');
    expect(shown).toMatch(/^dev -- 1111\/LongLong/m);
    expect(shown).toMatch(/^a:b\\c *$/m);
    expect(shown).toMatch(/^é {3}-- 2\/x/m);
    expect(/^dev.*$/m.exec(shown)?.[0]).toHaveLength(299);
  });

  it('describes a thousand profiles, and lists only the names of more', async () => {
    const home = homeWithConfig();
    const names = Array.from({ length: 1001 }, (_, at) => `p${String(at).padStart(4, '0')}`);
    const shell = await openCompletingShell('zsh', home, { rc: 'LISTMAX=5000' });
    writeNames(home, ...names.slice(1).map((name) => ({ name, who: `1/${name}` })));
    expect(await listed(shell, 'awsh exec p\t')).toMatch(/^p0007 -- 1\/p0007/m);
    writeNames(home, ...names.map((name) => ({ name, who: `1/${name}` })));
    const shown = await listed(shell, 'awsh exec p\t');
    expect(shown).toMatch(/\bp0007 /);
    expect(shown).not.toContain('1/p0007');
  });

  it.each([
    [
      'its own function',
      '_greet() { compadd "hello-$words[1]-$CURRENT" }; compdef _greet greet; greet() { : }',
      'awsh exec dev -- greet hel\t',
      '<exec><dev><--><greet><hello-greet-2>',
    ],
    [
      'its own options',
      '_greet() { _arguments "--loudly[x]" }; compdef _greet greet; greet() { : }',
      'awsh exec --no-session -d 1h dev -- greet --lou\t',
      '<exec><--no-session><-d><1h><dev><--><greet><--loudly>',
    ],
    [
      'its own options, without --',
      '_greet() { _arguments "--loudly[x]" }; compdef _greet greet; greet() { : }',
      'awsh exec dev greet --lou\t',
      '<exec><dev><greet><--loudly>',
    ],
  ])('completes the command of exec by %s', async (_, rc, typed, line) => {
    const load = `${compinit}; . '${completions}/_awsh'; ${rc}`;
    const shell = await openCompletingShell('zsh', homeWithConfig(), { load });
    expect(await completed(shell, typed)).toBe(line);
  });

  it.each([
    'setopt ksh_arrays',
    'setopt sh_word_split',
    'setopt no_unset',
    'setopt rc_quotes',
    'setopt no_nomatch null_glob',
    'setopt warn_create_global warn_nested_var',
    'setopt no_glob no_extended_glob',
    'typeset -F SECONDS',
  ])('works under %s', async (options) => {
    const home = homeWithConfig();
    const shell = await openCompletingShell('zsh', home, { rc: options });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh stat\t')).toBe('<status>');
    writeNames(home, { name: 'from names', who: '1/x' }, { name: 'other', stored: true });
    expect(await completed(shell, 'awsh exec from\t')).toBe('<exec><from names>');
    expect(await completed(shell, 'awsh rm o\t')).toBe('<rm><other>');
    expect(shell.received).not.toMatch(/_awsh.*:/);
  });

  const evaluated = `eval "$(cat '${completions}/_awsh')"`;
  it.each([
    ['a folder in fpath', `fpath=(~/functions $fpath); ${compinit}`],
    ['sourcing, before compinit', `. '${completions}/_awsh'; ${compinit}`],
    ['eval, after compinit', `${compinit}; ${evaluated}`],
    ['eval, before compinit', `${evaluated}; ${compinit}`],
    ['eval under ksh_arrays, before compinit', `setopt ksh_arrays; ${evaluated}; ${compinit}`],
    [
      'awsh setup’s line',
      `. '${packageFolder}/shell/rc.zsh'; ${compinit}; unfunction awsh; awsh() { printf '<%s>' "$@"; echo; }`,
    ],
  ])('is loaded by %s', async (_, load) => {
    const home = homeWithConfig();
    mkdirSync(join(home.path, 'functions'));
    copyFileSync(join(completions, '_awsh'), join(home.path, 'functions/_awsh'));
    const shell = await openCompletingShell('zsh', home, { load });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(shell.received).not.toContain('not found');
    expect(await shell.output('print -r -- $precmd_functions')).not.toContain('_awsh_register');
  });

  it('prints nothing if compinit is never run', async () => {
    const load = `. '${completions}/_awsh'; print loaded $?`;
    const shell = await openCompletingShell('zsh', homeWithConfig(), { load });
    expect(await shell.output('print again $?')).toBe('again 0');
    expect(shell.received).toContain('loaded 0');
    expect(shell.received).not.toMatch(/not found|_awsh:/);
  });
});
