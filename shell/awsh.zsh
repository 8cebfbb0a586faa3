# awsh's hook for zsh 5.3 and newer. Before each prompt and after each change of directory, the
# shell holds the credentials of the profile that the directory file (.awsprofile) names. Source it
# from ~/.zshrc; `awsh setup` adds the line.
#
# Rules for this code:
# - While nothing changes it uses builtins only: no fork, and no file is written.
# - Nothing read from a file, the environment or a reply is ever evaluated, or used in arithmetic
#   before it is known to be a number.
# - A directory file without a usable answer means `blocked`, never the credentials of the previous
#   directory.
# - The user's state stays as it was. zsh itself saves $?, $_ and pipestatus around its hooks;
#   `emulate -L` saves the options.
#
# __awsh_* are this shell's state (never exported) and functions. A comment says which functions
# share their caller's locals. The hook has the same parts as awsh.bash. The wire format is in
# src/shell/wire-format.ts.
#
# This file is the core, which every shell needs: it finds out whether there is anything to do. The
# code that does it is in awsh-rest.zsh, which is sourced when it is first needed
# (__awsh_load_rest).

[[ -o interactive ]] || return 0

# Sourced again in the same shell: the state is still valid, but .zshrc may have set
# precmd_functions again.
[[ ${__awsh_shell-} == "$$" ]] && typeset -f __awsh_precmd >/dev/null && {
  ! __awsh_load_rest || __awsh_register_again
  return 0
}

# Aliases and some options would change how this file is parsed.
'builtin' 'typeset' '-ga' '__awsh_aside'
__awsh_aside=()
[[ ! -o 'aliases' ]] || __awsh_aside+=('aliases')
[[ ! -o 'sh_glob' ]] || __awsh_aside+=('sh_glob')
[[ ! -o 'ignore_braces' ]] || __awsh_aside+=('ignore_braces')
[[ ! -o 'ignore_close_braces' ]] || __awsh_aside+=('ignore_close_braces')
'builtin' 'setopt' 'no_aliases' 'no_sh_glob' 'no_ignore_braces' 'no_ignore_close_braces'

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

# --- other tools (direnv, mise) -------------------------------------------------------------------

# Notes the values of the variables that another tool could set, and the marks of direnv and mise.
__awsh_look_around() {
  local name
  for name in $__awsh_claimable; do __awsh_seen[$name]=${(P)name-}; done
  __awsh_seen_direnv=${DIRENV_DIFF-} __awsh_seen_mise=${__MISE_DIFF-}
}

# --- idle prompts ---------------------------------------------------------------------------------

# Runs before each prompt and, with arguments, after a cd and for awsh's commands. Does nothing
# unless the directory, its file, or a variable set by others has changed since the last look, or
# the time for the next look has come. The nearest .awsprofile counts, whatever type of file it is.
# At most 513 bytes of it are read, one more than the limit of 512. All of this is in one function,
# because one call costs zsh as much as everything else at an idle prompt except the file. $1 is 1
# if nothing may be printed or asked. $2 is a line to add to the request of an explicit command
# (refresh 1). Returns what `awsh use` returns.
__awsh_precmd() {
  # `emulate` would cost three times as much; the code below works under all other options. It sets
  # only its own locals, because warn_nested_var reports other variables. Without multibyte, the
  # length of a session token is found faster.
  setopt local_options no_xtrace no_ksh_arrays no_multibyte unset
  # The environment of a directory may have limited the depth of function calls. Beyond the limit a
  # change would be left half done.
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  # `file` is a path, or nothing, or a path after a word that describes its state.
  local file text
  if [[ $__awsh_mode == auto ]]; then
    # Not a loop, because a loop would take half of the time of an idle prompt.
    if [[ $PWD == "$__awsh_listed" && (-z $__awsh_near1 || (! -e $__awsh_near1 && ! -L $__awsh_near1 &&
      ! -e $__awsh_near2 && ! -L $__awsh_near2 && (-z $__awsh_near3 || (! -e $__awsh_near3 && ! -L $__awsh_near3 &&
      ! -e $__awsh_near4 && ! -L $__awsh_near4 && (-z $__awsh_near5 || (! -e $__awsh_near5 && ! -L $__awsh_near5 &&
      ! -e $__awsh_near6 && ! -L $__awsh_near6 && (-z $__awsh_near7 || (! -e $__awsh_near7 && ! -L $__awsh_near7)))))))) &&
      ((-f $__awsh_nearest && -r $__awsh_nearest && -O $__awsh_nearest) || -z $__awsh_nearest) ]]; then
      file=$__awsh_nearest
      [[ -z $file ]] || sysread -s 513 text <"$file" || :
    else
      __awsh_find_file
    fi
  elif [[ $PWD != "$__awsh_listed" && $__awsh_mode != exec ]]; then
    # The segment shows what this directory asks for.
    file='elsewhere '
  fi
  [[ ! -e $__awsh_lock && ! -O $__awsh_lock_too ]] || file="locked $file"
  # Only the end of the secret key and the length of the token are compared, so that no second copy
  # of either is kept.
  if [[ "$2$AWS_PROFILE $AWS_ACCESS_KEY_ID ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}$AWS_ENDPOINT_URL $psvar[40] $#precmd_functions $file $text" != "$__awsh_settled" ]] ||
    ((EPOCHSECONDS < __awsh_looked || EPOCHSECONDS >= __awsh_next)); then
    if (($#)); then
      __awsh_look "$1" "$2" || return
    else
      __awsh_look prompt '' || :
    fi
  fi
}

# Sets the caller's `text` to the content of `file`, and `closed` if no other user can replace the
# file. Another user could replace the file with a FIFO after the check, and opening a FIFO waits
# for ever, so the file is opened without waiting. If zsh cannot do that (an older version; a path
# outside ASCII, which sysopen garbles), `text` is a word that gives the reason.
__awsh_read_file() {
  setopt local_options extended_glob
  local fd folder=${file:h}
  local -a folders
  closed=''
  if [[ -O $file ]]; then
    # As written, and with links resolved.
    folders=(${__awsh_files[$__awsh_files[(ie)$file],-2]:h})
    if [[ $folder != ${folder:A} ]]; then
      folder=${folder:A}
      while [[ $folder != / ]]; do folders+=$folder folder=${folder:h}; done
    fi
    # The folders that others own or can write to.
    folders=($^folders(#qN-^u0u$EUID,-f:g+w:^t,-f:o+w:^t))
    (($#folders)) || closed=1
  fi
  if [[ -n $closed ]]; then
    sysread -s 513 text <$file
  elif [[ -n $__awsh_nonblock && $file != *[^\ -~]* ]] && sysopen -r -o nonblock,cloexec -u fd $file 2>/dev/null; then
    text=''
    sysread -i $fd -s 513 text
    exec {fd}<&-
  else
    text=unread
  fi
}

# Sets the caller's `file` to the nearest directory file, and `text` to its content. For the next
# prompt, sets __awsh_nearest to that file if no other user can replace it, and __awsh_near1 to
# __awsh_near7 to the paths that would take precedence over it.
__awsh_find_file() {
  emulate -L zsh -o no_xtrace
  local nearest='' closed=''
  if [[ $PWD != "$__awsh_listed" ]]; then
    # All files that could be the directory file, the nearest first, and an empty entry last.
    local folder=${PWD%/}
    local -a files
    if [[ $PWD == /* ]]; then
      while [[ $folder != / && -n $folder ]]; do
        files+=$folder/.awsprofile folder=${folder:h}
      done
      files+=/.awsprofile
    fi
    # Assigned at once, so that ^C cannot leave a part of it. `/` always exists, so __awsh_precmd
    # checks the whole list again.
    __awsh_listed=$PWD __awsh_files=($files '') __awsh_near1=/
  fi
  for file in "${(@)__awsh_files}"; do [[ ! -e $file && ! -L $file ]] || break; done
  # zsh reads arguments faster than the elements of an array.
  if [[ -z $file ]]; then
    builtin set -- $__awsh_files
  else
    builtin set -- $__awsh_files[1,(ie)$file]
    if [[ -f $file && -r $file ]]; then
      argv[-1]=()
      __awsh_read_file
      [[ -z $closed ]] || nearest=$file
    else
      file="unreadable $file"
    fi
  fi
  __awsh_nearest=$nearest __awsh_near1=$1 __awsh_near2=$2 __awsh_near3=$3 __awsh_near4=$4 __awsh_near5=$5 __awsh_near6=$6 \
    __awsh_near7=$7
  # There are more paths, or the file cannot be read that way: this function then checks them all
  # each time.
  [[ $# -le 7 && (-n $nearest || -z $file || $file == 'unreadable '*) ]] || __awsh_near1=/
}

# The long look of a shell that has had no profile yet. If this directory asks for one, or if a tool
# that sets variables runs here, it sources awsh-rest.zsh, whose __awsh_look replaces this one.
# Shares __awsh_precmd's locals.
__awsh_look() {
  emulate -L zsh -o no_xtrace
  local quiet=$1
  [[ $1 != prompt ]] || quiet=$__awsh_hush
  # This function still exists, so awsh-rest.zsh has not been sourced to its end.
  __awsh_settled='' __awsh_whole=''
  if [[ -n $file$__awsh_open$__awsh_stopped ]] || __awsh_meets_tools; then
    if __awsh_load_rest; then
      [[ -z $__awsh_stopped ]] || __awsh_go_on
      __awsh_look "$@"
      return
    fi
    if [[ -z ${file#locked } ]]; then
      __awsh_go_on
    else
      [[ -n $__awsh_stopped ]] || __awsh_stop
      [[ -n $quiet ]] || __awsh_refuse
    fi
  fi
  [[ -z $__awsh_hush ]] || __awsh_join_others
  [[ -n $__awsh_stopped ]] || builtin unset -v AWSH_SEGMENT AWSH_LOADED AWSH_SAVED
  __awsh_identity="${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}" __awsh_looked=$EPOCHSECONDS __awsh_next=999999999999
  __awsh_settled="$__awsh_identity ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}${AWS_ENDPOINT_URL-} ${psvar[40]-} $#precmd_functions $file $text"
  [[ $1 != prompt ]] || __awsh_hush=''
  # The first prompt is not an idle one.
  [[ -z $__awsh_hush ]] || __awsh_settled=''
}

# Succeeds if a tool runs here that __awsh_before has to run in front of, or if the functions that
# run before a prompt have changed.
__awsh_meets_tools() {
  [[ "$precmd_functions $chpwd_functions" == *(_direnv_hook|_mise_hook)* || -n ${__MISE_DIFF-} ||
    ${DIRENV_DIFF-} != "$__awsh_seen_direnv" || (-z $__awsh_hush && "$precmd_functions $chpwd_functions" != "$__awsh_joined") ]]
}

# --- the second file ------------------------------------------------------------------------------

# Sources awsh-rest.zsh, once. Fails if that file was not installed with this one: parts of two
# versions must never be in one shell. $1 is AWSH_SAVED while the hook itself is being sourced.
__awsh_load_rest() {
  [[ -z $__awsh_whole ]] || return 0
  emulate -L zsh -o no_xtrace -o no_aliases
  # The version word of both files (npm run generate).
  local word=8f335e53770c
  [[ ! -f $__awsh_rest_file || ! -r $__awsh_rest_file ]] || builtin source $__awsh_rest_file "${1-}" 2>/dev/null || :
  [[ -n $__awsh_whole ]]
}

# Prints why this shell loads nothing although a profile was asked for.
__awsh_refuse() {
  local why=$__awsh_text_outdated
  [[ -f $__awsh_rest_file && -r $__awsh_rest_file ]] || why="${__awsh_rest_file//[[:cntrl:]]/?} cannot be read"
  builtin print -r -- $'awsh: this shell cannot load a profile\n  why:  '$why$'\n  next: exec zsh' >&2
}

# Blocks AWS here, because this directory asks for a profile that cannot be loaded. The user's own
# values are kept, and child shells learn of them (src/shell/unloaded-environment.ts).
__awsh_stop() {
  trap '' INT
  local name
  local -a saved
  __awsh_stopped=1 __awsh_put_aside=()
  for name in $__awsh_claimable AWS_EC2_METADATA_DISABLED; do
    [[ ${(tP)name} == scalar-export && $name != *REGION ]] || continue
    __awsh_put_aside+=("$name=${(P)name}")
    [[ ${(P)name} == *[%[:cntrl:]]* ]] || saved+=("was $name ${(P)name}")
    builtin unset -v $name
  done
  saved+=('now AWS_PROFILE awsh-blocked' 'now AWS_EC2_METADATA_DISABLED true')
  builtin export AWS_PROFILE=awsh-blocked AWS_EC2_METADATA_DISABLED=true AWSH_SEGMENT=blocked \
    AWSH_LOADED="1 blocked $EUID - -" AWSH_SAVED="${(F)saved}"
  psvar[40]=blocked __awsh_shown='%40v'
}

# Undoes the changes of __awsh_stop.
__awsh_go_on() {
  [[ -n $__awsh_stopped ]] || return 0
  trap '' INT
  builtin unset -v AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_SEGMENT AWSH_LOADED AWSH_SAVED
  ((! $#__awsh_put_aside)) || builtin export "${(@)__awsh_put_aside}"
  __awsh_stopped='' __awsh_put_aside=() __awsh_shown='' psvar[40]=''
}

# --- the segment ----------------------------------------------------------------------------------

# Adds the reference to the end of RPROMPT if there is something to show, and removes it if there is
# not. Does not touch RPROMPT if a theme has an AWS segment of its own, or if a prompt already
# contains AWSH_SEGMENT.
__awsh_mark_prompt() {
  local bare=${RPROMPT-} mark=''
  [[ -z $__awsh_mark ]] || bare=${bare%"$__awsh_mark"}
  if [[ -n $__awsh_shown && "${PROMPT-}$bare" != *AWSH_SEGMENT* ]]; then
    mark="${bare:+ }$__awsh_shown"
    [[ -z ${functions[starship_precmd]-}${functions[prompt_starship_precmd]-}${functions[p10k]-}${functions[_omp_precmd]-} ]] || mark=''
  fi
  [[ ${RPROMPT-} == "$bare$mark" ]] || builtin typeset -g "RPROMPT=$bare$mark"
  __awsh_mark=$mark __awsh_drawn="$__awsh_shown ${RPROMPT-}"
}

# --- registration ---------------------------------------------------------------------------------

# Runs after every other precmd function, because a theme may have built RPROMPT again, and
# something may have set other credentials.
__awsh_draw() {
  [[ -o prompt_percent && "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-} $__awsh_shown ${RPROMPT-}" == "$__awsh_identity $__awsh_drawn" ]] && return
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  __awsh_draw_anew
}

# Something has changed since the last prompt, or prompts do not expand references.
__awsh_draw_anew() {
  [[ "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}" == "$__awsh_identity" ]] || __awsh_precmd ''
  [[ -o prompt_percent && "$__awsh_shown ${RPROMPT-}" != "$__awsh_drawn" ]] || return 0
  emulate -L zsh -o no_xtrace
  __awsh_mark_prompt
}

# Runs when the directory changes, so that `cd ../prod && terraform apply` gets prod's credentials.
# Completion functions change the directory and come back; those changes do not count. In a widget
# it may load, but must not print.
__awsh_chpwd() {
  # No `emulate`, as in __awsh_precmd.
  setopt local_options no_xtrace unset
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  ((! ${+compstate})) || return 0
  local quiet=$__awsh_hush
  [[ $ZSH_SUBSHELL == 0 && ${+WIDGET} == 0 ]] || quiet=1
  __awsh_precmd "$quiet" || :
  return 0
}

# Runs after every other chpwd function, because something may have set other credentials.
__awsh_chpwd_late() {
  [[ "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}" == "$__awsh_identity" ]] || __awsh_chpwd
}

# Adds awsh after direnv and mise, which may set AWS_PROFILE, and before a theme, which shows what
# awsh has loaded.
__awsh_register() {
  local -i at
  at=${precmd_functions[(I)(_direnv_hook|_mise_hook*)]-0}
  precmd_functions=($precmd_functions[1,at] __awsh_precmd ${precmd_functions[at+1,-1]} __awsh_draw)
  at=${chpwd_functions[(I)(_direnv_hook|_mise_hook*)]-0}
  chpwd_functions=($chpwd_functions[1,at] __awsh_chpwd ${chpwd_functions[at+1,-1]} __awsh_chpwd_late)
  if [[ -n ${AWSH_TICK-} ]] && zmodload zsh/sched 2>/dev/null && __awsh_load_rest; then precmd_functions+=(__awsh_tick_later); fi
}

# Runs at the first prompt, when everything that an rc file loads is present.
__awsh_join_others() {
  [[ $chpwd_functions[-1] == __awsh_chpwd_late ]] ||
    chpwd_functions=(${chpwd_functions:#__awsh_chpwd_late} __awsh_chpwd_late)
  __awsh_joined="$precmd_functions $chpwd_functions"
}

# --- the command ----------------------------------------------------------------------------------

# A function, because some verbs change this shell or ask what only this shell knows. All others go
# to the launcher.
awsh() {
  case "${1-} " in
    (use|off|refresh|allow|deny|init|doctor|status|prompt|sso|login|uninstall)\ *)
      if __awsh_load_rest; then
        __awsh_command "$@"
        return
      fi
      __awsh_refuse
      [[ $1 != (use|off|refresh) ]] || return 1
      AWSH_HOOK='outdated zsh' __awsh_launch "$@"
      return
      ;;
  esac
  __awsh_launch "$@"
}

# Runs the launcher in the environment of the command line, except that Node's path and the compiled
# code come from the folders known when the hook was sourced.
__awsh_launch() {
  if [[ ! -x $__awsh_launcher ]]; then
    builtin print -ru2 -- $'awsh: awsh is no longer installed where this shell found it\n  why:  '$__awsh_launcher$' is gone\n  next: awsh off; exec zsh'
    return 1
  fi
  AWSH_STATE_FOLDER=${__awsh_lock:h} AWSH_CACHE_FOLDER=$__awsh_cache "$__awsh_launcher" "$@"
}

# --- start ----------------------------------------------------------------------------------------

# Fails if awsh must not act in this shell: it was started from another user's (sudo -E) or by a
# newer awsh.
__awsh_start() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  local fd name folder=${${(%):-%x}:a:h}
  zmodload zsh/datetime zsh/system 2>/dev/null || return
  # Without this, zsh would load it at its first use, from a path that a directory can set.
  zmodload zsh/parameter 2>/dev/null
  # 1 if this zsh can open a file without waiting.
  typeset -g __awsh_nonblock=''
  if sysopen -r -o nonblock,cloexec -u fd /dev/null 2>/dev/null; then
    __awsh_nonblock=1
    exec {fd}<&-
  fi

  # The hook's state that this file needs; the rest is in awsh-rest.zsh. The mode is auto (follow
  # the directory), pin (one profile), off (nothing), or exec (what `exec` or aws-vault gave this
  # shell).
  typeset -g __awsh_mode=auto
  # __awsh_whole: awsh-rest.zsh was sourced. __awsh_stopped: it is another version, so AWS is
  # blocked. __awsh_put_aside: the values removed for that.
  typeset -g __awsh_whole='' __awsh_stopped=''
  typeset -ga __awsh_put_aside=() __awsh_given=()
  # Whether tools such as direnv run here, and what they and the user had set before.
  typeset -g __awsh_open='' __awsh_seen_direnv='' __awsh_seen_mise=''
  typeset -gA __awsh_seen=()
  # Paths that may be the directory file, and the directory they were listed for; the file that
  # applies, and the paths that would take precedence; the files that mark awsh as locked; the cache
  # folder.
  typeset -ga __awsh_files=('')
  typeset -g __awsh_nearest='' __awsh_near1='' __awsh_near2='' __awsh_near3='' __awsh_near4='' __awsh_near5='' __awsh_near6='' \
    __awsh_near7='' __awsh_listed=''
  typeset -g __awsh_lock=${${(M)XDG_STATE_HOME:#/*}:-/${HOME#/}/.local/state}/awsh/locked
  typeset -g __awsh_lock_too=${${(M)XDG_RUNTIME_DIR:#/*}:+$XDG_RUNTIME_DIR/awsh/locked}
  typeset -g __awsh_cache=${${(M)XDG_CACHE_HOME:#/*}:-/${HOME#/}/.cache}/awsh
  # What the last long look found, when it was, and when the next is due even if nothing changes.
  typeset -g __awsh_settled='' __awsh_identity=''
  typeset -gi __awsh_looked=0 __awsh_next=0
  # The reference to the segment, the part of RPROMPT that is ours, and RPROMPT as awsh left it.
  typeset -g __awsh_shown='' __awsh_mark='' __awsh_drawn=''
  # 1 until a prompt has been shown; everything that ran before a prompt and at a cd when that was
  # last checked.
  typeset -g __awsh_hush=1 __awsh_joined=''
  # This package's launcher, by absolute path: PATH may name a folder inside a repository. A link to
  # the package is kept, because it will point to the awsh of another Node after a change of
  # versions. The path of the second file is one that no directory can change.
  [[ -f ${folder:h}/bin/awsh ]] || folder=${${(%):-%x}:A:h}
  typeset -g __awsh_launcher=${folder:h}/bin/awsh
  [[ ${(t)__awsh_rest_file-} == *readonly* ]] || typeset -gr __awsh_rest_file=$folder/awsh-rest.zsh

  for name in $__awsh_fixable; do ((! ${(P)+name})) || __awsh_given+=("$name=${(P)name}"); done
  builtin unset __awsh_fixable
  # Loaded now and not when the agent is first asked: a directory may have changed MODULE_PATH by
  # then.
  [[ ${AWSH_AGENT-} == off ]] || zmodload zsh/net/tcp 2>/dev/null
  if [[ -n ${AWSH_LOADED-}${AWSH_SAVED-}${AWSH_PROFILE-}${AWS_VAULT-} || ${AWS_PROFILE-} == awsh-blocked ]]; then
    if __awsh_load_rest "${AWSH_SAVED-}"; then
      __awsh_inherit || return
    elif [[ ${AWSH_LOADED-} == '1 '(dir|pin|blocked)" $EUID "* ]]; then
      # Remove what a parent shell of this user has loaded. The values before that are not restored,
      # because only awsh-rest.zsh can do it.
      # <drop-inherited: npm run generate>
      builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
        AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWS_PROFILE \
        AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SAVED AWSH_SEGMENT
      # </drop-inherited>
    fi
  fi
  __awsh_look_around
  __awsh_register
  [[ "$precmd_functions $chpwd_functions" != *(_direnv_hook|_mise_hook)* ]] || ! __awsh_load_rest || __awsh_register_before
}

if __awsh_start; then
  builtin typeset -g __awsh_shell=$$
else
  unfunction awsh
fi
[[ ${#__awsh_aside[@]} == 0 ]] || 'builtin' 'setopt' "${__awsh_aside[@]}"
'builtin' 'unset' '__awsh_aside'
