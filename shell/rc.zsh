# What the block that `awsh setup` adds to .zshrc sources: the hook; and the completion, which zsh loads from fpath at the
# first Tab, because a shell's start should not wait for what it may never need.

[[ -o interactive ]] || return 0

__awsh_rc=${${(%):-%x}:h}
'builtin' 'source' "$__awsh_rc/awsh.zsh"

# A compinit that is still to come finds it there by itself.
[[ ":$FPATH:" == *":${__awsh_rc:h}/completions:"* ]] || fpath+=("${__awsh_rc:h}/completions")
'builtin' 'autoload' '-Uz' _awsh
if typeset -f compdef >/dev/null; then
  compdef _awsh awsh
else
  # Only zsh's older completion calls this: compinit has not been run when Tab is pressed.
  __awsh_tab_hint() {
    'builtin' 'unfunction' '__awsh_tab_hint'
    'builtin' 'compctl' '+' 'awsh'
    'builtin' 'zle' '-M' 'awsh: Tab needs compinit in this zsh; next: add to ~/.zshrc: autoload -Uz compinit && compinit'
  }
  'builtin' 'compctl' '-K' '__awsh_tab_hint' 'awsh'
fi
'builtin' 'unset' '__awsh_rc'
