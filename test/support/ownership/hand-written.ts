import type { ToolLines } from './shells.ts';

/* Tools written by a user, which do not know awsh and which awsh does not know. */

const posixVirtualenv = `
__venv_set() { eval "__venv_had_$1=\\\${$1+set} __venv_old_$1=\\\${$1-}"; export "$1=$2"; }
__venv_back() { eval "if [ -n \\"\\$__venv_had_$1\\" ]; then export $1=\\"\\$__venv_old_$1\\"; else unset $1; fi"; }
activate() { __venv_set AWS_PROFILE venv; __venv_set AWS_REGION ap-south-1; }
deactivate() { __venv_back AWS_PROFILE; __venv_back AWS_REGION; }
activate_keys() { __venv_set AWS_ACCESS_KEY_ID AKIAVENV; __venv_set AWS_SECRET_ACCESS_KEY venv-secret; __venv_set AWS_SESSION_TOKEN venv-token; }
deactivate_keys() { __venv_back AWS_ACCESS_KEY_ID; __venv_back AWS_SECRET_ACCESS_KEY; __venv_back AWS_SESSION_TOKEN; }
`;

/** Like a virtualenv: `activate` saves what it replaces, and `deactivate` restores it. */
export const virtualenv: ToolLines = {
  bash: posixVirtualenv,
  zsh: posixVirtualenv,
  fish: `
function __venv_set; set -q $argv[1]; and set -g __venv_old_$argv[1] $$argv[1]; or set -eg __venv_old_$argv[1]; set -gx $argv[1] $argv[2]; end
function __venv_back; set -l old __venv_old_$argv[1]; set -q $old; and set -gx $argv[1] $$old; or set -eg $argv[1]; end
function activate; __venv_set AWS_PROFILE venv; __venv_set AWS_REGION ap-south-1; end
function deactivate; __venv_back AWS_PROFILE; __venv_back AWS_REGION; end
function activate_keys; __venv_set AWS_ACCESS_KEY_ID AKIAVENV; __venv_set AWS_SECRET_ACCESS_KEY venv-secret; __venv_set AWS_SESSION_TOKEN venv-token; end
function deactivate_keys; __venv_back AWS_ACCESS_KEY_ID; __venv_back AWS_SECRET_ACCESS_KEY; __venv_back AWS_SESSION_TOKEN; end
`,
};

const posixSnapshots = `
__snap_dir= __snap_saved=
__snap_hook() {
  local d= n
  [ ! -f "$PWD/.snap" ] || d=$PWD
  [ "$d" != "$__snap_dir" ] || return 0
  if [ -n "$__snap_dir" ]; then
    for n in $(command env | sed -n 's/^\\(AWS[A-Z_]*\\)=.*/\\1/p'); do unset "$n"; done
    eval "$__snap_saved"
  fi
  __snap_dir=$d
  [ -n "$d" ] || return 0
  __snap_saved=$(export -p | sed -n 's/^declare -x AWS/export AWS/p; /^export AWS/p')
  source "$d/.snap"
}
`;

/**
 * Saves all exported AWS* variables in a folder with a file `.snap`, sources that file, and
 * restores the variables when the shell leaves the folder.
 */
export const snapshots: ToolLines = {
  bash: `${posixSnapshots}PROMPT_COMMAND="__snap_hook\${PROMPT_COMMAND:+;$PROMPT_COMMAND}"`,
  zsh: `${posixSnapshots}autoload -Uz add-zsh-hook; add-zsh-hook precmd __snap_hook; add-zsh-hook chpwd __snap_hook`,
  fish: `
set -g __snap_dir ''
function __snap_hook --on-event fish_prompt --on-variable PWD
  set -l d ''
  test -f "$PWD/.snap"; and set d "$PWD"
  test "$d" = "$__snap_dir"; and return
  if test -n "$__snap_dir"
    for n in (set --names -x | string match 'AWS*'); set -eg $n; end
    for line in $__snap_saved; set -l pair (string split -m 1 = -- $line); set -gx $pair[1] $pair[2]; end
  end
  set -g __snap_dir $d
  test -n "$d"; or return
  set -g __snap_saved (command env | string match 'AWS*')
  source "$d/.snap"
end
`,
};
