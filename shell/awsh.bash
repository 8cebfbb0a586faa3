# shellcheck shell=bash
#
# awsh's hook for bash 3.2 and newer: before each prompt, and after each cd, the shell holds the credentials that the
# directory file (.awsprofile) names. Source it from ~/.bashrc; `awsh setup` writes the line.
#
# The rules it is written by:
#   - while nothing changes: builtins only, no fork, no file written;
#   - nothing read from a file, the environment or a reply is ever evaluated, nor meets arithmetic before it is known to
#     be a number;
#   - a directory file without an answer means blocked, never the credentials of the place before;
#   - what is not ours stays as it was: $?, $_, PIPESTATUS, options, traps, IFS, history, jobs;
#   - nothing that runs at a prompt or a cd says a=(...): bash parses the words in it as it parses what is typed, and
#     where ^C cuts that short it goes on reading there, runs what it finds, and ends itself at its end;
#   - no subscript has a $ in it: bash 3.2 and 4.0 split it by the person's IFS, and that may be digits.
#
# __awsh_* are this shell's state (never exported) and functions. Locals begin with _a_, because `local x` fails where
# the person has a read-only x; functions that share a caller's locals say so.
#
# ARCHITECTURE.md has the wire format that is spoken here.

case $- in *i*) ;; *) \return 0 ;; esac

# A restricted shell can neither cd nor start the launcher, and says of each redirection that it is forbidden.
! \shopt -q restricted_shell || \return 0

# Sourced again in the same shell: everything stands already, but the rc file may have set PROMPT_COMMAND anew.
if [ "${__awsh_shell-}" = "$$" ] && \declare -F __awsh_prompt >/dev/null; then
  __awsh_run __awsh_register_again
  \return 0
fi

# Aliases would be expanded while this file is parsed, and allexport would export our state and functions.
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

# --- what may be touched -------------------------------------------------------------------------------------------

# src/shell/managed-variables.ts has the same lists. A load replaces all of __awsh_replaced, and
# each AWS_ENDPOINT_URL_*: keys are never exported beside a token or an endpoint from elsewhere.
__awsh_replaced=(
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION
  AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES
  AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
  AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
)
builtin printf -v __awsh_cleared '%s ' '' "${__awsh_replaced[@]}"

# The names of the variables that a reply with credentials may set, each between spaces; and AWS_ENDPOINT_URL_*.
builtin printf -v __awsh_settable '%s ' '' \
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION \
  AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES \
  AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_CA_BUNDLE \
  AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE

# $1 is a variable that awsh has to do with at all.
__awsh_managed() {
  case $1 in
    AWS_ENDPOINT_URL_*[!A-Z0-9_]*) return 1 ;;
    AWS_PROFILE | AWS_DEFAULT_PROFILE | AWS_SECURITY_TOKEN | AWS_ROLE_ARN | AWS_ROLE_SESSION_NAME) ;;
    AWS_WEB_IDENTITY_TOKEN_FILE | AWS_CONTAINER_CREDENTIALS_FULL_URI | AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) ;;
    AWS_CONTAINER_AUTHORIZATION_TOKEN | AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) ;;
    AWS_EC2_METADATA_DISABLED | AWS_ENDPOINT_URL_?*) ;;
    *' '* | '') return 1 ;;
    *) [[ $__awsh_settable == *" $1 "* ]] ;;
  esac
}

# $1 is a variable whose value is never written into AWSH_SAVED.
__awsh_secret() {
  case $1 in
    AWS_SECRET_ACCESS_KEY | AWS_SESSION_TOKEN | AWS_SECURITY_TOKEN | AWS_CONTAINER_AUTHORIZATION_TOKEN) ;;
    *) return 1 ;;
  esac
}

# --- values --------------------------------------------------------------------------------------------------------

__awsh_lf=$'\n' __awsh_cr=$'\r'

# $1 may meet arithmetic: `(( ))`, `-lt` and `${v:n}` run code that stands in a subscript.
__awsh_number() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  [[ ${#1} -le 12 ]]
}

# Sets _a_value to $1 as the wire format writes it; fails where a control byte is left.
__awsh_encode() {
  _a_value=$1
  [[ $1 == *[%[:cntrl:]]* ]] || return 0
  if [[ ${1%"$__awsh_lf"} != *[%[:cntrl:]]* ]]; then
    # Its end alone, as that of most files is.
    _a_value=${1%?}%0A
    return
  fi
  _a_value=${1//\%/%25}
  _a_value=${_a_value//$__awsh_lf/%0A}
  _a_value=${_a_value//$__awsh_cr/%0D}
  [[ $_a_value != *[[:cntrl:]]* ]]
}

# The inverse, in this order: %250A is the text %0A.
__awsh_decode() {
  _a_value=$1
  [[ $_a_value == *%* ]] || return 0
  _a_value=${_a_value//\%0A/$__awsh_lf}
  _a_value=${_a_value//\%0D/$__awsh_cr}
  _a_value=${_a_value//\%25/%}
}

# Sets _a_now, in epoch seconds, where EPOCHSECONDS is not bash 5's own. %(%s)T is bash 4.2's.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
  __awsh_clock() { builtin printf -v _a_now '%(%s)T' -1; }
else
  __awsh_clock() { _a_now=$((__awsh_born + SECONDS)); }
fi

# --- messages ------------------------------------------------------------------------------------------------------

# --- texts (generated by `npm run generate` from src/shell/state-table.ts) ---

# What is fixed when the hook is sourced, the part of it that a request has, and what is passed on as it is at the time
# (src/shell/fixed-environment.ts).
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
__awsh_sendable=(
  HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
  AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY
  NO_PROXY http_proxy https_proxy all_proxy no_proxy DBUS_SESSION_BUS_ADDRESS GNUPGHOME
  PASSWORD_STORE_DIR
)
__awsh_passable=(
  AWSH_REQUEST PWD AWSH_FILE_PASSPHRASE AWS_VAULT_FILE_PASSPHRASE
)

# What another tool may claim (src/shell/managed-variables.ts). Each is known by its place in the list.
__awsh_claimable=(
  AWS_PROFILE AWS_ACCESS_KEY_ID AWS_REGION AWS_DEFAULT_REGION AWS_DEFAULT_PROFILE
  AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
)

# Sets the caller's _a_line to a reason that the hook has by itself.
__awsh_text() {
  case $1 in
    interrupted) _a_line='the profile is not loaded: the load was interrupted' ;;
    unanswered) _a_line='no usable answer from {launcher}' ;;
    path) _a_line='the path of this directory has bytes that are not text: awsh cannot use its .awsprofile until it has another name' ;;
    in_exec) _a_line='awsh exec or aws-vault started this shell with them; they go when it ends' ;;
    overridden) _a_line='{variable} was set {set}, so awsh does not load its own credentials' ;;
    read_only) _a_line='{variable} is read-only, so awsh does not load its own credentials; if a startup file makes it read-only, remove that line first' ;;
  esac
}

# Sets _a_headline to what the state $1 means for the user. Fails for a state that no reply may have.
__awsh_headline() {
  case $1 in
    'not allowed') _a_headline='this directory file is not allowed' ;;
    denied) _a_headline='this directory file is denied' ;;
    changed) _a_headline='this directory file is no longer what you allowed' ;;
    malformed) _a_headline='this directory file cannot be used' ;;
    blocked) _a_headline='AWS is blocked in this shell' ;;
    error) _a_headline='AWS is blocked in this shell: the pinned profile could not be loaded' ;;
    'needs MFA') _a_headline='AWS is blocked in this shell: an MFA code is needed' ;;
    'needs sign-in') _a_headline='AWS is blocked in this shell: a sign-in is needed' ;;
    'needs passphrase') _a_headline='AWS is blocked in this shell: the passphrase of the vault is needed' ;;
    'needs refresh') _a_headline='AWS is blocked in this shell: a new session is needed' ;;
    'needs an answer') _a_headline='AWS is blocked in this shell: a question needs an answer' ;;
    'not confirmed') _a_headline='AWS is blocked in this shell: the protected profile was not confirmed' ;;
    wait) _a_headline='AWS is blocked in this shell until the session is there' ;;
    locked) _a_headline='awsh is locked and loads no credentials' ;;
    overridden) _a_headline='this shell does not use the credentials of awsh' ;;
    *) return 1 ;;
  esac
}

# --- end of the generated texts ---

# Prints a message for the user, $1: one line, or what happened, why, and the next command, a line each. It looks as the
# errors of the program do (src/cli/error-text.ts). What could forge the terminal's text is shown as ?.
__awsh_say() {
  local _a_what=${1%%"$__awsh_lf"*} _a_why='' _a_next='' _a_room=80
  if [[ $1 == *"$__awsh_lf"*"$__awsh_lf"* ]]; then
    _a_next=${1##*"$__awsh_lf"} _a_why=${1#*"$__awsh_lf"}
    _a_why=${_a_why%%"$__awsh_lf"*}
  fi
  if __awsh_number "${COLUMNS-}" && ((10#$COLUMNS >= 20)); then _a_room=$((10#$COLUMNS)); fi
  ((_a_room <= 100)) || _a_room=100
  {
    __awsh_wrap 'awsh: ' '  ' "$((_a_room - 6))" "${_a_what//[[:cntrl:]]/?}"
    [[ -z $_a_why ]] || __awsh_say_why "${_a_why//[[:cntrl:]]/?}"
    # Never broken, so that it can be copied.
    [[ -z $_a_next ]] || builtin printf '  next: %s\n' "${_a_next//[[:cntrl:]]/?}"
  } >&2
}

# Prints the reason $1 beside its label, or below it if there is no room. Shares `_a_room`.
__awsh_say_why() {
  local _a_rest="$1 " _a_width _a_beside=$((_a_room - 8))
  __awsh_width "$1"
  [[ $_a_beside -ge 20 || $_a_width -le $_a_beside ]] || _a_beside=0
  while [[ $_a_rest && $_a_beside -gt 0 ]]; do
    __awsh_width "${_a_rest%% *}"
    [[ $_a_width -le $_a_beside ]] || _a_beside=0
    _a_rest=${_a_rest#* }
  done
  if ((_a_beside > 0)); then
    __awsh_wrap '  why:  ' '        ' "$_a_beside" "$1"
  else
    builtin printf '  why:\n'
    __awsh_wrap '    ' '    ' "$((_a_room - 4))" "$1"
  fi
}

# Prints the text $4 in lines of at most $3 columns, the first after $1, the others after $2. No word is broken.
__awsh_wrap() {
  local _a_before=$1 _a_line='' _a_rest="$4 " _a_width _a_longer
  while [[ $_a_rest ]]; do
    _a_longer="$_a_line${_a_line:+ }${_a_rest%% *}" _a_rest=${_a_rest#* }
    __awsh_width "$_a_longer"
    if [[ $_a_line && $_a_width -gt $3 ]]; then
      builtin printf '%s%s\n' "$_a_before" "$_a_line"
      _a_before=$2 _a_line=${_a_longer:${#_a_line}+1}
    else
      _a_line=$_a_longer
    fi
  done
  builtin printf '%s%s\n' "$_a_before" "$_a_line"
}

# Sets _a_width to the columns that $1 takes at most: a letter that is not ASCII may be a wide one.
__awsh_width() {
  _a_width=${1//[[:ascii:]]/}
  _a_width=$((${#1} + ${#_a_width}))
}

# Puts $2 in the place of {$1} in the caller's _a_line.
__awsh_fill() {
  local _a_place="{$1}"
  [[ $_a_line != *"$_a_place"* ]] || _a_line=${_a_line%%"$_a_place"*}$2${_a_line#*"$_a_place"}
}

# Sets the caller's _a_name to the profile that the directory file in _a_text names, or to nothing if that is not plain.
__awsh_file_profile() {
  _a_name=${_a_text#1 }
  _a_name=${_a_name%%"$__awsh_lf"*}
  _a_name=${_a_name%"$__awsh_cr"}
  case $_a_name in profile*=*) _a_name=${_a_name#*=} ;; esac
  _a_name=${_a_name//[[:space:]]/}
  case $_a_name in '' | -* | *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@+,:/-]*) _a_name='' ;; esac
}

# Notes that another tool or the user has set __awsh_foreign, as __awsh_note_state does.
__awsh_note_override() {
  local _a_line='' _a_todo='awsh off' _a_name
  __awsh_text overridden
  __awsh_fill variable "$__awsh_foreign"
  if [[ $__awsh_tool ]]; then
    __awsh_fill set 'by {tool}'
    __awsh_fill tool "${__awsh_tool//_/ }"
    __awsh_file_profile
    # A pinned profile is not left to a tool.
    [[ -z $_a_name ]] || _a_todo="awsh use $_a_name"
  elif [[ $__awsh_foreign == "$__awsh_readonly" ]]; then
    __awsh_text read_only
    __awsh_fill variable "$__awsh_foreign"
    _a_todo='exec bash'
  else
    __awsh_fill set 'outside of awsh'
    _a_todo="unset $__awsh_foreign"
    # There is nothing to unset: the user has done that.
    [[ ${!__awsh_foreign-} ]] || _a_todo='awsh refresh' _a_line=${_a_line/ was set / was unset }
    [[ $__awsh_foreign != AWS_ACCESS_KEY_ID || -z ${AWS_ACCESS_KEY_ID-} ]] || _a_todo+=' AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN'
  fi
  __awsh_note_state overridden "$_a_line" "$_a_todo"
}

# Notes the state $1 of this shell, the reason $2 and the next command $3, for `awsh status` and others; what is told of it
# goes to the caller's _a_says, unless it is what a question by the clock alone was answered before.
__awsh_note_state() {
  local _a_headline=''
  __awsh_state=$1 __awsh_reason=${2//[[:cntrl:]]/?} __awsh_todo=${3//[[:cntrl:]]/?} __awsh_since=$_a_now
  [[ "$1 $__awsh_reason" != "$_a_known" ]] || return 0
  __awsh_headline "$1"
  _a_says[_a_told++]=$_a_headline$__awsh_lf$__awsh_reason$__awsh_lf$__awsh_todo
}

# --- the directory file --------------------------------------------------------------------------------------------

# Lists, once for each directory, the files that could be its directory file, the nearest first, as far as the first that is
# there; where none is, all of them and nothing last. It is the list of no directory until it is complete: half a list,
# after ^C, would leave the keys of the place before.
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

# Reads the directory file into _a_text, if nobody else can exchange it; else _a_text is a word. In the place of a file that
# others can exchange may be a FIFO, a moment after it was looked at, and to open one waits for ever. Whether they can Node or
# the agent says with its answer (`shared 1`), so a file is not read before the first answer. Shares __awsh_check's locals.
__awsh_read_file() {
  _a_text=unreadable
  [[ -f $_a_file && -r $_a_file ]] || return 0
  _a_text=unread
  [[ -O $_a_file && $__awsh_closed_files == *"$__awsh_lf$_a_file$__awsh_lf"* ]] || return 0
  __awsh_closed=$_a_file
  builtin read -r -n 513 -d '' -u 9 9<"$_a_file"
  _a_text="$? $REPLY"
}

# Makes good what __awsh_read_file has left out, after the answer _a_reply; without one, in a folder that looks closed. Shares
# __awsh_look's locals.
__awsh_read_late() {
  [[ $__awsh_mode == auto && $_a_file ]] || return 0
  if [[ $_a_reply == *"${__awsh_lf}shared 1$__awsh_lf"* ]]; then
    __awsh_closed='' __awsh_shared_files+=$_a_file$__awsh_lf
    __awsh_closed_files=${__awsh_closed_files//"$__awsh_lf$_a_file$__awsh_lf"/$__awsh_lf}
    [[ $_a_text != [01]' '* ]] || _a_text=unread
  elif [[ $_a_text == unread && $_a_file != *$__awsh_lf* ]] && { [[ $_a_reply ]] || __awsh_looks_closed "$_a_file"; }; then
    __awsh_closed_files+=$_a_file$__awsh_lf
    __awsh_read_file
  fi
  _a_place="auto $_a_file $_a_text"
}

# As far as can be seen here, nobody else can exchange the file $1.
__awsh_looks_closed() {
  [[ -O $1 && -O ${1%/*}/ && ! -g ${1%/*}/ && $__awsh_shared_files != *"$__awsh_lf$1$__awsh_lf"* ]]
}

# --- put in place, put back ----------------------------------------------------------------------------------------

# What awsh set:
# - the names, each between spaces;
# - lines as in AWSH_SAVED, `now NAME VALUE`. The two secrets have none: they are known by AWS_ACCESS_KEY_ID;
# - what __awsh_hold found after that (-: not known; empty: not yet checked), and which variables it has to check.
# What was there before: `exported NAME=VALUE`, `plain NAME=VALUE` (`plain-a`: of that kind), or `lost NAME`, a secret that only
# a parent shell has.
__awsh_names='' __awsh_now='' __awsh_held=- __awsh_there='' __awsh_holds=all __awsh_own=()
# ${name@a} is bash 4.4's.
__awsh_attributes=''
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)) || __awsh_attributes=1

# Sets __awsh_there to all that awsh has set as it is now, with the ends of the secrets: in one go, because looking at one
# variable after the other would be most of what a cd costs. So would any code that is seldom needed: bash copies a
# function's body at each call. And so would quotes, and ${name-}: it is read where nounset is put aside. For the same reason
# it looks at the variables of most profiles alone, unless __awsh_holds says that awsh has set others.
__awsh_hold() {
  # shellcheck disable=SC2153 # not AWSH_PROFILE
  case $__awsh_holds in
    keys)
      __awsh_there=$AWS_ACCESS_KEY_ID\ $AWS_CREDENTIAL_EXPIRATION\ $AWS_SESSION_EXPIRATION\ $AWS_REGION\ $AWS_DEFAULT_REGION\ $AWSH_PROFILE\ $AWSH_EXPIRES\ ${AWS_SECRET_ACCESS_KEY: -6}\ ${AWS_SESSION_TOKEN: -6}
      ;;
    block) __awsh_there=$AWS_PROFILE\ $AWS_EC2_METADATA_DISABLED\ $AWS_REGION\ $AWS_DEFAULT_REGION ;;
    *) __awsh_hold_all ;;
  esac
}

__awsh_hold_all() {
  # shellcheck disable=SC2153 # not AWSH_PROFILE
  __awsh_there=$AWS_ACCESS_KEY_ID\ $AWS_CREDENTIAL_EXPIRATION\ $AWS_SESSION_EXPIRATION\ $AWS_REGION\ $AWS_DEFAULT_REGION\ $AWS_ENDPOINT_URL\ $AWSH_PROFILE\ $AWSH_EXPIRES\ $AWSUME_PROFILE\ $AWSU_PROFILE\ $AWS_SSO_PROFILE\ $AWS_PROFILE\ $AWS_EC2_METADATA_DISABLED\ $AWS_USE_FIPS_ENDPOINT\ $AWS_USE_DUALSTACK_ENDPOINT\ $AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\ $AWS_CA_BUNDLE\ ${AWS_SECRET_ACCESS_KEY: -6}\ ${AWS_SESSION_TOKEN: -6}
}

# Notes how that is after a load. One service's endpoint is not among it: then each variable is looked at.
__awsh_note_held() {
  __awsh_hold
  __awsh_held=$__awsh_there
  [[ $__awsh_holds != all || $__awsh_names != *' AWS_ENDPOINT_URL_'* ]] || __awsh_held=-
}

# Gives each variable back as it was, except those that were changed by something else since. It and __awsh_put complain
# if a variable of the user's is read-only: call them with stderr away.
__awsh_put_back() {
  local IFS=' ' _a_changed=''
  if [[ $__awsh_names ]]; then
    # Kept, but for the secrets: should another program put it back later, it is known by that.
    __awsh_gone_now=$__awsh_now __awsh_gone_names=$__awsh_names
    if [[ ${__awsh_own+set}${__awsh_gone_own+set} ]]; then __awsh_keep_own; fi
  fi
  [[ ! $__awsh_names$__awsh_now ]] || __awsh_hold
  # The user's IFS may be read-only: then the names are not cut by it.
  if [[ (! $__awsh_names$__awsh_now || $__awsh_there == "$__awsh_held") && $IFS == ' ' ]]; then
    # shellcheck disable=SC2086 # names, meant to be split
    builtin unset -v AWSH_LOADED AWSH_SAVED $__awsh_names || __awsh_hide_readonly "$__awsh_names"
  else
    __awsh_unset_ours
  fi
  [[ ! ${__awsh_own+set} ]] || __awsh_give_own_back
  __awsh_now='' __awsh_names=''
  [[ ! ${__awsh_own+set} ]] || builtin unset -v __awsh_own
}

# Takes out what is still as awsh set it. The names of the others go to the caller's _a_changed.
__awsh_unset_ours() {
  local _a_ours _a_readonly
  __awsh_find_ours
  __awsh_unset_names "AWSH_LOADED AWSH_SAVED $_a_ours" || __awsh_hide_readonly "$_a_ours"
}

# Gives back all that was there before awsh. Shares __awsh_put_back's locals.
__awsh_give_own_back() {
  local _a_line
  for _a_line in "${__awsh_own[@]}"; do __awsh_give_back "$_a_line"; done
}

# Keeps what was there before what is about to be taken out.
__awsh_keep_own() {
  local _a_i
  builtin unset -v __awsh_gone_own
  for _a_i in "${!__awsh_own[@]}"; do __awsh_gone_own[_a_i]=${__awsh_own[_a_i]}; done
}

# Takes out credentials that awsh had loaded, which another program has put back, and gives back what was there before.
__awsh_scrub() {
  local _a_i
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWSH_PROFILE AWSH_EXPIRES AWSH_LOADED
  [[ -z $__awsh_names ]] || __awsh_put_back
  __awsh_now=$__awsh_gone_now __awsh_names=$__awsh_gone_names
  for _a_i in "${!__awsh_gone_own[@]}"; do __awsh_own[_a_i]=${__awsh_gone_own[_a_i]}; done
  __awsh_put_back
}

# Sets the caller's _a_ours to the names of what is still as awsh set it, and _a_changed to those that were set to something
# else since. What is not set at all is to be given back if it was unset by us before ^C, and AWSH_LOADED with it.
__awsh_find_ours() {
  local _a_name _a_value _a_line _a_rest=$__awsh_now
  _a_ours='' _a_changed=''
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    _a_line=${_a_line#now }
    _a_name=${_a_line%% *}
    __awsh_decode "${_a_line#* }"
    if [[ ! ${!_a_name+set} ]]; then
      [[ ${AWSH_LOADED-} != "1 $__awsh_kind "* ]] || _a_changed+=" $_a_name "
      continue
    fi
    if [[ ${!_a_name} == "$_a_value" ]]; then _a_ours+=" $_a_name "; else _a_changed+=" $_a_name "; fi
  done
  for _a_name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do
    [[ $__awsh_names == *" $_a_name "* && ${!_a_name+set} ]] || continue
    if __awsh_is_our_secret "$_a_name"; then _a_ours+=" $_a_name "; else _a_changed+=" $_a_name "; fi
  done
}

# $1, a secret's name, still holds what awsh set. Of a secret the last characters alone are kept, and none is known of a
# secret key that a parent shell has set: it is awsh's while the key's id is.
__awsh_is_our_secret() {
  if [[ $__awsh_tails != *" $1="* ]]; then
    [[ ${AWS_ACCESS_KEY_ID-} == "$__awsh_key_id" ]]
  elif [[ $1 == AWS_SECRET_ACCESS_KEY ]]; then
    [[ $__awsh_tails == *" $1=${AWS_SECRET_ACCESS_KEY: -6} "* ]]
  else
    [[ $__awsh_tails == *" $1=${AWS_SESSION_TOKEN: -6} "* ]]
  fi
}

# Unsets the variables that $1 names, separated by spaces, whatever IFS is.
__awsh_unset_names() {
  local _a_rest="$1 "
  builtin set --
  while [[ $_a_rest ]]; do
    [[ $_a_rest == ' '* ]] || builtin set -- "$@" "${_a_rest%% *}"
    _a_rest=${_a_rest#* }
  done
  builtin unset -v "$@"
}

# Of the variables that $1 names, separated by spaces, keeps the read-only ones from programs, unless they were exported
# with that value before awsh. Sets the caller's _a_readonly to the first of them.
__awsh_hide_readonly() {
  local _a_rest="$1 " _a_name _a_line _a_had
  _a_readonly=''
  while [[ $_a_rest ]]; do
    _a_name=${_a_rest%% *} _a_rest=${_a_rest#* }
    [[ $_a_name ]] || continue
    _a_line=$(builtin declare -p "$_a_name" 2>/dev/null)
    _a_line=${_a_line#declare -}
    [[ ${_a_line%% *} == *r* ]] || continue
    _a_readonly=${_a_readonly:-$_a_name} _a_had=''
    for _a_line in "${__awsh_own[@]}"; do
      [[ $_a_line != exported*" $_a_name=${!_a_name-}" ]] || _a_had=1
    done
    [[ $_a_had ]] || builtin export -n "${_a_name?}"
  done
}

# Sets again what $1, of __awsh_own, tells, unless somebody has set it since.
__awsh_give_back() {
  local _a_value=${1#* }
  local _a_name=${_a_value%%=*}
  [[ $_a_changed != *" $_a_name "* && -z ${!_a_name+set} ]] || return
  # shellcheck disable=SC2163 # NAME=VALUE
  case $1 in
    exported-* | plain-*) __awsh_give_kind "${1%% *}" "$_a_name" "${_a_value#*=}" ;;
    exported*) builtin export "$_a_value" ;;
    plain*) builtin printf -v "$_a_name" %s "${_a_value#*=}" ;;
  esac
}

# Puts the arguments behind the second, and the secrets in the caller's _a_hidden, each `NAME=VALUE`, in place of all that
# awsh replaces. _a_names has the names of the former, each between spaces, and _a_nows is what AWSH_SAVED says of them. $1
# is the kind: dir, pin or blocked; $2 is for __awsh_holds. Everything is noted before anything is changed, so that one ^C in the
# middle is made good by the next put_back.
__awsh_put() {
  # Unless that was done while the agent answered.
  [[ -z $__awsh_now${__awsh_own+set} ]] || __awsh_put_back
  local _a_name _a_value _a_who=${__awsh_who:--} _a_where=- _a_saved='' _a_noted=0 _a_failed='' _a_taken
  __awsh_kind=$1 __awsh_holds=$2 __awsh_held='' __awsh_stamp='' __awsh_key_id=$_a_key_id __awsh_profile='' __awsh_foreign=''
  builtin shift 2
  [[ $__awsh_kind != blocked ]] || __awsh_profile=awsh-blocked
  [[ ! $AWS_ACCESS_KEY_ID || $AWS_ACCESS_KEY_ID != "$_a_key_id" ]] || __awsh_drop_same "$@"
  [[ ${_a_theirs+set} ]] || __awsh_list_theirs
  for _a_name in "${_a_theirs[@]:1}"; do
    # The names of the secrets are among those that are cleared.
    [[ $__awsh_cleared != *" $_a_name "* && $_a_names != *" $_a_name "* && $_a_name != AWS_ENDPOINT_URL_* ]] || __awsh_note_own
  done
  for _a_name in ${AWSH_PROFILE+AWSH_PROFILE} ${AWSH_EXPIRES+AWSH_EXPIRES} \
    ${AWSUME_PROFILE+AWSUME_PROFILE} ${AWSU_PROFILE+AWSU_PROFILE}; do
    [[ $__awsh_cleared != *" $_a_name "* && $_a_names != *" $_a_name "* ]] || __awsh_note_own
  done
  [[ -z $__awsh_lost ]] || __awsh_note_lost
  # The ends of the secrets, and what AWSH_LOADED and AWSH_SAVED tell child shells: what is loaded, and what was there before.
  if [[ $_a_key_id ]]; then
    [[ $__awsh_issued == *" $_a_key_id "* ]] || __awsh_issued+=" $_a_key_id "
    if [[ ${#_a_hidden[0]} -ge 28 && ${#_a_hidden[1]} -ge 24 && ${_a_hidden[1]: -6} != *[%[:cntrl:]]* ]]; then
      _a_value=${_a_hidden[1]: -6}
      __awsh_tails=\ AWS_SECRET_ACCESS_KEY=${_a_hidden[0]: -6}\ \ AWS_SESSION_TOKEN=$_a_value\  _a_saved+=tail\ $_a_value$__awsh_lf
    else
      __awsh_note_tails
    fi
  fi
  if [[ $__awsh_mode == auto ]]; then
    _a_where=$_a_file
    if [[ $_a_text == '1 '* ]] && __awsh_encode "${_a_text#1 }"; then _a_saved+=key\ $_a_value$__awsh_lf; fi
  fi
  [[ $_a_who$_a_where != *[%\ [:cntrl:]]* ]] || __awsh_encode_place
  [[ ! ${!__awsh_base[*]} ]] || __awsh_save_claims
  _a_saved+=$_a_nows${__awsh_protected:+protected 1$__awsh_lf}
  # Only now: none is noted before all that putting it back needs.
  __awsh_now=$_a_nows
  __awsh_names=$_a_names
  [[ ! ${_a_hidden+set} ]] || __awsh_names+=' AWS_SECRET_ACCESS_KEY '
  [[ ! ${_a_hidden[1]+set} ]] || __awsh_names+=' AWS_SESSION_TOKEN '
  # Unset in any case: a person's integer variable would evaluate what it is given.
  if [[ $IFS == ' '* ]]; then
    # shellcheck disable=SC2086 # names, meant to be split
    builtin unset -v $__awsh_names "${_a_taken[@]}" || _a_failed=1
  else
    builtin unset -v "${@%%=*}" "${_a_hidden[@]%%=*}" "${_a_taken[@]}" || _a_failed=1
  fi
  # shellcheck disable=SC2163 # each NAME=VALUE
  builtin export "$@" "${_a_hidden[@]}" "AWSH_LOADED=1 $__awsh_kind $EUID $_a_who $_a_where" "AWSH_SAVED=${_a_saved%?}" || _a_failed=1
  [[ ! $_a_failed ]] || __awsh_note_readonly
  __awsh_endpoint=$AWS_ENDPOINT_URL
}

# Sets __awsh_look's _a_theirs, behind one that is empty, to the user's own variables that awsh has to do with, once what is awsh's
# was put back. bash looks for them among all variables of all functions that run: so that is done once, and early.
__awsh_list_theirs() {
  local _a_name _a_count=1
  _a_theirs[0]=''
  for _a_name in "${!AWS_@}"; do
    if [[ $_a_name == AWS_ENDPOINT_URL_* ]] || __awsh_managed "$_a_name"; then _a_theirs[_a_count++]=$_a_name; fi
  done
}

# Notes the ends of the secrets, if one is short, or is to be encoded. It and the next two share __awsh_put's locals.
__awsh_note_tails() {
  local _a_secret=${_a_hidden[0]#*=} _a_token=${_a_hidden[1]-}
  _a_token=${_a_token#*=}
  __awsh_tails=" AWS_SECRET_ACCESS_KEY=${_a_secret: -6}  AWS_SESSION_TOKEN=${_a_token: -6} "
  if [[ $_a_token ]] && __awsh_encode "${_a_token: -6}"; then _a_saved+="tail $_a_value$__awsh_lf"; fi
}

# Notes that a variable of the user's is read-only.
__awsh_note_readonly() {
  local _a_readonly
  __awsh_hide_readonly "${_a_taken[*]} $__awsh_names"
  # A blocked shell needs a region, but not this one.
  [[ $__awsh_kind == blocked && $_a_readonly != AWS_PROFILE ]] || __awsh_readonly=$_a_readonly
}

# Encodes what AWSH_LOADED says of the profile and the file.
__awsh_encode_place() {
  if __awsh_encode "$_a_who"; then _a_who=${_a_value// /%20}; else _a_who=-; fi
  if __awsh_encode "$_a_where"; then _a_where=${_a_value// /%20}; else _a_where=-; fi
}

# What is about to be put in place is there already, from a shell whose records have not come down to this one: it is nobody's
# own. The arguments are __awsh_put's.
__awsh_drop_same() {
  local _a_pair _a_name
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  for _a_pair in "$@"; do
    _a_name=${_a_pair%%=*}
    [[ ${!_a_name-} != "${_a_pair#*=}" ]] || builtin unset -v "$_a_name"
  done
}

# Notes the person's own variable _a_name, in __awsh_own and in __awsh_put's _a_taken and _a_saved.
__awsh_note_own() {
  local _a_had=plain _a_value
  if [[ $__awsh_attributes ]]; then
    _a_value=${!_a_name@a}
    # Of an array without a first element bash tells nothing so.
    if [[ -z $_a_value && -z ${!_a_name+set} ]]; then _a_value=$(builtin declare -p "$_a_name"); fi
    [[ ${_a_value%% [A-Z]*} != *x* ]] || _a_had=exported
    [[ -z ${_a_value//[rx]/} ]] || __awsh_note_kind
  else
    _a_value=$(declare -p "$_a_name")
    [[ ${_a_value%%=*} != 'declare -'*x*" $_a_name" ]] || _a_had=exported
  fi
  _a_taken[_a_noted]=$_a_name
  __awsh_own[_a_noted++]="$_a_had $_a_name=${!_a_name-}"
  # Arrays are not exported, whatever bash says.
  if [[ $_a_had == exported* && $_a_had != *-*[aA]* ]]; then
    if __awsh_secret "$_a_name" || ! __awsh_encode "${!_a_name-}"; then
      _a_saved+="secret $_a_name$__awsh_lf"
    else
      _a_saved+="was $_a_name $_a_value$__awsh_lf"
    fi
  fi
}

# Adds to the caller's _a_had what kind of variable _a_name is, by the letters of declare, which are in _a_value; the
# elements of an array are kept in __awsh_array_NAME.
__awsh_note_kind() {
  _a_value=${_a_value#declare -}
  _a_value=${_a_value%% *}
  _a_value=${_a_value//[!aAilcu]/}
  [[ $_a_value ]] || return 0
  _a_had+=-$_a_value
  [[ $_a_value != *[aA]* ]] || __awsh_copy_array "$_a_name" "__awsh_array_$_a_name"
}

# Makes the variable $2 an array with the elements of $1. Shares _a_value, the letters of its kind.
__awsh_copy_array() {
  local _a_key
  builtin unset -v "$2"
  builtin declare -g "-$_a_value" "$2"
  local -n _a_from=$1 _a_to=$2
  # shellcheck disable=SC2004 # a key may be a word
  for _a_key in "${!_a_from[@]}"; do _a_to[$_a_key]=${_a_from[$_a_key]}; done
}

# Sets the variable $2 to $3 again, of the kind and in the way that $1 says: `plain-il`, `exported-a`.
__awsh_give_kind() {
  local _a_value=${1#*-}
  if [[ $_a_value == *[aA]* ]]; then
    __awsh_copy_array "__awsh_array_$2" "$2"
  else
    builtin declare -g "-$_a_value" "$2"
    builtin printf -v "$2" %s "$3"
  fi
  # shellcheck disable=SC2163 # the name
  [[ $1 != exported* ]] || builtin export "$2"
}

# Notes, likewise, that a secret is still lost: for the child shells of this one.
__awsh_note_lost() {
  for _a_name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN; do
    [[ $__awsh_lost == *" $_a_name "* && -z ${!_a_name+set} ]] || continue
    __awsh_own[_a_noted++]="lost $_a_name"
    _a_saved+="secret $_a_name$__awsh_lf"
  done
}

__awsh_unload() {
  __awsh_put_back 2>/dev/null
  __awsh_kind='' __awsh_who='' __awsh_label='' __awsh_renew=0 __awsh_expires=0 __awsh_protected='' __awsh_state=''
  [[ -z $__awsh_lost ]] ||
    _a_says[_a_told++]="only the shell that this one was started from still has your own$__awsh_lost"
  __awsh_lost=''
}

# No credentials at all, for any SDK: a profile that does not exist, and no instance role. $1 is what the segment says, $2
# the profile's region, if it is known. Without a region some SDKs would miss that instead, but the user's own stays.
__awsh_block() {
  local _a_key_id='' _a_names _a_nows _a_region _a_default _a_hidden IFS=' '
  __awsh_place='' __awsh_who=$__awsh_pin __awsh_expires=0 __awsh_protected='' __awsh_label=blocked
  [[ $1 == blocked ]] || __awsh_call_it "$1"
  [[ ! $__awsh_names$__awsh_now${__awsh_own+set} ]] || __awsh_put_back 2>/dev/null
  _a_region=${AWS_REGION:-${AWS_DEFAULT_REGION:-${2:-awsh-blocked}}}
  _a_default=${AWS_DEFAULT_REGION:-$_a_region}
  builtin set -- AWS_PROFILE=awsh-blocked AWS_EC2_METADATA_DISABLED=true
  _a_names=' AWS_PROFILE  AWS_EC2_METADATA_DISABLED '
  _a_nows=now\ AWS_PROFILE\ awsh-blocked${__awsh_lf}now\ AWS_EC2_METADATA_DISABLED\ true$__awsh_lf
  if [[ $_a_region$_a_default != *[%[:cntrl:]]* ]]; then
    builtin set -- "$@" "AWS_REGION=$_a_region" "AWS_DEFAULT_REGION=$_a_default"
    _a_names+=' AWS_REGION  AWS_DEFAULT_REGION '
    _a_nows+=now\ AWS_REGION\ $_a_region${__awsh_lf}now\ AWS_DEFAULT_REGION\ $_a_default$__awsh_lf
  else
    __awsh_block_oddly "$@"
    return
  fi
  {
    __awsh_put blocked block "$@"
    __awsh_note_held
  } 2>/dev/null
}

# The same with a region that is to be encoded, or that cannot be. Shares __awsh_block's locals.
__awsh_block_oddly() {
  local _a_value
  if __awsh_encode "$_a_region"; then
    builtin set -- "$@" "AWS_REGION=$_a_region"
    _a_names+=' AWS_REGION ' _a_nows+="now AWS_REGION $_a_value$__awsh_lf"
  fi
  if __awsh_encode "$_a_default"; then
    builtin set -- "$@" "AWS_DEFAULT_REGION=$_a_default"
    _a_names+=' AWS_DEFAULT_REGION ' _a_nows+="now AWS_DEFAULT_REGION $_a_value$__awsh_lf"
  fi
  __awsh_put blocked block "$@" 2>/dev/null
}

# Sets what the segment says to $1, with a ? for what no prompt should show. Letter by letter: what lies in a range, the
# locale decides. That takes long, so those with nothing to replace are kept: all of __awsh_plain may be shown.
__awsh_call_it() {
  __awsh_label=$1
  [[ $__awsh_plain != *" $1 "* ]] || return 0
  __awsh_label=${1//[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@+=,:\/ -]/?}
  [[ $__awsh_label != "$1" || ${#__awsh_plain} -ge 300 ]] || __awsh_plain+="$1 "
}

# --- beside other tools ----------------------------------------------------------------------------------------------

# direnv and mise note what they replace, and put it back later. So they never see what awsh has loaded: it is taken out
# before they run (__awsh_before), and put in again after (__awsh_step_back), unless they have set credentials, a profile
# or a region themselves. What they set is their claim for as long as it stays different from what was there before:
# then awsh leaves the directory to them. __awsh_seen holds the claimable variables as they were before the tools ran;
# __awsh_base, those that are claimed as they were before the claim; __awsh_by, who claimed them; __awsh_emptied, whether that was to unset them; all by the index in
# __awsh_claimable.

# In front of the tools' own functions, wherever those are called.
# shellcheck disable=SC2154 # _a_before is quoted
__awsh_before() {
  # Quoted for `set -k`, which takes assignments away from their command.
  local "_a_before=$?" "FUNCNEST="
  [[ ${COMP_LINE+set} ]] || __awsh_run __awsh_step_aside || :
  [[ $_a_before == 0 || $__awsh_array || $- == *e* ]] || return "$_a_before"
}

__awsh_step_aside() {
  # Open still: ^C ended a tool. What it has done by then is its claim all the same.
  [[ -z $__awsh_open ]] || return 0
  if [[ -z $__awsh_hush ]] && __awsh_ran_unseen; then
    __awsh_step_aside_late
    return
  fi
  if __awsh_is_displaced; then __awsh_yield_to_user 2>/dev/null; fi
  __awsh_open=1 __awsh_settled=''
  [[ -z $__awsh_names ]] || __awsh_take_aside 2>/dev/null
  [[ -z $__awsh_hush ]] || __awsh_ask_mise
  __awsh_look_around
}

# A tool has run since it was last seen to: it was loaded, or called by the user, and what awsh had loaded was in place.
__awsh_ran_unseen() {
  [[ ${DIRENV_DIFF-} != "$__awsh_seen_direnv" || ${__MISE_DIFF-} != "$__awsh_seen_mise" ]]
}

# As __awsh_step_aside, after such a run. What the tool has found in place, and will put back, is known by the records of
# what is displaced; what was there before it ran is what was there before awsh.
__awsh_step_aside_late() {
  __awsh_open=1 __awsh_settled=''
  [[ -z $__awsh_names ]] || __awsh_note_unseen
  __awsh_run_tools_again
  return 0
}

__awsh_note_unseen() {
  local _a_i _a_name _a_line _a_late=1
  __awsh_gone_now=$__awsh_now
  __awsh_keep_own
  builtin unset -v __awsh_displaced_own
  for _a_i in "${!__awsh_gone_own[@]}"; do __awsh_displaced_own[_a_i]=${__awsh_gone_own[_a_i]}; done
  __awsh_note_displaced
  # A pinned profile is loaded again: a part of it has been replaced.
  [[ -z $__awsh_displaced ]] || __awsh_place=''
  for _a_i in "${!__awsh_claimable[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    [[ $__awsh_names != *" $_a_name "* ]] || __awsh_seen[_a_i]=''
    for _a_line in "${__awsh_own[@]}"; do
      _a_line=${_a_line#* }
      [[ ${_a_line%%=*} != "$_a_name" ]] || __awsh_seen[_a_i]=${_a_line#*=}
    done
  done
  __awsh_take_aside 2>/dev/null
}

# A tool has evaluated its file with awsh's values in place, would do so each time, and has not seen what awsh had unset. Its
# own hook undoes that, as outside of all projects, and does it again. What is there in between is the user's, and no claim.
__awsh_run_tools_again() {
  local _a_mise='' _a_direnv='' _a_left=$PWD _a_left_old=${OLDPWD-} _a_trap
  [[ $PWD == /?* && $PWD -ef . ]] || return 0
  if [[ ${__MISE_DIFF-} != "$__awsh_seen_mise" ]]; then
    [[ ${__MISE_DIFF-} ]] && declare -F _mise_hook >/dev/null || return 0
    _a_mise=1
  fi
  if [[ ${DIRENV_DIFF-} != "$__awsh_seen_direnv" ]]; then
    [[ ${DIRENV_DIFF-} ]] && declare -F _direnv_hook >/dev/null || return 0
    _a_direnv=1
  fi
  # direnv takes out a trap of the user each time.
  _a_trap=$(builtin trap -p INT)
  [[ $_a_trap ]] || builtin trap '' INT
  if builtin cd /; then
    [[ -z $_a_mise ]] || _mise_hook 2>/dev/null
    [[ -z $_a_direnv ]] || _direnv_hook 2>/dev/null
    [[ $_a_trap ]] || builtin trap '' INT
    builtin cd "$_a_left" && OLDPWD=$_a_left_old
  fi
  [[ $_a_trap ]] || builtin trap - INT
  [[ -z $__awsh_displaced ]] || __awsh_restore_displaced 2>/dev/null
  __awsh_look_around
  [[ -z $_a_direnv ]] || _direnv_hook
  [[ -z $_a_mise ]] || _mise_hook
}

# mise sets its variables while the rc file is read already, maybe before awsh is loaded. At the first prompt it is asked what
# it would set outside of all projects: what differs from that here is its claim.
__awsh_ask_mise() {
  local _a_i _a_name _a_set='' _a_line _a_rest
  [[ ${__MISE_DIFF-} ]] || return 0
  for _a_name in "${__awsh_claimable[@]}"; do _a_set+=${!_a_name:+1}; done
  # With nothing set, what mise has done is at least not nothing: it may have unset one.
  [[ $_a_set || ${#__MISE_DIFF} -gt 40 ]] || return 0
  _a_rest=$(mise -C / hook-env -s bash </dev/null 2>/dev/null)$__awsh_lf
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    for _a_i in "${!__awsh_claimable[@]}"; do
      _a_name=${__awsh_claimable[_a_i]}
      # A pinned profile is loaded again, because mise has changed a part of what the parent shell had loaded.
      case $_a_line in
        "unset $_a_name") __awsh_base[_a_i]='' __awsh_by[_a_i]=mise __awsh_place='' ;;
        "export $_a_name="*)
          _a_line=${_a_line#*=} _a_line=${_a_line#\'}
          __awsh_base[_a_i]=${_a_line%\'} __awsh_by[_a_i]=mise __awsh_place=''
          [[ ${!_a_name-} ]] || __awsh_emptied[_a_i]=1
          ;;
      esac
    done
  done
}

# Notes the variables that a tool could claim, and what tells that it did something.
__awsh_look_around() {
  local _a_i _a_name
  for _a_i in "${!__awsh_claimable[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    __awsh_seen[_a_i]=${!_a_name-}
  done
  __awsh_seen_direnv=${DIRENV_DIFF-} __awsh_seen_mise=${__MISE_DIFF-}
}

# Takes out what is loaded, to be put in again.
__awsh_take_aside() {
  local _a_name _a_value _a_line _a_ours=" $__awsh_names " _a_changed='' _a_count=0 _a_rest=$__awsh_now
  __awsh_hold
  [[ $__awsh_there == "$__awsh_held" ]] || __awsh_find_ours
  __awsh_kept_now=''
  builtin unset -v __awsh_kept __awsh_kept_hidden
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    _a_name=${_a_line#now }
    _a_name=${_a_name%% *}
    [[ $_a_ours == *" $_a_name "* ]] || continue
    __awsh_kept[_a_count++]="$_a_name=${!_a_name-}"
    __awsh_kept_now+=$_a_line$__awsh_lf
  done
  [[ $_a_ours != *' AWS_SECRET_ACCESS_KEY '* ]] ||
    __awsh_kept_hidden[0]=AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY-}
  [[ $_a_ours != *' AWS_SESSION_TOKEN '* ]] || __awsh_kept_hidden[1]=AWS_SESSION_TOKEN=${AWS_SESSION_TOKEN-}
  __awsh_put_back
}

# After the tools: notes their claims, and in the caller's _a_claimed whether there are others than before.
__awsh_step_back() {
  local _a_i _a_name _a_seen _a_tool=''
  # What a tool has put back may be awsh's own.
  [[ -z $__awsh_displaced || $__awsh_names ]] || __awsh_restore_displaced 2>/dev/null
  __awsh_open='' __awsh_stood=${PWD-}
  [[ ${__MISE_DIFF-} == "$__awsh_seen_mise" ]] || _a_tool=mise
  # If direnv has left, what is new is not its claim.
  [[ ${DIRENV_DIFF-} == "$__awsh_seen_direnv" || ($_a_tool && -z ${DIRENV_DIFF-}) ]] || _a_tool=direnv${_a_tool:+_or_mise}
  for _a_i in "${!__awsh_claimable[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    _a_seen=${__awsh_seen[_a_i]-}
    [[ ${!_a_name-} != "$_a_seen" ]] || continue
    _a_claimed=1 __awsh_seen[_a_i]=${!_a_name-}
    if [[ ! ${__awsh_base[_a_i]+set} ]]; then
      # direnv has left, and what it had set was set in a parent shell.
      [[ $_a_tool != direnv || ${DIRENV_DIFF-} ]] || continue
      __awsh_base[_a_i]=$_a_seen
    fi
    __awsh_by[_a_i]=${_a_tool:-${__awsh_by[_a_i]-}}
    __awsh_emptied[_a_i]=''
    [[ ${!_a_name-} ]] || __awsh_emptied[_a_i]=1
    # As it was before: the tool has left.
    [[ ${!_a_name-} != "${__awsh_base[_a_i]}" ]] || builtin unset -v "__awsh_base[$_a_i]"
  done
  __awsh_seen_direnv=${DIRENV_DIFF-} __awsh_seen_mise=${__MISE_DIFF-}
}

# Sets __awsh_foreign to the name of the variable that another tool, or the user, has set in the place of what awsh would
# load here, or to nothing; and __awsh_tool to the tool's name, if it is known. A profile that the user has pinned is not
# left to tools. Shares __awsh_look's locals.
__awsh_find_foreign() {
  local _a_i _a_name
  __awsh_foreign='' __awsh_tool=''
  if [[ $__awsh_typed ]]; then
    _a_name=${__awsh_typed%%=*}
    if [[ $_a_place == "$__awsh_typed_at" && ${!_a_name-} == "${__awsh_typed#*=}" ]]; then
      __awsh_foreign=$_a_name
      return
    fi
    __awsh_typed=''
  fi
  [[ $__awsh_mode == auto && $_a_wanted ]] || return 0
  for _a_i in "${!__awsh_base[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    # What a tool has unset, and what has a value again, has that from the user.
    [[ ${!_a_name-} && ${!_a_name} != "${__awsh_base[_a_i]}" && -z ${__awsh_emptied[_a_i]-} ]] || continue
    # After a cd direnv waits for the prompt. Outside of its directory it will put that back.
    [[ ${__awsh_by[_a_i]-} != direnv* || ${PWD-} == "$__awsh_stood" || (${DIRENV_DIR-} && ${PWD-}/ == "${DIRENV_DIR#-}"/*) ]] || continue
    __awsh_foreign=$_a_name __awsh_tool=${__awsh_by[_a_i]-}
    return 0
  done
}

# What is loaded is not as awsh made it any more. Sets __awsh_displaced_by to the variable that shows it, or to `secret`.
__awsh_is_displaced() {
  [[ $__awsh_kind && $__awsh_names ]] || return
  if [[ ${AWS_PROFILE-} != "$__awsh_profile" ]]; then
    __awsh_displaced_by=AWS_PROFILE
  elif [[ ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id" ]]; then
    __awsh_displaced_by=AWS_ACCESS_KEY_ID
  elif [[ -z $__awsh_key_id ]]; then
    return 1
  elif [[ ${AWS_ENDPOINT_URL-} != "$__awsh_endpoint" ]]; then
    __awsh_displaced_by=AWS_ENDPOINT_URL
  elif [[ ${AWS_ROLE_ARN-}${AWS_CONTAINER_CREDENTIALS_FULL_URI-} ]]; then
    __awsh_displaced_by=AWS_ROLE_ARN
    [[ ${AWS_ROLE_ARN-} ]] || __awsh_displaced_by=AWS_CONTAINER_CREDENTIALS_FULL_URI
  elif [[ ${AWS_SECURITY_TOKEN-} ]] || ! __awsh_has_tail AWS_SECRET_ACCESS_KEY "${AWS_SECRET_ACCESS_KEY: -6}" ||
    ! __awsh_has_tail AWS_SESSION_TOKEN "${AWS_SESSION_TOKEN: -6}"; then
    __awsh_displaced_by=secret
  else
    return 1
  fi
}

# The secret $1 ends as awsh's does, or that is not known.
__awsh_has_tail() {
  [[ $__awsh_tails != *" $1="* || $__awsh_tails == *" $1=$2 "* ]]
}

# Something other than a tool's hook, so probably the user, has displaced what is loaded: all of it is taken out. An id
# that awsh itself has set earlier is nobody's choice, and a secret alone is half of one: what belongs here is loaded anew.
__awsh_yield_to_user() {
  local _a_i _a_name=$__awsh_displaced_by _a_place=${__awsh_place#foreign * }
  if [[ ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id" && $__awsh_issued == *" ${AWS_ACCESS_KEY_ID:--} "* ]]; then
    __awsh_scrub
    __awsh_place=''
  elif [[ $_a_name == secret ]]; then
    __awsh_put_back
    __awsh_place=''
  else
    __awsh_put_back
    builtin unset -v __awsh_displaced_own
    for _a_i in "${!__awsh_gone_own[@]}"; do __awsh_displaced_own[_a_i]=${__awsh_gone_own[_a_i]}; done
    __awsh_typed=$_a_name=${!_a_name-} __awsh_typed_at=$_a_place
    __awsh_note_displaced
  fi
  __awsh_kind='' __awsh_key_id='' __awsh_profile=''
}

# Notes what was set in the place of awsh's own, with awsh's value and what was there before awsh. Whoever set it (a
# virtualenv, say) may have noted awsh's value, to put that back later: then it is known by these records.
__awsh_note_displaced() {
  local _a_line _a_name _a_value _a_rest=$__awsh_gone_now _a_set=' '
  __awsh_displaced='' __awsh_displaced_now=$__awsh_gone_now
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    _a_line=${_a_line#now }
    _a_name=${_a_line%% *}
    _a_set+="$_a_name "
    __awsh_decode "${_a_line#* }"
    if [[ ! ${!_a_name+set} ]]; then
      # Not set, because it was taken out; or because a tool has unset it.
      [[ -z ${_a_late-} ]] || __awsh_note_one_displaced "=$_a_value"
    elif [[ ${!_a_name} != "$_a_value" ]]; then
      __awsh_note_one_displaced "=$_a_value"
    fi
  done
  for _a_line in "${__awsh_gone_own[@]}"; do
    _a_line=${_a_line#* }
    _a_name=${_a_line%%=*}
    __awsh_secret "$_a_name" || [[ $_a_set == *" $_a_name "* || ! ${!_a_name+set} ]] || __awsh_note_one_displaced -
  done
}

# Adds _a_name to the records: a line `NAME MADE` and a line with what it is now, both `=VALUE`, or - for unset. $1 is what
# awsh had made of it.
__awsh_note_one_displaced() {
  local _a_value _a_made _a_now=-
  __awsh_encode "$1" && _a_made=$_a_value || return
  if [[ ${!_a_name+set} ]]; then __awsh_encode "=${!_a_name}" && _a_now=$_a_value || return; fi
  __awsh_displaced+="$_a_name $_a_made$__awsh_lf$_a_now$__awsh_lf"
}

# Where a variable of the records is again what awsh had made of it, gives back what was there before awsh. With the key's id
# everything that awsh had set then may have come back.
__awsh_restore_displaced() {
  local _a_i _a_line _a_name _a_made _a_then _a_value _a_rest=$__awsh_displaced _a_changed='' _a_now
  __awsh_displaced=''
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    _a_then=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    _a_name=${_a_line%% *} _a_made=${_a_line#* }
    _a_now=-
    if [[ ${!_a_name+set} ]]; then __awsh_encode "=${!_a_name}" && _a_now=$_a_value; fi
    if [[ $_a_now == "$_a_then" ]]; then
      __awsh_displaced+=$_a_line$__awsh_lf$_a_then$__awsh_lf
    elif [[ $_a_now == "$_a_made" ]]; then
      builtin unset -v "$_a_name"
      __awsh_give_from_records "$_a_name"
      if [[ $_a_name == AWS_ACCESS_KEY_ID ]]; then
        builtin unset -v AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
        __awsh_give_from_records AWS_SECRET_ACCESS_KEY
        __awsh_give_from_records AWS_SESSION_TOKEN
        _a_changed=all
      fi
    fi
  done
  [[ $_a_changed == all ]] || return 0
  __awsh_now=$__awsh_displaced_now __awsh_names=' AWS_REGION '
  for _a_i in "${!__awsh_displaced_own[@]}"; do __awsh_own[_a_i]=${__awsh_displaced_own[_a_i]}; done
  __awsh_held=-
  __awsh_put_back
}

# Gives $1 back as it was before awsh; or, if a tool has claimed it, as it was before that: awsh may have found the tool's
# value there.
__awsh_give_from_records() {
  local _a_i _a_line=''
  for _a_i in "${!__awsh_base[@]}"; do
    [[ ${__awsh_claimable[_a_i]} == "$1" ]] || continue
    for _a_line in "${__awsh_displaced_own[@]}"; do
      [[ ${_a_line#* } != "$1=${__awsh_base[_a_i]}" ]] || break
      _a_line=''
    done
    # The user's own goes back as it was. One that was not exported no tool has seen: it is unset, as it is without awsh.
    case $_a_line in exported*) break ;; plain*) return 0 ;; esac
    # What mise has found in a parent shell was awsh's.
    if [[ =${__awsh_base[_a_i]} == "$_a_made" ]]; then
      __awsh_base[_a_i]=''
      break
    fi
    [[ -z ${__awsh_base[_a_i]} ]] || builtin export "$1=${__awsh_base[_a_i]}"
    return 0
  done
  for _a_line in "${__awsh_displaced_own[@]}"; do
    [[ $_a_line != *" $1="* || ${_a_line#* } != "$1="* ]] || __awsh_give_back "$_a_line"
  done
}

# Adds to the caller's _a_saved what the tools have claimed, which child shells would take for the user's.
__awsh_save_claims() {
  local _a_i _a_value
  for _a_i in "${!__awsh_base[@]}"; do
    __awsh_encode "${__awsh_base[_a_i]}" || continue
    _a_saved+="claim ${__awsh_claimable[_a_i]} ${__awsh_by[_a_i]:--} $_a_value$__awsh_lf"
  done
  [[ -z $__awsh_displaced ]] || __awsh_save_displaced
}

# Adds to the caller's _a_saved which of awsh's values a tool may put back in a child shell, and what was there before awsh.
__awsh_save_displaced() {
  local _a_line _a_name _a_own _a_value _a_made _a_rest=$__awsh_displaced
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"*"$__awsh_lf"}
    _a_name=${_a_line%% *} _a_made=${_a_line#* } _a_value=-
    for _a_own in "${__awsh_displaced_own[@]}"; do
      [[ ${_a_own#* } != "$_a_name="* ]] || __awsh_encode "=${_a_own#*=}" || _a_value=-
    done
    _a_saved+="back $_a_name ${_a_made// /%20} $_a_value$__awsh_lf"
  done
}

# Tells child shells that awsh is off here, and what the tools have claimed.
__awsh_leave_off() {
  local _a_saved=''
  __awsh_save_claims
  builtin export AWSH_LOADED="1 off $EUID - -" AWSH_SAVED="${_a_saved%?}"
  [[ $_a_saved ]] || builtin unset -v AWSH_SAVED
}

# Leaves the directory to the tool or user that set __awsh_foreign. Child shells are told of it, as __awsh_put tells them.
__awsh_leave_to_others() {
  local _a_value _a_where=- _a_saved=''
  _a_result=1
  __awsh_unload
  ! __awsh_encode "$_a_file" || _a_where=${_a_value// /%20}
  [[ $_a_text == '1 '* ]] && __awsh_encode "${_a_text#1 }" && _a_saved+="key $_a_value$__awsh_lf"
  __awsh_save_claims
  if [[ $__awsh_typed ]] && __awsh_encode "$__awsh_typed"; then _a_saved+="typed ${_a_value/=/ }$__awsh_lf"; fi
  [[ $__awsh_foreign != "$__awsh_readonly" ]] || _a_saved+="readonly $__awsh_foreign$__awsh_lf"
  __awsh_note_override
  builtin export "AWSH_LOADED=1 overridden $EUID ${__awsh_pin:--} $_a_where" "AWSH_SAVED=${_a_saved%?}"
}

# Puts what was taken aside in again.
__awsh_put_again() {
  local _a_names _a_nows=$__awsh_kept_now _a_key_id=$__awsh_key_id _a_hidden IFS=' '
  [[ -z ${__awsh_kept_hidden[0]+set} ]] || _a_hidden[0]=${__awsh_kept_hidden[0]}
  [[ -z ${__awsh_kept_hidden[1]+set} ]] || _a_hidden[1]=${__awsh_kept_hidden[1]}
  builtin printf -v _a_names ' %s ' "${__awsh_kept[@]%%=*}"
  __awsh_put "$__awsh_kind" all "${__awsh_kept[@]}"
}

# --- asking --------------------------------------------------------------------------------------------------------

# What the hook was given when it was sourced decides where awsh looks; what a directory sets later does not. In the place
# of what awsh itself put there in a parent shell (AWS_CA_BUNDLE) counts what was there before.
__awsh_fix_environment() {
  local _a_name _a_value _a_saved="$__awsh_lf${AWSH_SAVED-}$__awsh_lf" _a_was
  __awsh_fixed='' __awsh_given=()
  for _a_name in "${__awsh_fixable[@]}"; do
    { [[ ${!_a_name+set} ]] && __awsh_encode "${!_a_name}"; } || continue
    if [[ $_a_saved == *"${__awsh_lf}now $_a_name $_a_value$__awsh_lf"* ]]; then
      _a_was=${_a_saved#*"${__awsh_lf}was $_a_name "}
      [[ $_a_was != "$_a_saved" ]] || continue
      _a_value=${_a_was%%"$__awsh_lf"*}
    fi
    [[ " ${__awsh_sendable[*]} " != *" $_a_name "* ]] || __awsh_fixed+="env $_a_name $_a_value$__awsh_lf"
    # Its password would be sent before the agent has shown its proof (security rule 14): Node is asked.
    [[ $_a_name != *_[Pp][Rr][Oo][Xx][Yy] || $_a_value != *@* ]] || __awsh_agent=''
    __awsh_decode "$_a_value"
    __awsh_given+=("$_a_name=$_a_value")
  done
  builtin unset -v __awsh_fixable __awsh_sendable
}

# Becomes the launcher, in a process of its own, with the environment that the hook was given when it was sourced: nothing that
# a directory has set since reaches the launcher, or what it starts. $1 is the request, or empty.
__awsh_become_launcher() {
  { builtin set +aeuvxET; } 2>/dev/null
  local _a_names _a_name _a_pair
  _a_names=$(compgen -e && builtin declare -Fx)$__awsh_lf
  while [[ $_a_names ]]; do
    _a_name=${_a_names%%"$__awsh_lf"*} _a_names=${_a_names#*"$__awsh_lf"}
    # shellcheck disable=SC2163 # the variable that it names
    case $_a_name in
      'declare -fx '*) builtin export -nf "${_a_name#declare -fx }" ;;
      *) [[ " ${__awsh_passable[*]} " == *" $_a_name "* ]] || builtin export -n "$_a_name" ;;
    esac
  done
  for _a_pair in "${__awsh_given[@]}"; do
    _a_name=${_a_pair%%=*}
    # One that is read-only cannot be set, and need not be.
    [[ ${!_a_name-} != "${_a_pair#*=}" ]] || _a_pair=$_a_name
    # shellcheck disable=SC2163 # as above
    builtin export "$_a_pair"
  done
  [[ -z $1 ]] || builtin export "AWSH_REQUEST=$1"
  builtin exec "$__awsh_launcher" "${@:2}"
}

# Sets __awsh_tty, as tty(1) would print it.
__awsh_find_tty() {
  for __awsh_tty in /dev/pts/[0-9]* /dev/tty[0-9s]*; do
    [[ ! $__awsh_tty -ef /dev/fd/0 ]] || return 0
  done
  __awsh_tty=''
}

# Sets _a_request, but for its end; $1 is a line of its own for it (renew 1, refresh 1) or empty. Fails where it cannot be
# written.
__awsh_request() {
  local _a_value=$PWD
  [[ $__awsh_tty || ! -t 0 ]] || __awsh_find_tty
  if [[ $PWD == *[%[:cntrl:]]* || $PWD == *[![:ascii:]]* ]]; then __awsh_encode_folder || return; fi
  _a_request="load 1${__awsh_lf}cwd $_a_value$__awsh_lf"
  if [[ $__awsh_mode == pin ]]; then
    __awsh_encode "$__awsh_pin" || return
    _a_request+="pin $_a_value$__awsh_lf"
  fi
  if [[ -z $_a_moved && ($__awsh_kind == dir || $__awsh_kind == pin) ]]; then
    __awsh_encode "$__awsh_who" && _a_request+="loaded $_a_value$__awsh_lf"
  fi
  _a_request+="${1:+$1$__awsh_lf}${_a_quiet:+quiet 1$__awsh_lf}${__awsh_tty:+tty $__awsh_tty$__awsh_lf}$__awsh_fixed"
}

# Sets the caller's _a_value to the folder that Node is to look for the directory file from: this one, or that of the file
# that was found, if this one's path has bytes that are not text further down. Fails if that path has some, too.
__awsh_encode_folder() {
  local _a_folder=/
  if __awsh_is_utf8 "$PWD" && __awsh_encode "$PWD"; then return; fi
  [[ $__awsh_mode != auto || $_a_file == /.awsprofile ]] || _a_folder=${_a_file%/.awsprofile}
  __awsh_encode "$_a_folder"
}

# True unless $1 has bytes that are no part of a letter. (Node refuses the few that this lets through.)
__awsh_is_utf8() {
  local LC_ALL=C _a_text=$1
  _a_text=${_a_text//[$'\xc2'-$'\xdf'][$'\x80'-$'\xbf']/x}
  _a_text=${_a_text//[$'\xe0'-$'\xef'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/x}
  _a_text=${_a_text//[$'\xf0'-$'\xf4'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/x}
  [[ $_a_text != *[$'\x80'-$'\xff']* ]]
}

# The directory file is in a folder whose path cannot be sent: it is not used, and neither is one further up.
__awsh_refuse_folder() {
  __awsh_unload
  __awsh_call_it malformed
  _a_result=11
  __awsh_text path
  __awsh_note_state malformed "$_a_line" cd
}

# Asks for what this place wants and takes the answer. $1 as for the request. Sets _a_result, an exit status. Shares
# __awsh_look's locals, in which it is called once: bash looks for each variable in every function that has some.
__awsh_ask() {
  if [[ $1 == 'renew 1' ]]; then
    _a_known="$__awsh_state $__awsh_reason"
    if [[ $__awsh_waits == person ]]; then
      __awsh_ask_again
      return
    fi
  fi
  # Whatever becomes of the answer, ^C included, the next question is not asked at the next prompt, as in __awsh_retry_later.
  __awsh_waits='' __awsh_renew=$((_a_now + __awsh_pause)) __awsh_pause=60
  # One redirection around all that may complain: each costs ten system calls.
  if [[ $__awsh_agent && $1 != 'refresh 1' ]] && __awsh_try_agent "$1" '' 2>/dev/null; then return; fi
  __awsh_ask_cold "$1"
}

# Somebody may have answered in another terminal, which the agent knows; nothing else has changed.
__awsh_ask_again() {
  __awsh_retry_later
  __awsh_renew=1
  [[ -z $__awsh_agent ]] || __awsh_try_agent 'renew 1' ok 2>/dev/null
  return 0
}

# Asks Node, $1 as for the request, and blocks if that gives no usable answer. It is apart from __awsh_ask because bash copies
# a function's body at each call.
__awsh_ask_cold() {
  if [[ $_a_moved && $1 != 'use 1' && ! ${_a_theirs+set} ]]; then
    [[ ! $__awsh_names$__awsh_now${__awsh_own+set} ]] || __awsh_put_back 2>/dev/null
    __awsh_list_theirs
  fi
  if [[ $_a_request ]] || __awsh_request "$1"; then
    if __awsh_ask_node "$1" && __awsh_take_answer 2>/dev/null; then return; fi
    __awsh_read_late
  elif [[ $__awsh_mode == auto ]]; then
    __awsh_refuse_folder
    return
  fi
  _a_result=1
  if [[ $1 == 'use 1' ]]; then
    _a_kept=1
    return
  fi
  __awsh_block blocked
  __awsh_text unanswered
  __awsh_fill launcher "$__awsh_launcher"
  __awsh_note_state blocked "$_a_line" 'awsh refresh'
}

# Asks the agent, $1 as for the request, and takes its answer, where $2 is empty or the answer's status. What is read byte
# by byte is read in the C locale twice as fast.
__awsh_try_agent() {
  # Most costs a locale that is set as a whole.
  if [[ ${LC_ALL-} ]]; then local LC_ALL=C; else local LC_CTYPE=C; fi
  __awsh_ask_agent "$1" && [[ -z $2 || $_a_reply == "$_a_proof $2 "* ]] && __awsh_take_answer
}

# The warm path: the agent, over loopback, by builtins alone. Sets _a_reply, _a_proof, _a_code. Fails where there is no
# agent, where it has not got the session, and wherever there is any doubt: then the cold path is taken. What can be done
# without the answer is done while the agent takes the connection in, and while it answers.
__awsh_ask_agent() {
  local _a_port='' _a_token='' _a_connected='' REPLY=''
  ((_a_now >= __awsh_rest)) && __awsh_read_agent || return
  REPLY=''
  # Still set at the next prompt: ^C came between.
  __awsh_busy=1
  if __awsh_request "$1"; then
    _a_connected=1
    # Whoever has the port may have closed it already, and a write to that would end this shell.
    builtin trap '' PIPE
    # The line end belongs to the text: what printf adds to it would be a write of its own.
    builtin printf %s "$_a_token $_a_request${__awsh_sized}end$__awsh_lf" >&9
    builtin trap - PIPE
    # In another place what was loaded goes, whatever the answer is. `awsh use` may change nothing.
    if [[ $_a_moved && $1 != 'use 1' ]]; then
      __awsh_put_back
      [[ ${_a_theirs+set} ]] || __awsh_list_theirs
    fi
    __awsh_receive
  fi 9<>"/dev/tcp/127.0.0.1/$_a_port"
  __awsh_busy=''
  # Nobody there is soon found out, and says nothing against the agent that comes next.
  [[ $_a_connected ]] || return
  if [[ ${REPLY:0:65} != "$_a_proof " || ${REPLY: -5} != "${__awsh_lf}end$__awsh_lf" ]]; then
    __awsh_rest_from_agent
    return 1
  fi
  __awsh_rest_seconds=10
  [[ ${REPLY:65:5} != 'cold ' ]] || return
  # As from a substitution, without the last line end.
  _a_reply=${REPLY%?} _a_code=0
}

# Reads into REPLY what the other side says, for at most a quarter of a second; bash 3.2 knows whole seconds alone. -N reads
# blocks where -d reads single bytes, but bash 5.2 and newer make three system calls for each byte as long as there is a
# limit. So the agent says first, after the proof, how much it says: the rest has come with that, or it is none of ours.
# One that does not (an older one; ours, where it cannot read the request) is read as it is in older shells.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 401)); then
  __awsh_sized="sized 1$__awsh_lf"
  __awsh_receive() {
    builtin read -r -t 0.25 -N 74 -u 9
    if [[ ${#REPLY} == 74 && $REPLY == "$_a_proof "*"$__awsh_lf" && ${REPLY:65:8} != *[!0-9]* ]]; then
      builtin read -t 0 -u 9 && builtin read -r -N "$((10#${REPLY:65:8}))" -u 9
    else
      local _a_begun=$REPLY
      builtin read -r -t 0.25 -N 65536 -u 9
      REPLY=$_a_begun$REPLY
    fi
  }
else
  __awsh_sized=''
  if ((BASH_VERSINFO[0] >= 4)); then
    __awsh_receive() { builtin read -r -t 0.25 -d '' -u 9; }
  else
    __awsh_receive() { builtin read -r -t 1 -d '' -u 9; }
  fi
fi

# Sets _a_port, _a_token and _a_proof from the agent's state file: one line, `PORT PID VERSION TOKEN PROOF`. Fails where
# it is not our own, in a folder of our own, or not of this form.
__awsh_read_agent() {
  local IFS=' ' _a_pid _a_version _a_more
  [[ -O ${__awsh_agent%/*} && -f $__awsh_agent && ! -L $__awsh_agent && -O $__awsh_agent && -r $__awsh_agent ]] || return
  builtin read -r -n 300 -u 9 _a_port _a_pid _a_version _a_token _a_proof _a_more 9<"$__awsh_agent" || return
  [[ $_a_pid && $_a_version && $_a_pid$_a_version != *[!0-9A-Za-z.+-]* && -z $_a_more &&
    $_a_port == [1-9]* && $_a_port != *[!0-9]* && ${#_a_port} -le 5 &&
    ${#_a_token} == 64 && ${#_a_proof} == 64 && $_a_token$_a_proof != *[!0-9a-f]* ]] &&
    { [[ $_a_version == "$__awsh_version" ]] || ! __awsh_outdates "$_a_version"; }
}

# True if this awsh is newer than the agent of version $1: then Node answers, and replaces that agent.
__awsh_outdates() {
  [[ $__awsh_version && "$__awsh_version $1" =~ ^([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?)[^\ ]*\ ([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?) ]] &&
    ((2 * (10#${BASH_REMATCH[1]} * 100000000 + 10#${BASH_REMATCH[2]} * 10000 + 10#${BASH_REMATCH[3]}) - ${#BASH_REMATCH[4]} > \
    2 * (10#${BASH_REMATCH[5]} * 100000000 + 10#${BASH_REMATCH[6]} * 10000 + 10#${BASH_REMATCH[7]}) - ${#BASH_REMATCH[8]}))
}

# Sets __awsh_version from the package's own file, $1, as npm and its authors write it; empty if it is written otherwise.
__awsh_read_version() {
  local _a_name=''
  __awsh_version=''
  [[ -f $1 && -r $1 ]] || return 0
  { builtin read -r -u 9 _a_name && builtin read -r -u 9 _a_name && builtin read -r -u 9 __awsh_version; } 9<"$1"
  __awsh_version=${__awsh_version#*'"version": "'}
  __awsh_version=${__awsh_version%'",'}
  [[ $_a_name == *'"name": "awsh",' && $__awsh_version != *[!0-9A-Za-z.+-]* ]] || __awsh_version=''
}

# An agent that hangs, or speaks otherwise than ours, is left alone for ten seconds, then for a minute each time.
__awsh_rest_from_agent() {
  __awsh_rest=$((_a_now + __awsh_rest_seconds))
  __awsh_rest_seconds=60
}

# The cold path: one Node process in the foreground, which may ask the person on /dev/tty. Sets _a_reply, _a_proof, _a_code.
# $1 as for the request.
__awsh_ask_node() {
  if [[ $_a_moved && $1 != 'use 1' ]]; then
    # The old place's keys are gone before the long question, so that ^C cannot leave them here.
    __awsh_block blocked
    __awsh_place=$_a_place
    __awsh_text interrupted
    __awsh_state=blocked __awsh_reason=$_a_line __awsh_todo='awsh refresh' __awsh_since=$_a_now
  fi
  _a_proof=-
  [[ -f $__awsh_launcher && -x $__awsh_launcher ]] || return
  if [[ $_a_quiet ]]; then
    _a_reply=$(__awsh_become_launcher "- ${_a_request}end" _load </dev/null 2>/dev/null)
  else
    _a_reply=$(__awsh_become_launcher "- ${_a_request}end" _load </dev/null)
  fi
  _a_code=$?
  [[ $_a_reply ]]
}

# A question that failed is asked again after ten seconds, then every minute.
__awsh_retry_later() {
  __awsh_renew=$((_a_now + __awsh_pause))
  __awsh_pause=60
}

# Takes _a_reply: all of it, or nothing and fails. Nothing of the shell is changed before the last line was read.
__awsh_take_answer() {
  __awsh_take_keys || { __awsh_read_late && __awsh_take; }
}

# Takes an answer as it mostly is: keys, in the agent's order, for the same variables as the last ones that were taken, with
# nothing to decode or to say. Fails, with nothing changed, if it is another. Its lines become this function's arguments, and then
# the variables to set, but for the secrets: splitting words takes a tenth of the time that cutting line by line takes, but
# needs an IFS that is not read-only.
__awsh_take_keys() {
  [[ ${_a_reply:${#_a_proof}+1:3} == 'ok ' && $__awsh_usual_lines && $_a_reply != *%* ]] || return
  local _a_line _a_renew _a_label _a_expires _a_key_id _a_names=$__awsh_usual_names _a_nows _a_protected='' _a_hidden IFS=$__awsh_lf
  [[ $IFS == "$__awsh_lf" ]] || return
  # Put aside as __awsh_run does it, for the next prompt to put back where ^C comes between.
  _a_line=$__awsh_flags __awsh_flags=${__awsh_flags:-$-}
  builtin set -f
  # shellcheck disable=SC2086 # lines, meant to be split
  builtin set -- $_a_reply
  builtin set +f
  __awsh_flags=$_a_line IFS=' '
  _a_line=$*
  # Shorter if a line was empty.
  [[ $# -ge 6 && ${!#} == end && ${#_a_line} -eq ${#_a_reply} ]] || return
  # What bash quotes like this has no control byte. To look for one with a pattern takes ten times as long.
  [[ $__awsh_attributes && ${_a_line@Q} == \'* ]] || [[ $_a_line != *[[:cntrl:]]* ]] || return
  _a_label=${1:${#_a_proof}+4}
  _a_renew=${_a_label%% *} _a_label=${_a_label#* }
  [[ $1 == "$_a_proof ok $_a_renew $_a_label" && ${2:0:22} == 'set AWS_ACCESS_KEY_ID ' &&
    ${3:0:26} == 'set AWS_SECRET_ACCESS_KEY ' && ${4:0:22} == 'set AWS_SESSION_TOKEN ' ]] || return
  _a_key_id=${2:22} _a_hidden[0]=AWS_SECRET_ACCESS_KEY=${3:26} _a_hidden[1]=AWS_SESSION_TOKEN=${4:22}
  builtin shift 4
  # The last, with what is before it.
  if [[ $_a_line == *' protected 1 end' ]]; then
    _a_protected=1
    builtin set -- "${@:1:$#-2}"
  else
    builtin set -- "${@:1:$#-1}"
  fi
  _a_line=$*
  builtin set -- "${@#set }"
  _a_nows=$*
  # Each line sets a variable, and those that were proven, in their order: there are no more line ends than the pattern has.
  [[ $# == "$__awsh_usual_count" && ${#_a_line} -eq $((${#_a_nows} + 4 * $#)) ]] || return
  builtin printf -v _a_nows 'now %s\n' "AWS_ACCESS_KEY_ID $_a_key_id" "$@"
  # shellcheck disable=SC2053 # a pattern
  [[ $_a_nows == $__awsh_usual_lines ]] || return
  _a_expires=${!#}
  _a_expires=${_a_expires:13}
  [[ $_a_key_id && $_a_renew && $_a_expires && $_a_renew$_a_expires != *[!0-9]* && ${#_a_renew} -le 12 && ${#_a_expires} -le 12 ]] ||
    return
  [[ $_a_text != unread ]] || __awsh_read_late
  __awsh_accept
  if [[ $__awsh_mode == pin ]]; then _a_line=pin; else _a_line=dir; fi
  __awsh_put "$_a_line" "$__awsh_usual_holds" "AWS_ACCESS_KEY_ID=$_a_key_id" "${@/ /=}"
  __awsh_renew=$((10#$_a_renew)) __awsh_pause=10
  # A time that has come already would ask at each prompt.
  if ((__awsh_renew > 0 && __awsh_renew <= _a_now)); then __awsh_retry_later; fi
}

# Notes whose keys are put in place now. Shares the caller's locals.
__awsh_accept() {
  __awsh_place='' __awsh_state='' __awsh_who=$_a_label __awsh_expires=$((10#$_a_expires)) __awsh_protected=$_a_protected _a_result=0
  __awsh_call_it "$_a_label"
}

# Takes any other answer.
__awsh_take() {
  local _a_line _a_name _a_status _a_renew _a_label _a_protected='' _a_expires=0 _a_key_id='' _a_nows _a_set
  local _a_names _a_state='' _a_reason='' _a_todo=''
  local -a _a_sets _a_given _a_hidden _a_heard
  local IFS=$' \t\n'
  [[ ${_a_reply//$__awsh_lf/} != *[[:cntrl:]]* && $_a_reply != *"$__awsh_lf$__awsh_lf"* ]] || return
  _a_line=${_a_reply%%"$__awsh_lf"*}
  _a_label=${_a_line:${#_a_proof}+1}
  _a_status=${_a_label%% *} _a_label=${_a_label#* }
  _a_renew=${_a_label%% *} _a_label=${_a_label#* }
  [[ "$_a_proof $_a_status $_a_renew $_a_label" == "$_a_line" ]] || return
  __awsh_read_lines || return
  [[ $_a_reply != *%* ]] || __awsh_decode_reply
  builtin set -- "${_a_given[@]}"
  builtin printf -v _a_nows 'now %s\n' "${_a_sets[@]}"
  builtin printf -v _a_names ' %s ' "${@%%=*}"
  [[ $_a_status$_a_names == "$__awsh_proven" ]] || __awsh_prove_names "${@%%=*}" || return
  __awsh_number "$_a_renew" && __awsh_number "$_a_expires" || return
  if [[ $__awsh_in_exec ]]; then
    __awsh_take_in_exec "$@"
    return
  fi

  __awsh_place=''
  if [[ $_a_status == ok ]]; then
    [[ $_a_key_id && ${_a_hidden+set} && -z $_a_state$_a_reason$_a_todo ]] || return
    __awsh_accept
    if [[ $__awsh_mode == pin ]]; then __awsh_put pin all "$@"; else __awsh_put dir all "$@"; fi
  else
    __awsh_take_less "$@" || return
  fi
  __awsh_renew=$((10#$_a_renew)) __awsh_pause=10
  # A time that has come already would ask at each prompt.
  if ((__awsh_renew > 0 && __awsh_renew <= _a_now)); then __awsh_retry_later; fi
  [[ $_a_status != wait && $_a_status != person ]] || __awsh_wait
  for _a_line in "${_a_heard[@]}"; do _a_says[_a_told++]=$_a_line; done
}

# Reads the lines of a reply between its first and its last, as they are on the wire. It and the next four share
# __awsh_take's locals.
__awsh_read_lines() {
  local _a_count=0 _a_words=0 _a_rest=${_a_reply#*"$__awsh_lf"}
  # Node's own, from a substitution, lacks the last line end.
  _a_rest=${_a_rest%"$__awsh_lf"}$__awsh_lf
  while [[ $_a_rest != "end$__awsh_lf" ]]; do
    [[ $_a_rest == *"$__awsh_lf"* ]] || return
    _a_line=${_a_rest%%"$__awsh_lf"*}
    _a_rest=${_a_rest#*"$__awsh_lf"}
    case $_a_line in
      'set AWS_SECRET_ACCESS_KEY '*) _a_hidden[0]=AWS_SECRET_ACCESS_KEY=${_a_line:26} ;;
      'set AWS_SESSION_TOKEN '*) _a_hidden[1]=AWS_SESSION_TOKEN=${_a_line:22} ;;
      'set '*' '*)
        _a_set=${_a_line:4}
        _a_sets[_a_count]=$_a_set _a_given[_a_count++]=${_a_set/ /=}
        case $_a_line in
          'set AWS_ACCESS_KEY_ID '*) _a_key_id=${_a_line:22} ;;
          'set AWSH_EXPIRES '*) _a_expires=${_a_line:17} ;;
        esac
        ;;
      'unset '*) [[ $__awsh_cleared == *" ${_a_line#unset } "* ]] || __awsh_managed "${_a_line#unset }" || return ;;
      'say '*) _a_heard[_a_words++]=${_a_line#say } ;;
      'state '*) _a_state=${_a_line#state } ;;
      'reason '*) _a_reason=${_a_line#reason } ;;
      'next '*) _a_todo=${_a_line#next } ;;
      'protected 1') _a_protected=1 ;;
      'shared 1') ;;
      *) return 1 ;;
    esac
  done
}

# Fails where one of these names is not for a reply of this status to set; those of the last reply are not looked at again.
__awsh_prove_names() {
  local _a_may=$__awsh_settable
  [[ $_a_status == ok ]] || _a_may=' AWS_PROFILE AWS_EC2_METADATA_DISABLED AWS_REGION AWS_DEFAULT_REGION '
  for _a_name in "$@"; do
    [[ $_a_may == *" $_a_name "* || ($_a_status == ok && $_a_name == AWS_ENDPOINT_URL_?* &&
      $_a_name != *[!A-Z0-9_]*) ]] || return
  done
  __awsh_proven=$_a_status$_a_names
  [[ $_a_status != ok || $1 != AWS_ACCESS_KEY_ID || ${!#} != AWSH_EXPIRES ]] || __awsh_note_usual "$@"
}

# Notes that most answers will have these names, for __awsh_take_keys: those names, their count but for the key's id, the lines
# as a pattern, and what __awsh_hold has to look at.
__awsh_note_usual() {
  __awsh_usual_lines=''
  __awsh_usual_names=$_a_names __awsh_usual_count=$(($# - 1)) __awsh_usual_holds=keys
  for _a_name in "$@"; do
    case $_a_name in
      AWS_ACCESS_KEY_ID | AWS_CREDENTIAL_EXPIRATION | AWS_SESSION_EXPIRATION) ;;
      AWS_REGION | AWS_DEFAULT_REGION | AWSH_PROFILE | AWSH_EXPIRES) ;;
      *) __awsh_usual_holds=all ;;
    esac
  done
  builtin printf -v __awsh_usual_lines "now %s *$__awsh_lf" "$@"
}

# Decodes what was read, but for _a_sets.
__awsh_decode_reply() {
  local _a_i _a_value
  for _a_i in "${!_a_given[@]}"; do __awsh_decode "${_a_given[_a_i]}" && _a_given[_a_i]=$_a_value; done
  for _a_i in "${!_a_hidden[@]}"; do __awsh_decode "${_a_hidden[_a_i]}" && _a_hidden[_a_i]=$_a_value; done
  for _a_i in "${!_a_heard[@]}"; do __awsh_decode "${_a_heard[_a_i]}" && _a_heard[_a_i]=$_a_value; done
  __awsh_decode "$_a_key_id" && _a_key_id=$_a_value
  __awsh_decode "$_a_label" && _a_label=$_a_value
  __awsh_decode "$_a_reason" && _a_reason=$_a_value
  __awsh_decode "$_a_todo" && _a_todo=$_a_value
}

# Takes a reply without credentials; the arguments are what it sets, each NAME=VALUE.
__awsh_take_less() {
  local _a_headline _a_set _a_region=''
  [[ -z ${_a_hidden[*]-}${_a_heard[*]-} ]] || return
  [[ $_a_status == none || $_a_status == keep ]] || { __awsh_headline "$_a_state" && [[ $_a_reason ]]; } || return
  case $_a_status in
    none)
      [[ -z $_a_state$_a_reason$_a_todo ]] || return
      __awsh_unload
      _a_result=0
      return
      ;;
    keep)
      _a_kept=1 _a_result=3
      return
      ;;
    deny)
      __awsh_unload
      __awsh_call_it "$_a_label"
      _a_result=11
      ;;
    blocked | person | confirm | wait | error)
      for _a_set in "$@"; do [[ $_a_set != AWS_REGION=* ]] || _a_region=${_a_set#*=}; done
      __awsh_block "$_a_label" "$_a_region"
      _a_result=1
      [[ $_a_status != person ]] || _a_result=6
      ;;
    *) return 1 ;;
  esac
  __awsh_note_state "$_a_state" "$_a_reason" "$_a_todo"
  [[ $_a_code == 0 ]] || _a_result=$_a_code
}

# Takes a reply in a shell that `exec` started: new keys in the place of the old ones, which stay if there are none.
__awsh_take_in_exec() {
  local _a_set
  for _a_line in "${_a_heard[@]}"; do __awsh_say "$_a_line"; done
  if [[ $_a_status != ok || -z $_a_key_id || -z ${_a_hidden+set} ]]; then
    _a_result=$((_a_code > 0 ? _a_code : 1))
    __awsh_say "there are no new keys: this shell keeps those it has$__awsh_lf$_a_reason$__awsh_lf$_a_todo"
    return 0
  fi
  builtin unset -v AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
  for _a_set in "$@"; do
    case $_a_set in
      AWS_ACCESS_KEY_ID=* | AWS_CREDENTIAL_EXPIRATION=*) ;;
      # Only older versions of aws-vault set it.
      AWS_SESSION_EXPIRATION=*) [[ ${AWS_SESSION_EXPIRATION+set} ]] || continue ;;
      *) continue ;;
    esac
    # shellcheck disable=SC2163 # NAME=VALUE
    builtin export "$_a_set"
  done
  # shellcheck disable=SC2163 # each NAME=VALUE
  builtin export "${_a_hidden[@]}"
  __awsh_exec_expires=$((10#$_a_expires)) _a_result=0
}

# A question is open elsewhere, or has to be answered: with an agent each prompt looks whether it was, without one after two seconds
__awsh_wait() {
  if [[ $__awsh_agent ]] && ((_a_now >= __awsh_rest)); then
    __awsh_waits=$_a_status __awsh_renew=1
  elif [[ $_a_status == wait ]]; then
    __awsh_renew=$((_a_now + 2))
  fi
}

# --- the steady state ----------------------------------------------------------------------------------------------

# Before each prompt and after each cd: does something only where this place, or what somebody else set, is not what it
# was at the last look, or the clock says so. The nearest .awsprofile counts, whatever it is; one byte more than the 512
# allowed is read of it (as in __awsh_read_file, which has the rest), and the status before the text tells a whole file (1) from one that goes on or holds a NUL (0).
# No file is ever read as this shell's stdin: where a ^C left it there, it would be read for commands. It is all one function,
# because calls are most of what an idle prompt costs. $1 is 1 where nothing may be printed or
# asked; $2 a line for the request where the person asked (refresh 1). Returns what `awsh use` returns.
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
  # While awsh is locked every place is another one: what was loaded goes, and Node says why.
  [[ ! -e $__awsh_lock ]] || _a_text=" locked $_a_text"
  if [[ ${2-} || $AWS_PROFILE\ $AWS_ACCESS_KEY_ID\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}$AWS_ENDPOINT_URL\ $_a_file\ $_a_text != "$__awsh_settled" ]] ||
    ((_a_now < __awsh_looked || _a_now >= __awsh_next)); then
    __awsh_look "$1" "${2-}"
  fi
}

# What seldom happens is apart from __awsh_check, because bash copies a function's body at each call. It and the next share
# __awsh_check's locals. The directory file is not the last that was read, or the last one listed has gone: another may be there,
# further up.
__awsh_find_other_file() {
  if [[ ! -e $_a_file && ! -L $_a_file ]]; then
    __awsh_list_files
    for _a_file in "${__awsh_files[@]}"; do [[ ! -e $_a_file && ! -L $_a_file ]] || break; done
  fi
  [[ -z $_a_file ]] || __awsh_read_file
}

# What this directory asks for shows in the segment of a shell that does not follow it.
__awsh_watch_choice() {
  [[ ${PWD-} == "$__awsh_listed" || $__awsh_mode == exec ]] || __awsh_settled=''
}

# The long look: compares what this place wants with what is loaded, and acts. Shares __awsh_check's locals. It has only what most
# looks need: bash copies a function's body at each call.
__awsh_look() {
  local _a_quiet=$1 _a_result=0 _a_place=$__awsh_mode _a_wanted='' _a_moved='' _a_told=0 _a_line _a_known='' _a_claimed='' \
    _a_request='' _a_reply='' _a_proof='' _a_code=1 _a_says _a_theirs
  [[ -z $__awsh_busy ]] || __awsh_hang_up
  [[ -z $2 ]] || __awsh_typed=''
  # Nothing is settled until this is complete: what ^C cuts short is done at the next prompt.
  __awsh_settled='' __awsh_foreign='' __awsh_tool=''
  case $__awsh_mode in
    auto) _a_place=auto\ $_a_file\ $_a_text _a_wanted=$_a_file ;;
    pin) _a_place=pin\ $__awsh_pin$_a_text _a_wanted=1 ;;
  esac
  if [[ $__awsh_open ]]; then
    __awsh_step_back
  elif [[ $__awsh_names && $AWS_PROFILE\ $AWS_ACCESS_KEY_ID\ $AWS_ENDPOINT_URL\ $AWS_ROLE_ARN$AWS_CONTAINER_CREDENTIALS_FULL_URI$AWS_SECURITY_TOKEN\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN} != "$__awsh_stamp" ]] && __awsh_is_displaced; then
    __awsh_yield_to_user 2>/dev/null
  fi
  if [[ $__awsh_displaced$__awsh_typed$__awsh_readonly || ${!__awsh_base[*]} ]]; then __awsh_look_beside; fi
  if [[ ! $__awsh_names && $AWS_ACCESS_KEY_ID && ! $__awsh_foreign && $__awsh_issued == *" $AWS_ACCESS_KEY_ID "* &&
    $__awsh_mode != exec && ! ${__awsh_base[1]+set} ]]; then
    __awsh_scrub 2>/dev/null
  fi
  [[ ! $__awsh_kept_now ]] || __awsh_return_kept
  if [[ $_a_place == "$__awsh_place" ]]; then
    __awsh_look_again "$2"
  else
    __awsh_place='' __awsh_pause=10 _a_moved=1
    if [[ $__awsh_foreign ]]; then
      __awsh_leave_to_others
    elif [[ $_a_wanted ]]; then
      __awsh_ask "$2"
    else
      __awsh_unload
      [[ $__awsh_mode != off ]] || __awsh_leave_off
    fi
  fi
  [[ -z ${_a_kept-} ]] || return "$_a_result"
  __awsh_identity=$AWS_PROFILE\ $AWS_ACCESS_KEY_ID
  if [[ $__awsh_readonly || ($__awsh_names && $__awsh_identity != "$__awsh_profile $__awsh_key_id") ]]; then __awsh_look_after; fi
  [[ $__awsh_held && $__awsh_stamp ]] || __awsh_note_loaded
  # Nobody's while anything of it is changed, so that the next prompt makes good what ^C cuts short.
  __awsh_place=$_a_place
  __awsh_describe
  __awsh_looked=$_a_now
  if ((__awsh_renew > 0 && __awsh_renew < __awsh_next)) && [[ ! $__awsh_foreign ]]; then __awsh_next=$__awsh_renew; fi
  __awsh_settled=$__awsh_identity\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}$AWS_ENDPOINT_URL\ $_a_file\ $_a_text
  for _a_line in "${_a_says[@]}"; do [[ $_a_quiet ]] || __awsh_say "$_a_line"; done
  return "$_a_result"
}

# The last call of the agent was cut short. It and the next four share __awsh_look's locals.
__awsh_hang_up() {
  __awsh_busy=''
  builtin trap - PIPE
  __awsh_rest_from_agent
}

# Other tools or the user have set something, or have done so before.
__awsh_look_beside() {
  [[ -z $__awsh_displaced || $__awsh_names || $__awsh_kept_now ]] || __awsh_restore_displaced 2>/dev/null
  if [[ $__awsh_typed || ${!__awsh_base[*]} ]]; then __awsh_find_foreign; fi
  [[ -z $__awsh_readonly || $__awsh_foreign || -z $_a_wanted ]] || __awsh_foreign=$__awsh_readonly
  [[ $__awsh_foreign ]] || return 0
  [[ $_a_text != unread ]] || __awsh_read_late
  _a_place="foreign $__awsh_foreign $_a_place"
}

# What was taken out while other tools ran.
__awsh_return_kept() {
  [[ $_a_place != "$__awsh_place" ]] || __awsh_put_again 2>/dev/null
  __awsh_kept_now=''
  builtin unset -v __awsh_kept __awsh_kept_hidden
}

# The place wants what it did at the last look. $1 is a line for the request.
__awsh_look_again() {
  if [[ $__awsh_mode == off && $_a_claimed ]]; then
    __awsh_leave_off
  elif [[ $__awsh_foreign && $_a_claimed ]]; then
    # For child shells alone.
    _a_known="$__awsh_state $__awsh_reason"
    __awsh_leave_to_others
  elif [[ $1 && $__awsh_foreign ]]; then
    __awsh_leave_to_others
  elif [[ $1 && $_a_wanted && -z $__awsh_foreign ]]; then
    __awsh_ask "$1"
  elif ((__awsh_renew > 0 && _a_now >= __awsh_renew)) && [[ -z $__awsh_foreign ]]; then
    __awsh_ask 'renew 1'
  fi
}

# After all that, a variable is not as awsh has set it. One that is read-only stays the user's, and with it the place.
__awsh_look_after() {
  if [[ $__awsh_readonly && $_a_wanted ]]; then
    _a_result=1
    if [[ -z $__awsh_foreign ]]; then
      __awsh_foreign=$__awsh_readonly _a_place="foreign $__awsh_readonly $_a_place"
      # What was told of the attempt is not so any more.
      builtin unset -v '_a_says[0]'
      __awsh_leave_to_others
      __awsh_kind='' __awsh_key_id='' __awsh_profile=''
    fi
  elif [[ $__awsh_names && $__awsh_identity != "$__awsh_profile $__awsh_key_id" ]] && __awsh_is_displaced; then
    __awsh_place=$_a_place
    __awsh_yield_to_user 2>/dev/null
    __awsh_find_foreign
    _a_place="foreign $__awsh_foreign $_a_place"
    __awsh_leave_to_others
  fi
  __awsh_identity=$AWS_PROFILE\ $AWS_ACCESS_KEY_ID
}

# Notes how all is after a load, apart from that: here bash has fewer variables to look among.
__awsh_note_loaded() {
  [[ $__awsh_held ]] || __awsh_note_held
  __awsh_stamp=$AWS_PROFILE\ $AWS_ACCESS_KEY_ID\ $AWS_ENDPOINT_URL\ $AWS_ROLE_ARN$AWS_CONTAINER_CREDENTIALS_FULL_URI$AWS_SECURITY_TOKEN\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}
}

# --- the segment ---------------------------------------------------------------------------------------------------

# Sets AWSH_SEGMENT (`dev 42m`) for whatever prompt wants it, and __awsh_shown, which PS1 refers to; and __awsh_next, the
# time at which it will say something else.
__awsh_describe() {
  local _a_text _a_left _a_time='' _a_colour=32 _a_mark=''
  __awsh_next=999999999999
  [[ $__awsh_mode == auto ]] || __awsh_describe_choice
  _a_text=$__awsh_label
  if [[ $__awsh_foreign ]]; then
    _a_text=overridden _a_colour=33
  elif [[ $__awsh_kind == blocked || $__awsh_protected || (-z $__awsh_kind && $__awsh_mode != off && $__awsh_mode != exec) ]]; then
    _a_colour=31
  elif [[ $_a_mark == off ]]; then
    _a_text=off _a_colour=33
  fi
  if ((__awsh_expires > 0)) && [[ $_a_text != overridden ]]; then
    _a_left=$((__awsh_expires - _a_now))
    if ((_a_left >= 3600)); then
      # 1 before the minutes, and cut off, for two digits.
      _a_time=$((100 + _a_left / 60 % 60))
      _a_time=\ $((_a_left / 3600))h${_a_time#1}m __awsh_next=$((_a_now + _a_left % 60 + 1))
    else
      __awsh_describe_end
    fi
  fi
  [[ -z $_a_mark || $_a_mark == off || $_a_text == overridden || $_a_text == expired ]] || _a_time=\ $_a_mark$_a_time
  _a_text=${_a_text:0:40-${#_a_time}}$_a_time
  __awsh_shown=''
  if [[ -z $_a_text ]]; then
    builtin unset -v AWSH_SEGMENT
    return
  fi
  builtin export "AWSH_SEGMENT=$_a_text"
  [[ ${AWSH_PROMPT-} != off ]] || return 0
  __awsh_shown="$_a_text "
  # \001 and \002 are readline's own \[ and \], which bash does not look for in a variable's value.
  if [[ -z ${NO_COLOR-} && ${TERM:-dumb} != dumb ]]; then
    __awsh_shown=$'\001\e['${_a_colour}m$'\002'$_a_text$'\001\e[0m\002 '
  fi
}

# The last hour. It and the next two share __awsh_describe's locals.
__awsh_describe_end() {
  if ((_a_left > 0)); then __awsh_next=$((_a_now + (_a_left < 60 ? 0 : _a_left % 60) + 1)); fi
  if ((_a_left <= 0)); then
    _a_text=expired
  elif ((_a_left < 60)); then
    _a_time=" ${_a_left}s"
  else
    _a_time=" $((_a_left / 60))m"
  fi
  if ((_a_left < 300)); then
    _a_colour=31
  elif ((_a_left < 900 && _a_colour == 32)); then
    _a_colour=33
  fi
}

# A shell that does not follow its directory.
__awsh_describe_choice() {
  if [[ $__awsh_mode == exec ]]; then
    __awsh_call_it "$__awsh_exec"
    __awsh_expires=$__awsh_exec_expires
  else
    __awsh_mark_choice
  fi
}

# Sets __awsh_describe's _a_mark if the directory file here asks for something else than this shell was told to have:
# `pinned` or `off`.
__awsh_mark_choice() {
  local _a_found REPLY='' _a_line _a_asks=''
  [[ ${PWD-} == "$__awsh_listed" ]] || __awsh_list_files
  for _a_found in "${__awsh_files[@]}"; do [[ ! -e $_a_found && ! -L $_a_found ]] || break; done
  [[ $_a_found && (-e $_a_found || -L $_a_found) ]] || return 0
  if [[ -f $_a_found && -r $_a_found ]] && __awsh_looks_closed "$_a_found"; then builtin read -r -n 513 -d '' -u 9 9<"$_a_found"; fi
  REPLY=${REPLY//$__awsh_cr/}$__awsh_lf
  while [[ $REPLY && -z $_a_asks ]]; do
    _a_line=${REPLY%%"$__awsh_lf"*} REPLY=${REPLY#*"$__awsh_lf"}
    _a_line=${_a_line#"${_a_line%%[! ]*}"}
    _a_line=${_a_line%"${_a_line##*[! ]}"}
    case $_a_line in
      '' | '#'* | ';'*) ;;
      profile=* | profile\ *=*)
        _a_asks=${_a_line#*=}
        _a_asks=${_a_asks#"${_a_asks%%[! ]*}"}
        ;;
      *=*) ;;
      *) _a_asks=$_a_line ;;
    esac
  done
  case $__awsh_mode in
    off) _a_mark=off ;;
    *) [[ $_a_asks == "$__awsh_pin" ]] || _a_mark=pinned ;;
  esac
}

# Puts the reference into PS1 where there is something to show, and takes it out where there is not. A theme with an AWS
# segment of its own, or a PS1 that has AWSH_SEGMENT already, is left alone.
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

# --- where it is called --------------------------------------------------------------------------------------------

# Runs a function of ours with the person's options put aside: no secret is traced, errexit ends no shell, names match by
# case. Where ^C comes between, they are put back at the next prompt. (`local -` would do that; in bash 4.4 it also turns
# history and aliases on while an rc file is read.)
__awsh_run() {
  # The usual shell has no options to put aside, and none that ^C has left aside. A small a is a large A under
  # nocasematch alone.
  # shellcheck disable=SC2050
  if [[ $- != *[aefkuvxET]* && a != A && -z $__awsh_flags${FUNCNEST-} ]]; then
    "$@"
    return
  fi
  # A directory may have set how deep functions may call each other. Beyond that bash would leave a change half done, and stderr
  # where it was redirected to.
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
  for _a_flag in a f k u v E T e; do
    [[ ${__awsh_flags/$_a_flag/} == "$__awsh_flags" ]] || builtin set "-$_a_flag"
  done
  {
    # Last of all, so that no trace shows what came before.
    case $__awsh_flags in *x*) builtin set -x ;; esac
    __awsh_flags=''
  } 2>/dev/null
}

# Before each prompt.
__awsh_prompt() {
  # Quoted for `set -k`, which takes assignments away from their command.
  local "_a_before=$?" "FUNCNEST="
  # As in __awsh_run, at the price of a call less. What seldom happens is apart, because bash copies a function's body at
  # each call.
  # shellcheck disable=SC2050
  if [[ $- == *[aefkuvxET]* || a == A || $__awsh_flags || ${#PROMPT_COMMAND} != "$__awsh_joined" ]]; then
    __awsh_prompt_with_others
  else
    __awsh_check ''
  fi
  # Between the elements of an array bash puts $? back itself. Within one string we have to, though not under errexit,
  # which would end the shell for it.
  # shellcheck disable=SC2154
  [[ $_a_before == 0 || ${PROMPT_COMMAND[__awsh_at]-} == __awsh_prompt || $- == *e* ]] || return "$_a_before"
}

# At the first prompt, with options to put aside, beside bash-preexec, and if something else runs before a prompt.
__awsh_prompt_with_others() {
  if [[ ${bash_preexec_imported-}${__bp_imported-} && -z ${FUNCNAME[2]-} ]]; then
    # Loaded after us, bash-preexec runs themes before what PROMPT_COMMAND had: move in front of them.
    [[ " ${precmd_functions[*]-} " == *__awsh_prompt* ]] || __awsh_register
    return 0
  fi
  [[ "${PROMPT_COMMAND[*]-} ${precmd_functions[*]-}" == "$__awsh_joined_all" ]] || __awsh_join
  __awsh_run __awsh_check "$__awsh_hush" || :
  __awsh_hush=''
}

# After everything else in PROMPT_COMMAND: a theme may have built PS1 anew.
__awsh_draw() {
  [[ ${AWS_PROFILE-}\ ${AWS_ACCESS_KEY_ID-}\ ${__awsh_shown:+1}${PS1-} == "$__awsh_identity $__awsh_drawn" ]] ||
    { local "FUNCNEST=" && __awsh_draw_anew; }
}

# What was set since the look, by something that runs before a prompt after it, is looked at before the prompt, too.
__awsh_draw_anew() {
  [[ "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}" == "$__awsh_identity" ]] || __awsh_run __awsh_check '' || :
  __awsh_run __awsh_mark_prompt || :
}

# After a cd, so that `cd ../prod && terraform apply` runs with prod's keys. Completion functions go about the tree and
# come back: they do not count.
__awsh_moved() {
  local "FUNCNEST="
  [[ -z ${COMP_LINE+set} ]] || return 0
  if [[ $BASH_SUBSHELL == 0 ]]; then
    __awsh_run __awsh_check "$__awsh_hush" || :
  else
    __awsh_run __awsh_check 1 || :
  fi
}

# At the first prompt, and if something else runs before one.
__awsh_join() {
  if [[ $__awsh_hush ]]; then __awsh_join_others; else __awsh_run __awsh_join_late; fi
}

# At the first prompt, when all that an rc file loads is there.
__awsh_join_others() {
  __awsh_join_cd
  # A tool that was loaded after awsh has run already, unless __awsh_before has.
  if [[ -z $__awsh_open ]]; then
    __awsh_ask_mise
    [[ ${DIRENV_DIFF-} == "$__awsh_seen_direnv" ]] || __awsh_open=1 __awsh_settled=''
  fi
  __awsh_register_before
  __awsh_note_joined
}

# At a later prompt, if a tool may have been loaded since, or loaded again.
__awsh_join_late() {
  __awsh_join_cd
  if [[ -z $__awsh_open ]] && __awsh_ran_unseen; then __awsh_step_aside_late; fi
  __awsh_register_late
  __awsh_note_joined
}

# Beside bash-preexec the functions before a prompt are in another list, which is looked at each time.
__awsh_note_joined() {
  __awsh_joined=- __awsh_joined_all="${PROMPT_COMMAND[*]-} ${precmd_functions[*]-}"
  [[ ${bash_preexec_imported-}${__bp_imported-} ]] || __awsh_joined=${PROMPT_COMMAND+${#PROMPT_COMMAND}}
}

# Puts __awsh_before in front of the first tool in PROMPT_COMMAND, and __awsh_prompt after the last, if a tool has come since.
# One element at a time, so that ^C leaves none out.
__awsh_register_late() {
  local _a_i _a_last='' _a_all='' _a_part
  for _a_i in "${!PROMPT_COMMAND[@]}"; do
    case ${PROMPT_COMMAND[_a_i]} in *_direnv_hook* | *_mise_hook*) _a_last=$_a_i ;; esac
    _a_all+=${PROMPT_COMMAND[_a_i]}$__awsh_lf
  done
  if [[ -z $_a_last ]]; then
    # All tools have left.
    for _a_i in "${!PROMPT_COMMAND[@]}"; do
      _a_part=${PROMPT_COMMAND[_a_i]//__awsh_before;/}
      [[ $_a_part != __awsh_before ]] || _a_part=:
      [[ $_a_part == "${PROMPT_COMMAND[_a_i]}" ]] || builtin printf -v 'PROMPT_COMMAND[_a_i]' %s "$_a_part" 2>/dev/null || return 0
    done
    return 0
  fi
  _a_part=${_a_all##*_direnv_hook} _a_part=${_a_part##*_mise_hook}
  if [[ $_a_all == *__awsh_prompt* && $_a_part != *__awsh_prompt* ]]; then
    _a_part=${PROMPT_COMMAND[_a_last]//__awsh_prompt/:}${__awsh_lf}__awsh_prompt
    builtin printf -v 'PROMPT_COMMAND[_a_last]' %s "$_a_part" 2>/dev/null || return 0
    for _a_i in "${!PROMPT_COMMAND[@]}"; do
      ((_a_i >= _a_last)) || PROMPT_COMMAND[_a_i]=${PROMPT_COMMAND[_a_i]//__awsh_prompt/:}
    done
  fi
  _a_part=${_a_all%%_direnv_hook*} _a_part=${_a_part%%_mise_hook*}
  [[ $_a_part == *__awsh_before* ]] || __awsh_put_before_first
  for __awsh_at in "${!PROMPT_COMMAND[@]}"; do
    [[ ${PROMPT_COMMAND[__awsh_at]} != __awsh_prompt ]] || break
  done
}

# Puts __awsh_before in front of all. In an array it is an element of its own, because mise looks for its own element there.
__awsh_put_before_first() {
  local _a_i _a_end
  if [[ $__awsh_array ]]; then
    for _a_i in "${!PROMPT_COMMAND[@]}"; do
      _a_end=$_a_i
      # One that was in front of other tools.
      case ${PROMPT_COMMAND[_a_i]} in __awsh_before | : | '') break ;; esac
    done
    case ${PROMPT_COMMAND[_a_end]} in __awsh_before | : | '') ;; *) _a_end=$((_a_end + 1)) ;; esac
    for ((_a_i = _a_end; _a_i > 0; _a_i--)); do PROMPT_COMMAND[_a_i]=${PROMPT_COMMAND[_a_i - 1]-}; done
    builtin printf -v PROMPT_COMMAND %s __awsh_before 2>/dev/null || :
  else
    builtin printf -v PROMPT_COMMAND %s "__awsh_before;${PROMPT_COMMAND//__awsh_before;/}" 2>/dev/null || :
  fi
}

# Puts __awsh_before in front of direnv and mise, in each list of functions that has them.
__awsh_register_before() {
  local _a_i _a_at=''
  if [[ ${chpwd_functions+set} && " ${chpwd_functions[*]-} " == *mise_hook* &&
    " ${chpwd_functions[*]-} " != *' __awsh_before '* ]]; then
    chpwd_functions=(__awsh_before "${chpwd_functions[@]}")
  fi
  if [[ ${bash_preexec_imported-}${__bp_imported-} ]]; then
    __awsh_needs_before "${precmd_functions[*]-}" || return 0
    precmd_functions=(__awsh_before ${precmd_functions[@]+"${precmd_functions[@]}"})
  elif [[ ${STARSHIP_PROMPT_COMMAND-} == *__awsh_prompt* ]]; then
    __awsh_needs_before "$STARSHIP_PROMPT_COMMAND" || return 0
    STARSHIP_PROMPT_COMMAND=__awsh_before$__awsh_lf$STARSHIP_PROMPT_COMMAND
  elif [[ $__awsh_array ]]; then
    for _a_i in "${!PROMPT_COMMAND[@]}"; do
      case ${PROMPT_COMMAND[_a_i]} in
        *__awsh_before*) return 0 ;;
        *_direnv_hook* | *_mise_hook*)
          _a_at=$_a_i
          break
          ;;
      esac
    done
    [[ $_a_at ]] || return 0
    PROMPT_COMMAND=("${PROMPT_COMMAND[@]:0:_a_at}" __awsh_before "${PROMPT_COMMAND[@]:_a_at}")
    ((__awsh_at += __awsh_at >= _a_at))
  else
    __awsh_needs_before "${PROMPT_COMMAND-}" || return 0
    # mise looks for its own command between semicolons.
    builtin printf -v PROMPT_COMMAND %s "__awsh_before;${PROMPT_COMMAND-}" 2>/dev/null
  fi
  return 0
}

# $1, a list of commands, has a tool of those, and not yet __awsh_before.
__awsh_needs_before() {
  [[ $1 != *__awsh_before* && ($1 == *_direnv_hook* || $1 == *_mise_hook*) ]]
}

# Joins what brings a cd of its own, so that `cd ../prod && terraform apply` runs with prod's keys there as well: mise and
# rvm, whose cd calls what chpwd_functions names, as zsh's does; and zoxide, where its is the plain builtin still. At the
# first prompt all that an rc file loads is there.
__awsh_join_cd() {
  local _a_body
  [[ -z ${AWSH_NO_CD-} ]] || return 0
  if builtin declare -F __zsh_like_cd >/dev/null; then __awsh_join_chpwd; fi
  builtin declare -F __zoxide_cd >/dev/null || return 0
  _a_body=$(builtin declare -f __zoxide_cd)
  # shellcheck disable=SC2016 # zoxide's own text
  if [[ ${_a_body//[[:space:]]/} == '__zoxide_cd(){\builtincd--"$@"}' ]]; then
    # shellcheck disable=SC2317 # zoxide calls it
    __zoxide_cd() { builtin cd -- "$@" && __awsh_moved; }
  fi
}

# Puts __awsh_moved at the end of chpwd_functions, and __awsh_before in front of mise: it may have been loaded again since. An
# entry that is no function is passed over.
__awsh_join_chpwd() {
  local _a_i _a_end=-1
  for _a_i in "${!chpwd_functions[@]}"; do _a_end=$_a_i; done
  if ((_a_end < 0)) || [[ ${chpwd_functions[_a_end]} != __awsh_moved ]]; then
    chpwd_functions[_a_end + 1]=__awsh_moved
    for ((_a_i = 0; _a_i <= _a_end; _a_i++)); do
      [[ ${chpwd_functions[_a_i]-} != __awsh_moved ]] || chpwd_functions[_a_i]=:
    done
  fi
  if [[ " ${chpwd_functions[*]} " == *mise_hook* && " ${chpwd_functions[*]} " != *' __awsh_before '* ]]; then
    for ((_a_i = _a_end + 2; _a_i > 0; _a_i--)); do chpwd_functions[_a_i]=${chpwd_functions[_a_i - 1]-:}; done
    chpwd_functions[0]=__awsh_before
  fi
  return 0
}

# In PROMPT_COMMAND: after direnv and mise, which may set AWS_PROFILE, and before a theme, which shows what we load.
__awsh_register() {
  local _a_i _a_commands
  if [[ ${bash_preexec_imported-}${__bp_imported-} ]]; then
    precmd_functions=(__awsh_prompt ${precmd_functions[@]+"${precmd_functions[@]}"} __awsh_draw)
    return
  fi
  [[ "${PROMPT_COMMAND[*]-} ${STARSHIP_PROMPT_COMMAND-}" != *__awsh_prompt* ]] || return 0
  _a_commands=${PROMPT_COMMAND-}
  if [[ ${STARSHIP_PROMPT_COMMAND-} && $_a_commands == *starship_precmd* ]]; then
    # starship runs this one after it has noted $? and PIPESTATUS, and before it builds PS1.
    STARSHIP_PROMPT_COMMAND+="${__awsh_lf}__awsh_prompt"
  elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    # A hardened machine may have made it read-only; then cd and awsh alone do the work.
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
    # An exported one would name our functions in shells that lack them.
    builtin export -n PROMPT_COMMAND
    builtin printf -v PROMPT_COMMAND %s "$_a_commands${__awsh_lf}__awsh_draw" 2>/dev/null
    return 0
  fi
}

# Where the rc file was read again, and has set PROMPT_COMMAND without us. In an array that sets the first element alone: the
# same command may follow, as it was moved up for ours.
__awsh_register_again() {
  local _a_i
  # Whatever was loaded again after us is joined at the next prompt.
  __awsh_joined=again __awsh_joined_all=''
  [[ "${PROMPT_COMMAND[*]-} ${STARSHIP_PROMPT_COMMAND-} ${precmd_functions[*]-}" != *__awsh_prompt* ]] || return 0
  for _a_i in "${!PROMPT_COMMAND[@]}"; do
    if [[ $_a_i != 0 && (${PROMPT_COMMAND[_a_i]} == "$PROMPT_COMMAND" || ${PROMPT_COMMAND[_a_i]} == __awsh_*) ]]; then
      builtin unset -v "PROMPT_COMMAND[$_a_i]"
    fi
  done
  __awsh_array=''
  __awsh_register
  __awsh_register_before
}

# --- the command ---------------------------------------------------------------------------------------------------

# A function, because these verbs change this shell; all others are the launcher's own.
awsh() {
  local _a_name _a_facts
  case "${1-} $# ${2-}" in
    'use 2 --role-arn='* | 'use '[3-9]' '* | 'use 1'[0-9]' '*)
      # A role that no profile names: Node gives the word to pin.
      if [[ " $* " == *' -h '* || " $* " == *' --help '* ]]; then
        __awsh_launch "$@"
      else
        _a_name=$(__awsh_become_launcher '' _pin "${@:2}") && [[ $_a_name ]] && __awsh_run __awsh_use "$_a_name"
      fi
      ;;
    'off 1 ') __awsh_run __awsh_switch off '' ;;
    'refresh 1 ') __awsh_run __awsh_refresh ;;
    'use 2 --auto') __awsh_run __awsh_switch auto '' ;;
    'use 2 -') __awsh_run __awsh_switch_back ;;
    'use 2 -'* | 'use 2 ') __awsh_launch "$@" ;;
    'use 2 '*) __awsh_run __awsh_use "$2" ;;
    'use 1 ') _a_name=$(__awsh_become_launcher '' use) && [[ $_a_name ]] && __awsh_run __awsh_use "$_a_name" ;;
    allow\ * | deny\ * | init\ *) (__awsh_become_launcher '' "$@") && { __awsh_run __awsh_switch || :; } ;;
    doctor\ * | status\ * | prompt\ *)
      __awsh_run __awsh_tell_facts
      AWSH_HOOK=$_a_facts __awsh_launch "$@"
      ;;
    *) __awsh_launch "$@" ;;
  esac
}

# A command like any other, in the environment that it is typed in; but Node, and what it has compiled, are where they were when
# the hook was sourced.
__awsh_launch() {
  AWSH_STATE_FOLDER=${__awsh_lock%/*} AWSH_CACHE_FOLDER=$__awsh_cache "$__awsh_launcher" "$@"
}

# Sets the caller's _a_facts to what only this shell knows of itself; ARCHITECTURE.md has its form.
__awsh_tell_facts() {
  local _a_run
  builtin set -- ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"}
  [[ -z ${bash_preexec_imported-}${__bp_imported-} ]] ||
    builtin set -- ${precmd_functions[@]+"${precmd_functions[@]}"}
  _a_facts=''
  __awsh_tell_fact shell "bash $BASH_VERSION"
  __awsh_tell_fact launcher "$__awsh_launcher"
  __awsh_tell_fact mode "$__awsh_mode"
  __awsh_tell_fact kind "$__awsh_kind"
  __awsh_tell_fact profile "$__awsh_who"
  if [[ $__awsh_state ]]; then
    __awsh_tell_fact state "$__awsh_state"
    __awsh_tell_fact reason "$__awsh_reason"
    __awsh_tell_fact next "$__awsh_todo"
    __awsh_tell_fact since "$__awsh_since"
  fi
  [[ -z $__awsh_foreign ]] || __awsh_tell_fact foreign "$__awsh_foreign"
  [[ -z $__awsh_tool ]] || __awsh_tell_fact tool "$__awsh_tool"
  [[ -z $__awsh_agent ]] || __awsh_tell_fact agent 1
  ! complete -p awsh >/dev/null 2>&1 || __awsh_tell_fact completion 1
  for _a_run in "$@"; do
    # starship runs what it was given before it builds PS1.
    [[ $_a_run != *starship_precmd* ]] || __awsh_tell_fact runs "${STARSHIP_PROMPT_COMMAND-}"
    __awsh_tell_fact runs "$_a_run"
  done
  _a_facts+=end
}

__awsh_tell_fact() {
  local _a_value
  ! __awsh_encode "$2" || _a_facts+="$1 $_a_value$__awsh_lf"
}

# From now on this shell has the profile $1, in every directory. If that cannot be looked up nothing changes, and the
# launcher reports why and may let another profile be chosen.
__awsh_use() {
  local _a_kept='' _a_result _a_name
  __awsh_pin_to "$1"
  _a_result=$?
  [[ $_a_kept ]] || return "$_a_result"
  _a_name=$(__awsh_become_launcher '' use --check "$1") || return
  if [[ $_a_name && $_a_name != "$1" ]]; then
    _a_kept=''
    __awsh_pin_to "$_a_name"
    return
  fi
  __awsh_say "nothing was changed${__awsh_lf}no usable answer from $__awsh_launcher${__awsh_lf}awsh doctor"
  return 1
}

# Tries the profile $1, and keeps to it unless the caller's _a_kept says that nothing was changed.
__awsh_pin_to() {
  local _a_before="$__awsh_mode $__awsh_pin" _a_result
  __awsh_try_pin "$1"
  _a_result=$?
  if [[ -z $_a_kept ]]; then
    [[ $_a_before == "pin $1" ]] || __awsh_previous=$_a_before
    __awsh_mode=pin __awsh_pin=$1
  fi
  return "$_a_result"
}

# Mode and pin are this function's own, so that what ^C cuts short leaves those before.
__awsh_try_pin() {
  local __awsh_mode=pin __awsh_pin=$1 _a_result
  local _a_old_typed=$__awsh_typed _a_old_foreign=$__awsh_foreign _a_old_tool=$__awsh_tool
  local _a_old_place=$__awsh_place _a_old_renew=$__awsh_renew _a_old_pause=$__awsh_pause _a_old_waits=$__awsh_waits
  __awsh_place='' __awsh_settled=''
  __awsh_check '' 'use 1'
  _a_result=$?
  if [[ $_a_kept ]]; then
    __awsh_typed=$_a_old_typed __awsh_foreign=$_a_old_foreign __awsh_tool=$_a_old_tool
    __awsh_place=$_a_old_place __awsh_renew=$_a_old_renew __awsh_pause=$_a_old_pause __awsh_waits=$_a_old_waits
  fi
  return "$_a_result"
}

# From now on this shell follows $1: auto, its directory; off, nothing; exec, what it was started with. Without $1: as
# before, anew.
__awsh_switch() {
  if [[ $__awsh_exec && ${1-} == off ]]; then
    local _a_line=''
    __awsh_text in_exec
    __awsh_say "nothing was changed: this shell keeps the credentials of $__awsh_exec$__awsh_lf$_a_line${__awsh_lf}exit"
    return 2
  fi
  if [[ $# -gt 0 && "$__awsh_mode $__awsh_pin" != "$1 $2" ]]; then
    __awsh_previous="$__awsh_mode $__awsh_pin" __awsh_mode=$1 __awsh_pin=$2
  fi
  __awsh_place='' __awsh_settled='' __awsh_typed=''
  __awsh_check ''
}

__awsh_switch_back() {
  if [[ $__awsh_previous == 'pin '* ]]; then
    __awsh_use "${__awsh_previous#* }"
  elif [[ $__awsh_previous ]]; then
    __awsh_switch "${__awsh_previous%% *}" ''
  else
    __awsh_say "nothing was changed${__awsh_lf}nothing else was in use in this shell before${__awsh_lf}awsh use"
    return 2
  fi
}

__awsh_refresh() {
  local _a_result
  if [[ $__awsh_mode == exec ]]; then
    __awsh_refresh_exec
    return
  fi
  __awsh_check '' 'refresh 1'
  _a_result=$?
  if [[ $__awsh_mode == off ]]; then
    __awsh_say "nothing was refreshed${__awsh_lf}awsh is off in this shell${__awsh_lf}awsh use --auto"
    return 1
  elif [[ -z $__awsh_label$__awsh_foreign ]]; then
    __awsh_say "nothing was refreshed${__awsh_lf}nothing is loaded here: no directory file applies to this directory${__awsh_lf}awsh use"
    return 1
  fi
  return "$_a_result"
}

# In a shell that `exec` started: asks for new keys of its profile. Its region stays as it is.
__awsh_refresh_exec() {
  local __awsh_mode=pin __awsh_pin=$__awsh_exec _a_now='' _a_file='' _a_quiet='' _a_moved=1 _a_result=1 __awsh_in_exec=1
  local _a_request='' _a_reply='' _a_proof='' _a_code=1
  if [[ -z ${AWS_ACCESS_KEY_ID-} ]]; then
    __awsh_say 'refresh: there is nothing to renew: programs here get their keys when they ask for them'
    return 0
  fi
  __awsh_settled=''
  __awsh_clock
  if __awsh_request "refresh 1${__awsh_lf}exec 1" && __awsh_ask_node 'use 1' && __awsh_take; then
    return "$_a_result"
  fi
  __awsh_say "there are no new keys${__awsh_lf}no usable answer from $__awsh_launcher${__awsh_lf}awsh doctor"
  return 1
}

# --- at the start --------------------------------------------------------------------------------------------------

# Splits AWSH_LOADED into _a_kind, _a_uid, _a_who and _a_where. Fails where it is not of version 1.
__awsh_read_loaded() {
  local _a_rest=$AWSH_LOADED _a_value
  [[ $_a_rest == '1 '*' '*' '*' '* ]] || return
  _a_rest=${_a_rest#1 }
  _a_kind=${_a_rest%% *} _a_rest=${_a_rest#* }
  _a_uid=${_a_rest%% *} _a_rest=${_a_rest#* }
  _a_who=${_a_rest%% *} _a_where=${_a_rest#* }
  # A lone - stands for nothing.
  __awsh_decode "${_a_who//\%20/ }" && _a_who=${_a_value#-}
  __awsh_decode "${_a_where//\%20/ }" && _a_where=${_a_value#-}
}

# Takes over what a parent shell has loaded, from AWSH_SAVED, so that this shell can put it back.
__awsh_read_saved() {
  local _a_rest="${AWSH_SAVED-}$__awsh_lf" _a_line _a_name _a_value
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    __awsh_decode "${_a_line#* }"
    _a_name=${_a_value%% *} _a_value=${_a_value#* }
    case $_a_line in
      'key '*)
        __awsh_decode "${_a_line#key }"
        _a_text="1 $_a_value" __awsh_closed_files+=$_a_where$__awsh_lf
        ;;
      'protected 1') __awsh_protected=1 ;;
      'tail '*)
        __awsh_decode "${_a_line#tail }"
        __awsh_tails=" AWS_SESSION_TOKEN=$_a_value "
        ;;
      'claim '*' '*' '*) __awsh_read_claim ;;
      'back '*' '*' '*) __awsh_read_back "${_a_line#back }" ;;
      'typed '*' '*) [[ " ${__awsh_claimable[*]} " != *" $_a_name "* ]] || __awsh_typed=$_a_name=$_a_value ;;
      'was '*' '*) __awsh_managed "$_a_name" && __awsh_own+=("exported $_a_name=$_a_value") ;;
      'secret '*) __awsh_managed "$_a_name" && __awsh_own+=("lost $_a_name") __awsh_lost+=" $_a_name " ;;
      'now '*' '*)
        if ! __awsh_managed "$_a_name" || __awsh_secret "$_a_name"; then continue; fi
        __awsh_now+=$_a_line$__awsh_lf __awsh_names+=" $_a_name "
        case $_a_name in
          AWS_PROFILE) __awsh_profile=$_a_value ;;
          AWS_ACCESS_KEY_ID) __awsh_key_id=$_a_value ;;
          AWS_ENDPOINT_URL) __awsh_endpoint=$_a_value ;;
        esac
        ;;
    esac
  done
  [[ -z $__awsh_key_id ]] || __awsh_names+=' AWS_SECRET_ACCESS_KEY  AWS_SESSION_TOKEN '
}

# Makes good that only a part of a parent shell's environment has come down to this one. What awsh had set there is taken out,
# if it is not whole or nothing is known of it; what a load always replaces was awsh's.
__awsh_check_inherited() {
  local _a_name
  if [[ $__awsh_key_id ]]; then
    if [[ -z ${AWS_ACCESS_KEY_ID-} ]]; then
      builtin unset -v AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    elif [[ -z ${AWS_SECRET_ACCESS_KEY-} || ($__awsh_tails && -z ${AWS_SESSION_TOKEN-}) ]]; then
      # It is loaded anew.
      __awsh_place=''
    fi
  elif [[ $__awsh_names || ${AWS_VAULT-} ]]; then
    return 0
  elif [[ ${AWSH_PROFILE-} && ${AWSH_EXPIRES-} ]]; then
    for _a_name in AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE; do
      [[ ${!_a_name-} != "$AWSH_PROFILE" ]] || builtin unset -v "$_a_name"
    done
    [[ ${AWS_REGION-} != "${AWS_DEFAULT_REGION-}" ]] || builtin unset -v AWS_REGION AWS_DEFAULT_REGION
    builtin unset -v "${__awsh_replaced[@]:0:8}" "${!AWS_ENDPOINT_URL_@}" AWSH_LOADED AWSH_SEGMENT
  elif [[ ${AWS_PROFILE-} == awsh-blocked ]]; then
    for _a_name in AWS_REGION AWS_DEFAULT_REGION; do
      [[ ${!_a_name-} != awsh-blocked ]] || builtin unset -v "$_a_name"
    done
    builtin unset -v AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SEGMENT
  fi
}

# Takes over a value of awsh's that a tool may put back: $1 is the variable, that value, and what was there before awsh.
__awsh_read_back() {
  local _a_name=${1%% *} _a_made=${1#* } _a_value
  __awsh_managed "$_a_name" && ! __awsh_secret "$_a_name" || return 0
  _a_value=${_a_made%% *}
  __awsh_decode "${_a_value//\%20/ }"
  __awsh_note_one_displaced "$_a_value"
  __awsh_decode "${_a_made#* }"
  [[ $_a_value != =* ]] || __awsh_displaced_own+=("exported $_a_name$_a_value")
}

# Takes a claim over: _a_name, and in _a_value the tool and what was there before.
__awsh_read_claim() {
  local _a_i
  for _a_i in "${!__awsh_claimable[@]}"; do
    if [[ ${__awsh_claimable[_a_i]} == "$_a_name" ]]; then
      __awsh_base[_a_i]=${_a_value#* } __awsh_by[_a_i]=${_a_value%% *}
      __awsh_by[_a_i]=${__awsh_by[_a_i]#-}
    fi
  done
}

# Sets _a_value to the epoch seconds of $1, a time in UTC as AWS tools write it (2026-01-31T09:05:00Z). Fails for all else.
__awsh_epoch_of() {
  local _a_year _a_month
  [[ $1 == [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]* ]] || return
  case ${1:19} in
    Z | +00:00) ;;
    .*[!0-9]*Z | .Z) return 1 ;;
    .*Z) ;;
    *) return 1 ;;
  esac
  # Years that begin in March: then the day of a leap year is the last one.
  _a_year=$((10#${1:0:4})) _a_month=$((10#${1:5:2}))
  ((_a_month > 2)) || _a_year=$((_a_year - 1)) _a_month=$((_a_month + 12))
  _a_value=$((365 * _a_year + _a_year / 4 - _a_year / 100 + _a_year / 400 + (153 * (_a_month - 3) + 2) / 5))
  _a_value=$(((_a_value + 10#${1:8:2} - 719469) * 86400 + 10#${1:11:2} * 3600 + 10#${1:14:2} * 60 + 10#${1:17:2}))
}

# Sets __awsh_exec_expires to the end of the keys that `exec` or aws-vault gave this shell; 0 if they have none.
__awsh_find_exec_end() {
  local _a_name _a_value
  __awsh_exec_expires=0
  [[ ${AWS_ACCESS_KEY_ID-} ]] || return 0
  for _a_name in AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION; do
    # aws-vault leaves what awsh set before it.
    [[ ${!_a_name-} && $__awsh_now != *"now $_a_name ${!_a_name}$__awsh_lf"* ]] || continue
    if __awsh_epoch_of "${!_a_name}"; then
      __awsh_exec_expires=$_a_value
      return 0
    fi
  done
}

# Fails where this shell is to be left alone: another user's (sudo -E), or a newer awsh's.
__awsh_start() {
  local _a_file=${BASH_SOURCE[0]} _a_link _a_kind='' _a_uid=$EUID _a_who='' _a_where='' _a_text=''
  if [[ ${AWSH_LOADED-} ]]; then
    __awsh_read_loaded && [[ $_a_uid == "$EUID" ]] || return
  fi

  # The launcher is this very package's, by its absolute path: PATH may name a directory that a repository owns.
  [[ $_a_file == /* ]] || _a_file=$PWD/$_a_file
  while [[ -L $_a_file ]]; do
    _a_link=$(command -p readlink "$_a_file")
    [[ $_a_link == /* ]] || _a_link=${_a_file%/*}/$_a_link
    _a_file=$_a_link
  done
  _a_file=${_a_file%/*}
  case $_a_file in */shell) _a_file=${_a_file%/shell} ;; *) _a_file=$_a_file/.. ;; esac
  __awsh_launcher=$_a_file/bin/awsh
  __awsh_read_version "$_a_file/package.json"
  case ${XDG_STATE_HOME-} in
    /*) __awsh_lock=$XDG_STATE_HOME/awsh/locked ;;
    *) __awsh_lock=/${HOME#/}/.local/state/awsh/locked ;;
  esac
  case ${XDG_CACHE_HOME-} in
    /*) __awsh_cache=$XDG_CACHE_HOME/awsh ;;
    *) __awsh_cache=/${HOME#/}/.cache/awsh ;;
  esac
  if [[ ${AWSH_AGENT-} != off ]]; then
    case ${XDG_RUNTIME_DIR-} in
      /*) __awsh_agent=$XDG_RUNTIME_DIR/awsh/agent ;;
      *) __awsh_agent=${__awsh_lock%/*}/agent ;;
    esac
    # A person's own trap could not be put back without evaluating its text.
    [[ -z $(builtin trap -p PIPE) ]] || __awsh_agent=''
  fi
  ((BASH_VERSINFO[0] < 5)) || __awsh_epoch=1
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)) || __awsh_born=$(($(command -p date +%s) - SECONDS))
  __awsh_fix_environment

  __awsh_read_saved
  case $_a_kind:${__awsh_now:+records} in
    off:*) __awsh_mode=off ;;
    overridden:*)
      if [[ $_a_who ]]; then __awsh_mode=pin __awsh_pin=$_a_who; fi
      __awsh_typed_at="auto $_a_where $_a_text"
      [[ $__awsh_mode == auto ]] || __awsh_typed_at="pin $__awsh_pin"
      ;;
    dir:records | pin:records | blocked:records)
      __awsh_kind=$_a_kind __awsh_who=$_a_who
      if [[ $_a_where ]]; then
        __awsh_place="auto $_a_where $_a_text"
      elif [[ $_a_who ]]; then
        __awsh_mode=pin __awsh_pin=$_a_who __awsh_place="pin $_a_who"
      fi
      if [[ $_a_kind == blocked ]]; then
        __awsh_label=blocked __awsh_renew=1
      else
        __awsh_call_it "$_a_who"
        if __awsh_number "${AWSH_EXPIRES-}" && ((10#$AWSH_EXPIRES > 300)); then
          __awsh_expires=$((10#$AWSH_EXPIRES)) __awsh_renew=$((10#$AWSH_EXPIRES - 300))
        fi
      fi
      ;;
  esac
  __awsh_check_inherited 2>/dev/null
  # What `awsh exec` or aws-vault has started stays what it is, wherever it goes.
  if [[ ${AWS_VAULT-} ]] && { [[ -z $__awsh_kind ]] || __awsh_is_displaced; }; then
    __awsh_find_exec_end
    __awsh_now='' __awsh_names='' __awsh_own=() __awsh_kind='' __awsh_renew=0 __awsh_foreign=''
    __awsh_mode=exec __awsh_place=exec __awsh_exec=$AWS_VAULT
  fi
  [[ -z $__awsh_key_id ]] || __awsh_issued=" $__awsh_key_id "
  __awsh_look_around
  __awsh_register
  __awsh_register_before
}

# $1 is neither function nor alias: somebody else's cd is left alone, the next prompt does the work then.
__awsh_is_plain() {
  ! declare -F "$1" >/dev/null && ! alias "$1" >/dev/null 2>&1
}

# This shell follows: auto, its directory; pin, the profile __awsh_pin; off, nothing; exec, what `exec` or aws-vault gave it,
# whose profile is __awsh_exec.
__awsh_mode=auto __awsh_pin='' __awsh_previous='' __awsh_exec='' __awsh_exec_expires=0
# What is in place: dir, pin, blocked or nothing; whose it is, and until when; what of it awsh itself compares; the
# names of secrets that were there, and that only a parent shell can put back.
__awsh_lost='' __awsh_kind='' __awsh_who='' __awsh_expires=0 __awsh_protected='' __awsh_key_id='' __awsh_profile=''
# The ids that awsh has set in this shell, the ends of the secrets that it set last, and what it took out last.
__awsh_issued='' __awsh_tails='' __awsh_gone_now='' __awsh_gone_names=''
# Beside other tools: they run; where they ran last; what is taken out meanwhile; what the user set, `NAME=VALUE`, and in
# which place; how PROMPT_COMMAND is kept.
__awsh_open='' __awsh_stood='' __awsh_kept_now='' __awsh_typed='' __awsh_typed_at='' __awsh_array=''
__awsh_seen_direnv='' __awsh_seen_mise=''
__awsh_identity='' __awsh_stamp=- __awsh_displaced='' __awsh_displaced_now='' __awsh_displaced_by='' __awsh_endpoint=''
builtin unset -v __awsh_displaced_own __awsh_seen __awsh_base __awsh_by __awsh_emptied __awsh_kept __awsh_kept_hidden __awsh_gone_own
# The place that was last asked about, when to ask again, and how long to wait after a failure.
__awsh_place='' __awsh_renew=0 __awsh_pause=10
# The state that this shell is in if it is not what it was asked to be (src/shell/state-table.ts), the reason, the next
# command, and since when; which variable another tool or the user has set, and which tool, if it is known.
__awsh_state='' __awsh_reason='' __awsh_todo='' __awsh_since=0 __awsh_foreign='' __awsh_tool=''
# A variable that awsh would have to set, but which the user has made read-only: for as long as this shell lives.
__awsh_readonly=''
# The last reply's status and names, which need no second proof; of the last keys, see __awsh_note_usual.
__awsh_proven='' __awsh_usual_names='' __awsh_usual_count=0 __awsh_usual_lines='' __awsh_usual_holds=all __awsh_in_exec=''
# Where the directory file may be, and for which directory that was listed; the lock's mark; EPOCHSECONDS is the shell's.
__awsh_files=('') __awsh_listed='' __awsh_lock='' __awsh_epoch=''
# Directory files that nobody else can exchange, one a line, and the last of them that was read; those that others can exchange.
__awsh_closed_files=$__awsh_lf __awsh_closed='' __awsh_shared_files=$__awsh_lf
# The cache folder. The agent's state file, where it may be asked; a call is under way; until when it is left alone, and for how long the
# next time. What this shell waits for: wait, person or nothing.
__awsh_version='' __awsh_cache='' __awsh_agent='' __awsh_busy='' __awsh_rest=0 __awsh_rest_seconds=10 __awsh_waits=''
# What the last long look found and when it was; when the next is due without anything else.
__awsh_settled='' __awsh_looked=0 __awsh_next=0
# The segment's name, as PS1 shows it, and PS1 as it was left; names that may be shown.
__awsh_plain=' ' __awsh_label='' __awsh_shown='' __awsh_drawn=''
# 1 until a prompt has been shown; the length of PROMPT_COMMAND's first element at the last one, and all that ran then; the terminal; where PROMPT_COMMAND has us; options put aside.
__awsh_hush=1 __awsh_joined='' __awsh_joined_all='' __awsh_tty='' __awsh_at=0 __awsh_flags='' __awsh_nocasematch=''

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
