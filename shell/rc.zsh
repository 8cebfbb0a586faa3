# Sourced by the block that `awsh setup` adds to .zshrc: loads the hook, and adds the completion to
# fpath, from where zsh loads it at the first Tab, so that a shell starts faster.

[[ -o interactive ]] || return 0

__awsh_rc=${${(%):-%x}:h}
'builtin' 'source' "$__awsh_rc/awsh.zsh"

# If compinit runs later, it finds the completion by itself.
[[ ":$FPATH:" == *":${__awsh_rc:h}/completions:"* ]] || fpath+=("${__awsh_rc:h}/completions")
'builtin' 'autoload' '-Uz' _awsh
if typeset -f compdef >/dev/null; then
  compdef _awsh awsh
else
  # Only zsh's older completion calls this, if compinit has not been run when Tab is pressed.
  __awsh_tab_hint() {
    'builtin' 'unfunction' '__awsh_tab_hint'
    'builtin' 'compctl' '+' 'awsh'
    'builtin' 'zle' '-M' 'awsh: Tab needs compinit in this zsh; next: add to ~/.zshrc: autoload -Uz compinit && compinit'
  }
  'builtin' 'compctl' '-K' '__awsh_tab_hint' 'awsh'
fi
'builtin' 'unset' '__awsh_rc'
