import { describe, expect, it } from 'vitest';
import { type HookShell, type HookShellName, openHookShell } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { plainText } from '../support/terminal.ts';

/*
 * Settings that users or frameworks may have. Each is in the rc file before the line that sources
 * the hook, so it applies while the hook is parsed and while it runs.
 */

const bashSettings: [string, string][] = [
  ['set -u', 'set -u'],
  ['set -e', 'set -e'],
  ['set -euo pipefail', 'set -euo pipefail'],
  ['noglob', 'set -f'],
  ['noclobber', 'set -C'],
  ['keyword assignments', 'set -k'],
  ['physical cd', 'set -P'],
  ['no brace expansion', 'set +B'],
  ['posix mode', 'set -o posix'],
  ['an ERR trap with errtrace', "set -E; trap ': err' ERR"],
  ['a DEBUG trap with functrace', "set -T; trap ': debug' DEBUG"],
  ['extdebug', 'shopt -s extdebug'],
  ['nocasematch', 'shopt -s nocasematch'],
  ['failglob', 'shopt -s failglob'],
  ['nullglob, dotglob and extglob', 'shopt -s nullglob dotglob extglob'],
  ['IFS of odd characters', "IFS=' /:ADE1'"],
  ['a read-only IFS', 'readonly IFS'],
  ['an empty IFS', 'IFS='],
  [
    'read-only variables with everyday names',
    'readonly name=x file=x dir=x i=x value=x key=x status=x line=x text=x',
  ],
  ['a read-only PS1', 'readonly PS1'],
  ['a read-only PROMPT_COMMAND', 'PROMPT_COMMAND=; readonly PROMPT_COMMAND'],
  ['CDPATH', 'CDPATH=.:/usr'],
  ['GLOBIGNORE', "GLOBIGNORE='*'"],
  ['a short TMOUT for read', 'TMOUT=600'],
  ['aliases over builtins', aliases('read local export unset printf set return shopt declare test builtin')],
  ['functions over builtins', functions('read printf unset export test true')],
  ['integer variables', 'declare -i AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN'],
  ['a changed SECONDS, LINENO and RANDOM', 'unset SECONDS RANDOM LINENO EPOCHSECONDS'],
  ['the C locale', 'LC_ALL=C'],
  ['allexport', 'set -a'],
  ['no hashing of commands', 'set +h'],
  ['no history expansion', 'set +H'],
  ['no job control', 'set +m'],
  ['immediate news of jobs', 'set -b'],
  ['vi mode', 'set -o vi'],
  ['no history', 'set +o history'],
  ['nocaseglob', 'shopt -s nocaseglob'],
  ['an echo that knows escapes', 'shopt -s xpg_echo'],
  ['autocd, cdspell and cdable_vars', 'shopt -s cdspell cdable_vars; shopt -s autocd 2>/dev/null'],
  ['globstar and lastpipe', 'shopt -s globstar lastpipe 2>/dev/null'],
  ['inherit_errexit', 'shopt -s inherit_errexit 2>/dev/null; set -e'],
  ['no extquote', 'shopt -u extquote'],
  ['no patsub_replacement', 'shopt -u patsub_replacement 2>/dev/null'],
  ['locals that inherit, and hide', 'shopt -s localvar_inherit localvar_unset 2>/dev/null'],
  ['array subscripts that are expanded once', 'shopt -s assoc_expand_once 2>/dev/null'],
  ['the manners of bash 3.1', 'shopt -s compat31'],
  ['the manners of bash 4.2', 'BASH_COMPAT=4.2'],
  ['POSIXLY_CORRECT', 'POSIXLY_CORRECT=1'],
  ['an array that is read-only for PROMPT_COMMAND', 'PROMPT_COMMAND=(: :); readonly PROMPT_COMMAND'],
  ['an array', 'AWS_PROFILE=(a b)'],
  ['capitals alone', 'declare -u AWSH_PROFILE 2>/dev/null; declare -l AWS_ACCESS_KEY_ID 2>/dev/null'],
  ['a PS0 and a PS4', "PS0='$(true)' PS4='$(echo oops >&2)+ '"],
  ['no HOME', 'unset HOME'],
];

const zshSettings: [string, string][] = [
  ...'ksh_arrays sh_word_split no_unset glob_subst no_glob null_glob csh_null_glob no_nomatch posix_identifiers posix_builtins \
posix_aliases posix_strings ksh_glob sh_glob ksh_typeset ignore_braces ignore_close_braces csh_junkie_quotes csh_junkie_loops \
rc_quotes rc_expand_param all_export no_clobber no_multios warn_create_global warn_nested_var extended_glob no_equals \
no_bare_glob_qual prompt_subst typeset_silent no_function_argzero octal_zeroes no_multibyte chase_links \
auto_pushd pushd_silent cdable_vars err_return no_short_loops bash_rematch ksh_zero_subscript hist_subst_pattern no_bg_nice \
local_options local_traps traps_async \
posix_cd posix_jobs posix_traps posix_argzero chase_dots auto_cd no_hash_cmds no_case_glob no_case_match glob_dots \
mark_dirs numeric_glob_sort ksh_autoload share_history no_notify prompt_bang transient_rprompt vi single_line_zle \
debug_before_cmd c_bases force_float magic_equal_subst path_dirs pushd_to_home'
    .split(' ')
    .map((option): [string, string] => [option, `setopt ${option} 2>/dev/null`]),
  ['err_exit', 'setopt err_exit'],
  ['emulate sh', 'emulate sh'],
  ['emulate ksh', 'emulate ksh'],
  ['IFS of odd characters', "IFS=' /:ADE1'"],
  ['a read-only IFS', 'readonly IFS'],
  [
    'read-only variables with everyday names',
    'readonly name=x file=x dir=x i=x value=x key=x line=x text=x reply=x',
  ],
  ['aliases over builtins', aliases('read local export unset print setopt return typeset builtin emulate')],
  ['global aliases', "alias -g name='oops' local='oops' then='oops' file='oops'"],
  ['functions over builtins', functions('read print unset export true')],
  ['the C locale', 'LC_ALL=C'],
  ['a TRAPINT and a TRAPDEBUG', 'TRAPINT() { return 130 }; TRAPDEBUG() { : }'],
  ['a short TMOUT', 'TMOUT=600'],
  ['an array', 'AWS_PROFILE=(a b)'],
  ['capitals alone', 'typeset -u AWSH_PROFILE; typeset -l AWS_ACCESS_KEY_ID'],
  ['no HOME', 'unset HOME'],
];

const fishSettings: [string, string][] = [
  ['an empty IFS', "set -g IFS ''"],
  ['IFS of odd characters', "set -g IFS ' /:ADE1'"],
  ['vi mode', 'fish_vi_key_bindings; function fish_mode_prompt; end'],
  ['tracing into nothing', "set -g fish_trace ''"],
  ['no limit, then a small one, to what is read', 'set -g fish_read_limit 2000'],
  [
    'everything exported by a parent',
    'set -gx __awsh_mode pin; set -gx __awsh_hook /x; set -gx __awsh_names PATH',
  ],
  [
    'everyday names',
    'set -g name x; set -g file x; set -g text x; set -g value x; set -g line x; set -g each x',
  ],
  [
    'everyday names that are exported',
    'set -gx name x; set -gx file x; set -gx text x; set -gx value x; set -gx now x; set -gx quiet x; set -gx place x; \
set -gx argv x; set -gx given x; set -gx IFS x; set -gx __awsh_words x',
  ],
  [
    'functions over commands',
    // fish's own functions would fail with more of them.
    'math realpath path emit date id tty cat bash env'
      .split(' ')
      .map((name) => `function ${name}; builtin echo oops; end`)
      .join('\n'),
  ],
  [
    'abbreviations and aliases',
    "abbr -g string 'echo oops'; alias ls 'ls -l'; alias string2 'echo oops'; alias awsh 'echo oops'",
  ],
  ['a cd of the person', 'function cd; builtin cd $argv; and set -g went $went x; end'],
  ['path variables', 'set -gx --path AWS_REGION a b; set -gx --path AWSH_PROFILE x:y'],
  ['the C locale', 'set -gx LC_ALL C'],
  ['a CDPATH', 'set -g CDPATH . /usr'],
  [
    'other handlers',
    'function mine --on-event fish_prompt; return 9; end; function gone --on-variable PWD; false; end',
  ],
];

function aliases(names: string): string {
  return names
    .split(' ')
    .map((name) => `alias ${name}='echo oops'`)
    .join('\n');
}

function functions(names: string): string {
  return names
    .split(' ')
    .map((name) => `function ${name} { echo oops; }`)
    .join('\n');
}

async function worksAsUsual(shell: HookShell): Promise<void> {
  expect(plainText(shell.received)).not.toMatch(/oops|awsh|rror|not found|readonly|read-only/);
  expect(await shell.output('cd dev && echo "<${AWS_ACCESS_KEY_ID-}>"')).toMatch(/^(.*\n)*<ASIADEV>$/);
  expect(await shell.output('echo "<${AWSH_SEGMENT-}>"')).toBe('<dev 50m>');
  expect((await shell.run('false && false || (exit 3) && :')).status).toBe(3);
  expect(await shell.output('cd ../prod && echo "<${AWS_ACCESS_KEY_ID-}>"')).toMatch(/^(.*\n)*<ASIAPROD>$/);
  const left = await shell.run('cd ../none && echo "<${AWS_ACCESS_KEY_ID-}${AWSH_LOADED-}>"');
  expect(left.shown).toMatch(/^(.*\n)*<>\n/);
  expect(left.shown).not.toMatch(/oops|awsh:|rror|not found|readonly|read-only/);
  expect((await shell.run(':')).shown).toMatch(/^\S* ?$/);
  expect(shell.gone).toBe(false);
}

const shells: [HookShellName, [string, string][]][] = [
  ['bash', bashSettings],
  ['zsh', zshSettings],
  ['fish', fishSettings],
];

for (const [name, settings] of shells) {
  describe.skipIf(name !== 'bash' && !has(name))(`the hook in ${name} works under`, () => {
    it.each(settings)('%s', async (_, before) => {
      const shell = await openHookShell(name, { before });
      await worksAsUsual(shell);
    });
  });
}
