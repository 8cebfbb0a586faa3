# shellcheck shell=bash
#
# awsh's hook for bash 3.2 and newer. Before each prompt and after each cd, the shell holds the
# credentials of the profile that the directory file (.awsprofile) names. Source it from ~/.bashrc;
# `awsh setup` adds the line.
#
# Rules for this code:
# - While nothing changes it uses builtins only: no fork, and no file is written.
# - Nothing read from a file, the environment or a reply is ever evaluated, or used in arithmetic
#   before it is known to be a number.
# - A directory file without a usable answer means `blocked`, never the credentials of the previous
#   directory.
# - The user's state stays as it was: $?, $_, PIPESTATUS, options, traps, IFS, history, jobs.
# - Code that runs at a prompt or a cd never contains a=(...). bash parses such a list with the
#   parser of the command line. If ^C interrupts it, bash continues to read from there, runs what it
#   finds, and exits at its end.
# - No subscript contains a $. bash 3.2 and 4.0 split such a subscript by the user's IFS, and IFS
#   may contain digits.
#
# __awsh_* are this shell's state (never exported) and functions. Locals begin with _a_, because
# `local x` fails if the user has a read-only x. A comment says which functions share their caller's
# locals.
#
# This file is the core, which every shell needs: it finds out whether there is anything to do. The
# code that does it is in awsh-rest.bash, which is sourced when it is first needed
# (__awsh_load_rest). The wire format is in src/shell/wire-format.ts.

case $- in *i*) ;; *) \return 0 ;; esac

# A restricted shell can neither cd nor start the launcher, and it prints an error for each
# redirection.
! \shopt -q restricted_shell || \return 0

# Sourced again in the same shell: the state is still valid, but the rc file may have set
# PROMPT_COMMAND again.
if [ "${__awsh_shell-}" = "$$" ] && \declare -F __awsh_prompt >/dev/null; then
  __awsh_run __awsh_load_rest && __awsh_run __awsh_register_again
  \return 0
fi

# Turn off two options while this file is parsed: aliases would be expanded, and allexport would
# export our state and functions.
__awsh_aside=
if \shopt -q expand_aliases; then
  \shopt -u expand_aliases
  __awsh_aside=aliases
fi
case $- in *a*)
  set +a
  __awsh_aside+=' allexport'
  ;;
esac

__awsh_lf=$'\n'

# Sets _a_now, in epoch seconds, if EPOCHSECONDS is not bash 5's own. %(%s)T needs bash 4.2.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
  __awsh_clock() { builtin printf -v _a_now '%(%s)T' -1; }
else
  __awsh_clock() { _a_now=$((__awsh_born + SECONDS)); }
fi

# <fixed-variables: npm run generate>
# Fixed when the hook is sourced (src/shell/fixed-environment.ts).
__awsh_fixable=(
  HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
  AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY
  NO_PROXY http_proxy https_proxy all_proxy no_proxy DBUS_SESSION_BUS_ADDRESS GNUPGHOME
  PASSWORD_STORE_DIR PATH USER LOGNAME SHELL TMPDIR TERM TERMINFO TERMINFO_DIRS COLORTERM
  NO_COLOR LANG LANGUAGE LC_ALL LC_ADDRESS LC_COLLATE LC_CTYPE LC_IDENTIFICATION
  LC_MEASUREMENT LC_MESSAGES LC_MONETARY LC_NAME LC_NUMERIC LC_PAPER LC_TELEPHONE LC_TIME TZ
  DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_CURRENT_DESKTOP BROWSER GPG_TTY GPG_AGENT_INFO
  PINENTRY_USER_DATA SSH_AUTH_SOCK PASSWORD_STORE_KEY PASSWORD_STORE_GPG_OPTS
  PASSWORD_STORE_SIGNING_KEY PASSWORD_STORE_UMASK NODE_EXTRA_CA_CERTS SSL_CERT_FILE
  SSL_CERT_DIR CI AWSH_AGENT
)

# What another tool may claim (src/shell/managed-variables.ts). Each is known by its place in the list.
__awsh_claimable=(
  AWS_PROFILE AWS_ACCESS_KEY_ID AWS_REGION AWS_DEFAULT_REGION AWS_DEFAULT_PROFILE
  AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
)
# </fixed-variables>

# <outdated: npm run generate>
__awsh_text_outdated='awsh was upgraded after this shell was started, and parts of two versions do not work together'
# </outdated>

# Notes the values of the variables that another tool could set, and the marks of direnv and mise.
__awsh_look_around() {
  local _a_i _a_name
  for _a_i in "${!__awsh_claimable[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    __awsh_seen[_a_i]=${!_a_name-}
  done
  __awsh_seen_direnv=${DIRENV_DIFF-} __awsh_seen_mise=${__MISE_DIFF-}
}

# --- the directory file ---------------------------------------------------------------------------

# Lists the files that could be the directory file of $PWD, nearest first, up to the first that
# exists. If none exists, lists all of them and an empty entry at the end. Runs once for each
# directory. __awsh_listed is set only when the list is complete: with half a list after ^C, the
# credentials of the previous directory would stay.
__awsh_list_files() {
  local _a_file=${PWD%/}/.awsprofile _a_count=0
  __awsh_listed=-
  builtin unset -v __awsh_files
  if [[ $PWD == /* ]]; then
    while [[ ! -e $_a_file && ! -L $_a_file && $_a_file == /?*/.awsprofile ]]; do
      __awsh_files[_a_count++]=$_a_file
      _a_file=${_a_file%/*/.awsprofile}/.awsprofile
    done
    __awsh_files[_a_count++]=$_a_file
  fi
  [[ $PWD == /* && (-e $_a_file || -L $_a_file) ]] || __awsh_files[_a_count]=''
  __awsh_listed=$PWD
}

# Reads the directory file into _a_text, but only if no other user can replace it; else _a_text is a
# word that gives the reason. Another user could replace the file with a FIFO after the check, and
# opening a FIFO waits for ever. Node or the agent checks this and reports it with its answer
# (`shared 1`), so the file is not read before the first answer. Shares __awsh_check's locals.
__awsh_read_file() {
  _a_text=unreadable
  [[ -f $_a_file && -r $_a_file ]] || return 0
  _a_text=unread
  [[ -O $_a_file && $__awsh_closed_files == *"$__awsh_lf$_a_file$__awsh_lf"* ]] || return 0
  __awsh_closed=$_a_file
  builtin read -r -n 513 -d '' -u 9 9<"$_a_file"
  _a_text="$? $REPLY"
}

# --- idle prompts ---------------------------------------------------------------------------------

# Runs before each prompt and after each cd. Does nothing unless the directory, its file, or a
# variable set by others has changed since the last look, or the time for the next look has come.
# The nearest .awsprofile counts, whatever type of file it is. At most 513 bytes of it are read, one
# more than the limit of 512. The status of `read` before the text tells a whole file (1) from one
# that is longer or contains a NUL (0). The file is never opened as this shell's stdin, because
# after ^C the shell would read commands from it. All of this is in one function, because calls are
# most of the cost of an idle prompt. $1 is 1 if nothing may be printed or asked. $2 is a line to
# add to the request of an explicit command (refresh 1). Returns what `awsh use` returns.
__awsh_check() {
  local _a_now=${EPOCHSECONDS-} _a_file='' _a_text='' REPLY=''
  [[ $__awsh_epoch && $_a_now ]] || __awsh_clock
  if [[ $__awsh_mode == auto ]]; then
    # shellcheck disable=SC2128 # the first of them
    if [[ ${PWD-} == "$__awsh_listed" && $__awsh_files == "$__awsh_closed" && -f $__awsh_files && -r $__awsh_files && -O $__awsh_files ]]; then
      _a_file=$__awsh_files
      builtin read -r -n 513 -d '' -u 9 9<"$_a_file"
      _a_text="$? $REPLY"
    else
      [[ ${PWD-} == "$__awsh_listed" ]] || __awsh_list_files
      for _a_file in "${__awsh_files[@]}"; do [[ ! -e $_a_file && ! -L $_a_file ]] || break; done
      [[ ! $_a_file ]] || __awsh_find_other_file
    fi
  else
    __awsh_watch_choice
  fi
  # While awsh is locked the text differs from every file's, so what was loaded is taken out, and
  # Node reports why.
  [[ ! -e $__awsh_lock && ! -O $__awsh_lock_too ]] || _a_text=" locked $_a_text"
  # shellcheck disable=SC2153 # not AWSH_PROFILE
  if [[ ${2-} || $AWS_PROFILE\ $AWS_ACCESS_KEY_ID\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}$AWS_ENDPOINT_URL\ $_a_file\ $_a_text != "$__awsh_settled" ]] ||
    ((_a_now < __awsh_looked || _a_now >= __awsh_next)); then
    __awsh_look "$1" "${2-}"
  fi
}

# Finds the directory file if it is not the last one read, or if that one has gone and another may
# apply further up. Separate from __awsh_check, because bash copies a function's body at each call.
# Shares __awsh_check's locals.
__awsh_find_other_file() {
  if [[ ! -e $_a_file && ! -L $_a_file ]]; then
    __awsh_list_files
    for _a_file in "${__awsh_files[@]}"; do [[ ! -e $_a_file && ! -L $_a_file ]] || break; done
  fi
  [[ -z $_a_file ]] || __awsh_read_file
}

# The long look of a shell that has had no profile yet. If this directory asks for one, or if a tool
# that sets variables runs here, it sources awsh-rest.bash, whose __awsh_look replaces this one.
# Shares __awsh_check's locals.
__awsh_look() {
  # This function still exists, so awsh-rest.bash has not been sourced to its end.
  __awsh_settled='' __awsh_whole=''
  if [[ $_a_file$__awsh_open$__awsh_stopped ]]; then
    if __awsh_load_rest; then
      [[ ! $__awsh_stopped ]] || __awsh_go_on
      __awsh_look "$@"
      return
    fi
    __awsh_open=''
    if [[ ! $_a_file ]]; then
      __awsh_go_on
    else
      [[ $__awsh_stopped ]] || __awsh_stop
      [[ $1 ]] || __awsh_refuse
    fi
  fi
  [[ $__awsh_stopped ]] || builtin unset -v AWSH_SEGMENT AWSH_LOADED AWSH_SAVED
  __awsh_identity=$AWS_PROFILE\ $AWS_ACCESS_KEY_ID __awsh_looked=$_a_now __awsh_next=999999999999
  __awsh_settled=$__awsh_identity\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}$AWS_ENDPOINT_URL\ $_a_file\ $_a_text
}

# --- the second file ------------------------------------------------------------------------------

# Sources awsh-rest.bash, once. Fails if that file was not installed with this one: parts of two
# versions must never be in one shell. $1 is AWSH_SAVED while the hook itself is being sourced.
# Aliases are off in the meantime, because they would be expanded. After ^C the next prompt restores
# them, with the other options.
__awsh_load_rest() {
  [[ -z $__awsh_whole ]] || return 0
  # The version word of both files (npm run generate).
  local _a_word=6ce3717668df _a_flags=$__awsh_flags
  __awsh_flags=${__awsh_flags:-$-}
  if builtin shopt -q expand_aliases; then __awsh_aliases=1 && builtin shopt -u expand_aliases; fi
  # shellcheck source=shell/awsh-rest.bash
  [[ ! -f $__awsh_rest_file || ! -r $__awsh_rest_file ]] || builtin . "$__awsh_rest_file" "${1-}" 2>/dev/null || :
  if [[ $__awsh_aliases ]]; then builtin shopt -s expand_aliases && __awsh_aliases=''; fi
  __awsh_flags=$_a_flags
  [[ $__awsh_whole ]]
}

# Prints why this shell loads nothing although a profile was asked for.
__awsh_refuse() {
  local _a_why=$__awsh_text_outdated
  [[ -f $__awsh_rest_file && -r $__awsh_rest_file ]] || _a_why="${__awsh_rest_file//[[:cntrl:]]/?} cannot be read"
  builtin printf 'awsh: %s\n  why:  %s\n  next: %s\n' 'this shell cannot load a profile' "$_a_why" 'exec bash' >&2
}

# Blocks AWS here, because this directory asks for a profile that cannot be loaded. The user's own
# values are kept, and child shells learn of them (src/shell/unloaded-environment.ts).
__awsh_stop() {
  local _a_name _a_saved='' _a_count=0 _a_exported
  __awsh_stopped=1
  _a_exported=$__awsh_lf$(\builtin compgen -e)$__awsh_lf
  for _a_name in "${__awsh_claimable[@]}" AWS_EC2_METADATA_DISABLED; do
    [[ $_a_name != *REGION && $_a_exported == *"$__awsh_lf$_a_name$__awsh_lf"* ]] || continue
    __awsh_put_aside[_a_count++]=$_a_name=${!_a_name}
    [[ ${!_a_name} == *[%[:cntrl:]]* ]] || _a_saved+="was $_a_name ${!_a_name}$__awsh_lf"
    builtin unset -v "$_a_name"
  done
  _a_saved+="now AWS_PROFILE awsh-blocked${__awsh_lf}now AWS_EC2_METADATA_DISABLED true"
  builtin export "AWS_PROFILE=awsh-blocked" "AWS_EC2_METADATA_DISABLED=true" "AWSH_SEGMENT=blocked" \
    "AWSH_LOADED=1 blocked $EUID - -" "AWSH_SAVED=$_a_saved"
  __awsh_shown='blocked '
}

# Undoes the changes of __awsh_stop.
__awsh_go_on() {
  builtin unset -v AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_SEGMENT AWSH_LOADED AWSH_SAVED
  # shellcheck disable=SC2163 # each NAME=VALUE
  [[ ! ${__awsh_put_aside+set} ]] || builtin export "${__awsh_put_aside[@]}"
  builtin unset -v __awsh_put_aside
  __awsh_stopped='' __awsh_shown=''
}

# --- the segment ----------------------------------------------------------------------------------

# Adds the reference to PS1 if there is something to show, and removes it if there is not. Does not
# touch PS1 if a theme has an AWS segment of its own, or if PS1 already contains AWSH_SEGMENT.
__awsh_mark_prompt() {
  # shellcheck disable=SC2016 # PS1 gets the reference, never the text.
  local _a_mark='${__awsh_shown-}' _a_ps1=${PS1-}
  if [[ -z $__awsh_shown ]]; then
    _a_ps1=${_a_ps1#"$_a_mark"}
  elif [[ $_a_ps1 != *"$_a_mark"* && $_a_ps1 != *AWSH_SEGMENT* ]] && shopt -q promptvars &&
    ! declare -F starship_precmd >/dev/null && ! declare -F _omp_hook >/dev/null; then
    _a_ps1=$_a_mark$_a_ps1
  fi
  [[ ${PS1-} == "$_a_ps1" ]] || builtin printf -v PS1 %s "$_a_ps1" 2>/dev/null
  __awsh_drawn=${__awsh_shown:+1}${PS1-}
}

# --- registration ---------------------------------------------------------------------------------

# Runs one of our functions with the user's options turned off: no secret is traced, errexit ends no
# shell, and names match by case. After ^C the next prompt restores the options. `local -` would do
# the same, but in bash 4.4 it also turns on history and aliases while an rc file is read.
__awsh_run() {
  # Most shells have none of these options set, and none left over from ^C. A small a equals a large
  # A only under nocasematch.
  # shellcheck disable=SC2050
  if [[ $- != *[aefkuvxET]* && a != A && -z $__awsh_flags${FUNCNEST-} ]]; then
    "$@"
    return
  fi
  # The environment of a directory may have limited the depth of function calls. Beyond the limit
  # bash would leave a change half done and stderr redirected.
  local _a_status "FUNCNEST="
  { __awsh_flags=${__awsh_flags:-$-} && builtin set +aefkuvxET; } 2>/dev/null
  # shellcheck disable=SC2050
  if [[ a == A ]]; then
    shopt -u nocasematch
    __awsh_nocasematch=1
  fi
  "$@"
  _a_status=$?
  __awsh_put_options_back
  return "$_a_status"
}

__awsh_put_options_back() {
  local _a_flag
  if [[ $__awsh_nocasematch ]]; then
    shopt -s nocasematch
    __awsh_nocasematch=''
  fi
  if [[ $__awsh_aliases ]]; then
    builtin shopt -s expand_aliases
    __awsh_aliases=''
  fi
  for _a_flag in a f k u v E T e; do
    [[ ${__awsh_flags/$_a_flag/} == "$__awsh_flags" ]] || builtin set "-$_a_flag"
  done
  {
    # Last, so that nothing above is traced.
    case $__awsh_flags in *x*) builtin set -x ;; esac
    __awsh_flags=''
  } 2>/dev/null
}

# Runs before each prompt.
__awsh_prompt() {
  # Quoted because `set -k` takes unquoted assignments away from their command.
  local "_a_before=$?" "FUNCNEST="
  # Does what __awsh_run does with one call less. Rare cases are in another function, because bash
  # copies a function's body at each call.
  # shellcheck disable=SC2050
  if [[ $- == *[aefkuvxET]* || a == A || $__awsh_flags || ${#PROMPT_COMMAND} != "$__awsh_joined" ]]; then
    __awsh_prompt_with_others
  else
    __awsh_check ''
  fi
  # Between the elements of an array bash restores $? itself. Within one string this function has
  # to, except under errexit, which would then end the shell.
  # shellcheck disable=SC2154
  [[ $_a_before == 0 || ${PROMPT_COMMAND[__awsh_at]-} == __awsh_prompt || $- == *e* ]] || return "$_a_before"
}

# Used at the first prompt, if options have to be turned off, with bash-preexec, and if something
# else runs before the prompt.
__awsh_prompt_with_others() {
  if [[ ${bash_preexec_imported-}${__bp_imported-} && -z ${FUNCNAME[2]-} ]]; then
    # bash-preexec was loaded after awsh and runs themes before the original PROMPT_COMMAND. Move in
    # front of them.
    [[ " ${precmd_functions[*]-} " == *__awsh_prompt* ]] || __awsh_register
    return 0
  fi
  [[ "${PROMPT_COMMAND[*]-} ${precmd_functions[*]-}" == "$__awsh_joined_all" ]] || __awsh_join
  __awsh_run __awsh_check "$__awsh_hush" || :
  __awsh_hush=''
}

# Runs after everything else in PROMPT_COMMAND, because a theme may have built PS1 again.
__awsh_draw() {
  [[ ${AWS_PROFILE-}\ ${AWS_ACCESS_KEY_ID-}\ ${__awsh_shown:+1}${PS1-} == "$__awsh_identity $__awsh_drawn" ]] ||
    { local "FUNCNEST=" && __awsh_draw_anew; }
}

# If something else that runs before the prompt has set a variable since the look, looks again
# before the prompt is shown.
__awsh_draw_anew() {
  [[ "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}" == "$__awsh_identity" ]] || __awsh_run __awsh_check '' || :
  __awsh_run __awsh_mark_prompt || :
}

# Runs after a cd, so that `cd ../prod && terraform apply` gets prod's credentials. Completion
# functions change the directory and come back; those changes do not count.
__awsh_moved() {
  local "FUNCNEST="
  [[ -z ${COMP_LINE+set} ]] || return 0
  if [[ $BASH_SUBSHELL == 0 ]]; then
    __awsh_run __awsh_check "$__awsh_hush" || :
  else
    __awsh_run __awsh_check 1 || :
  fi
}

# Runs at the first prompt, and if something else runs before the prompt.
__awsh_join() {
  if [[ $__awsh_hush ]]; then
    __awsh_run __awsh_join_others
  else
    __awsh_run __awsh_load_rest && __awsh_run __awsh_join_late
  fi
}

# Runs at the first prompt, when everything that an rc file loads is present.
__awsh_join_others() {
  __awsh_join_cd
  # A tool loaded after awsh has already run, unless __awsh_before has run first.
  if [[ -z $__awsh_open ]]; then
    [[ -z ${__MISE_DIFF-} ]] || { __awsh_load_rest && __awsh_ask_mise; }
    [[ ${DIRENV_DIFF-} == "$__awsh_seen_direnv" ]] || __awsh_open=1 __awsh_settled=''
  fi
  __awsh_find_tools
  __awsh_note_joined
}

# If direnv or mise runs before a prompt or after a cd, __awsh_before has to run in front of it.
__awsh_find_tools() {
  case "${PROMPT_COMMAND[*]-} ${precmd_functions[*]-} ${chpwd_functions[*]-} ${STARSHIP_PROMPT_COMMAND-}" in
    *_direnv_hook* | *mise_hook*) __awsh_load_rest && __awsh_register_before ;;
  esac
  return 0
}

# With bash-preexec the functions before a prompt are in another list, which is compared each time.
__awsh_note_joined() {
  __awsh_joined=- __awsh_joined_all="${PROMPT_COMMAND[*]-} ${precmd_functions[*]-}"
  [[ ${bash_preexec_imported-}${__bp_imported-} ]] || __awsh_joined=${PROMPT_COMMAND+${#PROMPT_COMMAND}}
}

# Adds awsh to tools that define their own cd, so that `cd ../prod && terraform apply` gets prod's
# credentials there too. mise and rvm call the functions in chpwd_functions, as zsh does. zoxide is
# changed only if its function still calls the plain builtin. Runs at the first prompt, when
# everything that an rc file loads is present.
__awsh_join_cd() {
  local _a_body
  [[ -z ${AWSH_NO_CD-} ]] || return 0
  if builtin declare -F __zsh_like_cd >/dev/null && __awsh_load_rest; then __awsh_join_chpwd; fi
  builtin declare -F __zoxide_cd >/dev/null || return 0
  _a_body=$(\builtin declare -f __zoxide_cd)
  # shellcheck disable=SC2016 # zoxide's own text
  if [[ ${_a_body//[[:space:]]/} == '__zoxide_cd(){\builtincd--"$@"}' ]]; then
    # shellcheck disable=SC2317 # zoxide calls it
    __zoxide_cd() { builtin cd -- "$@" && __awsh_moved; }
  fi
}

# Adds awsh to PROMPT_COMMAND: after direnv and mise, which may set AWS_PROFILE, and before a theme,
# which shows what awsh has loaded.
__awsh_register() {
  local _a_i _a_commands
  if [[ ${bash_preexec_imported-}${__bp_imported-} ]]; then
    precmd_functions=(__awsh_prompt ${precmd_functions[@]+"${precmd_functions[@]}"} __awsh_draw)
    return
  fi
  [[ "${PROMPT_COMMAND[*]-} ${STARSHIP_PROMPT_COMMAND-}" != *__awsh_prompt* ]] || return 0
  _a_commands=${PROMPT_COMMAND-}
  if [[ ${STARSHIP_PROMPT_COMMAND-} && $_a_commands == *starship_precmd* ]]; then
    # starship runs this variable after it has saved $? and PIPESTATUS, and before it builds PS1.
    STARSHIP_PROMPT_COMMAND+="${__awsh_lf}__awsh_prompt"
  elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    # A hardened machine may have made it read-only. Then only cd and the awsh command load
    # anything.
    builtin printf -v PROMPT_COMMAND %s "$_a_commands" 2>/dev/null || return 0
    [[ $_a_commands ]] || builtin unset 'PROMPT_COMMAND[0]'
    PROMPT_COMMAND=("${PROMPT_COMMAND[@]}")
    __awsh_at=0 __awsh_array=1
    for _a_i in "${!PROMPT_COMMAND[@]}"; do
      case ${PROMPT_COMMAND[_a_i]} in *_direnv_hook* | *_mise_hook*) __awsh_at=$((_a_i + 1)) ;; esac
    done
    PROMPT_COMMAND=("${PROMPT_COMMAND[@]:0:__awsh_at}" __awsh_prompt "${PROMPT_COMMAND[@]:__awsh_at}" __awsh_draw)
  else
    case $_a_commands in
      *_direnv_hook* | *_mise_hook*) _a_commands=$_a_commands${__awsh_lf}__awsh_prompt ;;
      *) _a_commands=__awsh_prompt${_a_commands:+$__awsh_lf$_a_commands} ;;
    esac
    # If it stays exported, it would name our functions in shells that do not have them.
    builtin export -n PROMPT_COMMAND
    builtin printf -v PROMPT_COMMAND %s "$_a_commands${__awsh_lf}__awsh_draw" 2>/dev/null
    return 0
  fi
}

# --- the command ----------------------------------------------------------------------------------

# A function, because some verbs change this shell or ask what only this shell knows. All others go
# to the launcher.
awsh() {
  case "${1-} " in
    use\ * | off\ * | refresh\ * | allow\ * | deny\ * | init\ * | doctor\ * | status\ * | prompt\ * | sso\ * | login\ * | uninstall\ *)
      if __awsh_run __awsh_load_rest; then
        __awsh_command "$@"
        return
      fi
      __awsh_refuse
      case $1 in use | off | refresh) return 1 ;; esac
      AWSH_HOOK='outdated bash' __awsh_launch "$@"
      return
      ;;
  esac
  __awsh_launch "$@"
}

# Runs the launcher in the environment of the command line, except that Node's path and the compiled
# code come from the folders known when the hook was sourced.
__awsh_launch() {
  if [[ ! -x $__awsh_launcher ]]; then
    builtin printf 'awsh: %s\n  why:  %s\n  next: %s\n' 'awsh is no longer installed where this shell found it' \
      "$__awsh_launcher is gone" 'awsh off; exec bash' >&2
    return 1
  fi
  AWSH_STATE_FOLDER=${__awsh_lock%/*} AWSH_CACHE_FOLDER=$__awsh_cache "$__awsh_launcher" "$@"
}

# --- start ----------------------------------------------------------------------------------------

# Fails if awsh must not act in this shell: it was started from another user's (sudo -E) or by a
# newer awsh.
__awsh_start() {
  local _a_file=${BASH_SOURCE[0]} _a_link _a_name _a_count=0
  # The launcher is that of this package, by absolute path: PATH may name a folder inside a
  # repository.
  [[ $_a_file == /* ]] || _a_file=$PWD/$_a_file
  while [[ -L $_a_file ]]; do
    _a_link=$(\command -p readlink "$_a_file")
    [[ $_a_link == /* ]] || _a_link=${_a_file%/*}/$_a_link
    _a_file=$_a_link
  done
  _a_file=${_a_file%/*}
  # Read-only, because it is sourced later, in directories that may set variables.
  [[ ${__awsh_rest_file-} == "$_a_file/awsh-rest.bash" ]] || __awsh_rest_file=$_a_file/awsh-rest.bash
  builtin readonly __awsh_rest_file
  case $_a_file in */shell) _a_file=${_a_file%/shell} ;; *) _a_file=$_a_file/.. ;; esac
  __awsh_launcher=$_a_file/bin/awsh
  case ${XDG_STATE_HOME-} in
    /*) __awsh_lock=$XDG_STATE_HOME/awsh/locked ;;
    *) __awsh_lock=/${HOME#/}/.local/state/awsh/locked ;;
  esac
  [[ ${XDG_RUNTIME_DIR-} != /* ]] || __awsh_lock_too=$XDG_RUNTIME_DIR/awsh/locked
  case ${XDG_CACHE_HOME-} in
    /*) __awsh_cache=$XDG_CACHE_HOME/awsh ;;
    *) __awsh_cache=/${HOME#/}/.cache/awsh ;;
  esac
  ((BASH_VERSINFO[0] < 5)) || __awsh_epoch=1
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)) || __awsh_born=$(($(\command -p date +%s) - SECONDS))
  for _a_name in "${__awsh_fixable[@]}"; do
    [[ ! ${!_a_name+set} ]] || __awsh_given[_a_count++]=$_a_name=${!_a_name}
  done
  builtin unset -v __awsh_fixable
  if [[ ${AWSH_LOADED-}${AWSH_SAVED-}${AWSH_PROFILE-}${AWS_VAULT-} || ${AWS_PROFILE-} == awsh-blocked ]]; then
    if __awsh_load_rest "${AWSH_SAVED-}"; then
      __awsh_inherit || return
    else
      __awsh_drop_inherited
    fi
  fi
  __awsh_look_around
  __awsh_register
  __awsh_find_tools
}

# Removes what a parent shell of this user has loaded. The previous values are not restored, because
# awsh-rest.bash, which can do that, cannot be sourced.
__awsh_drop_inherited() {
  case ${AWSH_LOADED-} in
    "1 dir $EUID "* | "1 pin $EUID "* | "1 blocked $EUID "*)
      # <drop-inherited: npm run generate>
      builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
        AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWS_PROFILE \
        AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SAVED AWSH_SEGMENT
      # </drop-inherited>
      ;;
  esac
}

# Succeeds if $1 is neither a function nor an alias. The user's own cd is left alone; then the next
# prompt does the work.
__awsh_is_plain() {
  ! declare -F "$1" >/dev/null && ! alias "$1" >/dev/null 2>&1
}

# The hook's state that this file needs; the rest is in awsh-rest.bash. The mode is auto (follow the
# directory), pin (one profile), off (nothing), or exec (what `exec` or aws-vault gave this shell).
__awsh_mode=auto
# __awsh_whole: awsh-rest.bash was sourced. __awsh_stopped: it is another version, so AWS is
# blocked. __awsh_put_aside: the values removed for that.
__awsh_whole='' __awsh_stopped=''
builtin unset -v __awsh_put_aside __awsh_given __awsh_seen
# Whether tools such as direnv run here, the marks they had left before, and whether PROMPT_COMMAND
# is used as an array.
__awsh_open='' __awsh_seen_direnv='' __awsh_seen_mise='' __awsh_array=''
# Paths that may be the directory file, the directory they were listed for, the file that marks awsh
# as locked, and whether EPOCHSECONDS is the shell's own.
__awsh_files=('') __awsh_listed='' __awsh_lock='' __awsh_lock_too='' __awsh_epoch=''
# Directory files that no other user can replace, one a line; the last of them that was read; the
# cache folder.
__awsh_closed_files=$__awsh_lf __awsh_closed='' __awsh_cache=''
# What the last long look found, when it was, and when the next is due even if nothing changes.
__awsh_settled='' __awsh_looked=0 __awsh_next=0 __awsh_identity=''
# The segment as PS1 shows it, and PS1 as awsh left it.
__awsh_shown='' __awsh_drawn=''
# __awsh_hush: 1 until a prompt has been shown. __awsh_joined: the length of PROMPT_COMMAND's first
# element at the last one, and __awsh_joined_all: all that ran then. __awsh_at: our index in
# PROMPT_COMMAND. The others are options that are turned off.
__awsh_hush=1 __awsh_joined='' __awsh_joined_all='' __awsh_at=0 __awsh_flags='' __awsh_nocasematch='' __awsh_aliases=''
__awsh_shell=''

if __awsh_run __awsh_start; then
  __awsh_shell=$$
  if [ -z "${AWSH_NO_CD-}" ]; then
    if __awsh_is_plain cd; then cd() { builtin cd "$@" && __awsh_moved; }; fi
    if __awsh_is_plain pushd; then pushd() { builtin pushd "$@" && __awsh_moved; }; fi
    if __awsh_is_plain popd; then popd() { builtin popd "$@" && __awsh_moved; }; fi
  fi
else
  builtin unset -f awsh
fi

case $__awsh_aside in *aliases*) \shopt -s expand_aliases ;; esac
case $__awsh_aside in *allexport*) \set -a ;; esac
