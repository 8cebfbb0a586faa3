# shellcheck shell=bash
#
# Sourced by the block that `awsh setup` adds to a bash start-up file: loads the hook, and the
# completion at the first Tab, so that a shell starts faster.

# Other shells read ~/.profile, too.
[ -n "${BASH_VERSION-}" ] || return 0
case $- in *i*) ;; *) \return 0 ;; esac

__awsh_rc=${BASH_SOURCE[0]%/*}
# shellcheck source=shell/awsh.bash
\. "$__awsh_rc/awsh.bash"

# Loads the completion, which replaces this function, and lets it answer the Tab that was pressed.
__awsh_tab_first() {
  # shellcheck source=completions/awsh.bash
  [[ -r $__awsh_rc/../completions/awsh.bash ]] && \. "$__awsh_rc/../completions/awsh.bash" && __awsh_tab "$@"
}
\complete -F __awsh_tab_first awsh
