# shellcheck shell=bash
#
# What the block that `awsh setup` adds to a bash start-up file sources: the hook; and the completion, but not before the
# first Tab, because a shell's start should not wait for what it may never need.

# ~/.profile is read by other shells, too.
[ -n "${BASH_VERSION-}" ] || return 0
case $- in *i*) ;; *) \return 0 ;; esac

__awsh_rc=${BASH_SOURCE[0]%/*}
# shellcheck source=shell/awsh.bash
\. "$__awsh_rc/awsh.bash"

# Loads the completion, which takes this function's place, and lets it answer the Tab that was pressed.
__awsh_tab_first() {
  # shellcheck source=completions/awsh.bash
  [[ -r $__awsh_rc/../completions/awsh.bash ]] && \. "$__awsh_rc/../completions/awsh.bash" && __awsh_tab "$@"
}
\complete -F __awsh_tab_first awsh
