# What the block that `awsh setup` adds to .zshrc sources: the hook; and the completion, which zsh loads from fpath at the
# first Tab, because a shell's start should not wait for what it may never need.

[[ -o interactive ]] || return 0

__awsh_rc=${${(%):-%x}:h}
'builtin' 'source' "$__awsh_rc/awsh.zsh"

# A compinit that is still to come finds it there by itself.
[[ ":$FPATH:" == *":${__awsh_rc:h}/completions:"* ]] || fpath+=("${__awsh_rc:h}/completions")
'builtin' 'autoload' '-Uz' _awsh
if typeset -f compdef >/dev/null; then compdef _awsh awsh; fi
'builtin' 'unset' '__awsh_rc'
