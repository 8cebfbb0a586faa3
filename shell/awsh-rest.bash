# shellcheck shell=bash disable=SC2034,SC2154
#
# The second part of awsh's hook for bash: loads, unloads and draws. awsh.bash sources it if the
# shell has a profile to load, if a tool such as direnv runs here, or for one of awsh's own verbs.
# The rules in awsh.bash apply here too.
#
# The file may be sourced at a prompt, so it never contains a=(...) outside of a function either.

# The version word of both files (npm run generate): parts of two versions are never in one shell.
[[ ${_a_word-} == 6ce3717668df ]] || \return 1

# --- managed variables ----------------------------------------------------------------------------

# From src/shell/managed-variables.ts.
# <managed-variables: npm run generate>
# A load replaces all of these and each AWS_ENDPOINT_URL_*: access keys are never exported together
# with a session token or an endpoint from elsewhere.
__awsh_cleared=" AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWS_PROFILE \
AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ROLE_ARN AWS_ROLE_SESSION_NAME \
AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI \
AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN \
AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE "

# The variables that a reply with credentials may set, each between spaces. AWS_ENDPOINT_URL_* may
# be set too.
__awsh_settable=" AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
AWS_SESSION_EXPIRATION AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_USE_FIPS_ENDPOINT \
AWS_USE_DUALSTACK_ENDPOINT AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_CA_BUNDLE AWSH_PROFILE \
AWSH_EXPIRES AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE "

# Succeeds if $1 is a variable that awsh manages.
__awsh_managed() {
  case $1 in
    AWS_ENDPOINT_URL_*[!A-Z0-9_]*) return 1 ;;
    AWS_PROFILE | AWS_EC2_METADATA_DISABLED | AWS_ACCESS_KEY_ID | AWS_SECRET_ACCESS_KEY) ;;
    AWS_SESSION_TOKEN | AWS_CREDENTIAL_EXPIRATION | AWS_SESSION_EXPIRATION | AWS_REGION) ;;
    AWS_DEFAULT_REGION | AWS_ENDPOINT_URL | AWS_USE_FIPS_ENDPOINT | AWS_USE_DUALSTACK_ENDPOINT) ;;
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS | AWS_CA_BUNDLE | AWSH_PROFILE | AWSH_EXPIRES | AWSUME_PROFILE) ;;
    AWSU_PROFILE | AWS_SSO_PROFILE | AWS_DEFAULT_PROFILE | AWS_SECURITY_TOKEN | AWS_ROLE_ARN) ;;
    AWS_ROLE_SESSION_NAME | AWS_WEB_IDENTITY_TOKEN_FILE | AWS_CONTAINER_CREDENTIALS_FULL_URI) ;;
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI | AWS_CONTAINER_AUTHORIZATION_TOKEN) ;;
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) ;;
    AWS_ENDPOINT_URL_?*) ;;
    *) return 1 ;;
  esac
}

# Succeeds if the value of the variable $1 must never be written into AWSH_SAVED.
__awsh_secret() {
  case $1 in
    AWS_SECRET_ACCESS_KEY | AWS_SESSION_TOKEN | AWS_SECURITY_TOKEN | AWS_CONTAINER_AUTHORIZATION_TOKEN) ;;
    *) return 1 ;;
  esac
}

# Succeeds if most loads set the variable $1.
__awsh_usual() {
  case $1 in
    AWS_ACCESS_KEY_ID | AWS_SECRET_ACCESS_KEY | AWS_SESSION_TOKEN | AWS_CREDENTIAL_EXPIRATION) ;;
    AWS_SESSION_EXPIRATION | AWS_REGION | AWS_DEFAULT_REGION | AWSH_PROFILE | AWSH_EXPIRES) ;;
    *) return 1 ;;
  esac
}
# </managed-variables>

# --- values ---------------------------------------------------------------------------------------

__awsh_cr=$'\r'

# Succeeds if $1 is safe to use in arithmetic: `(( ))`, `-lt` and `${v:n}` run code inside a
# subscript.
__awsh_number() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  [[ ${#1} -le 12 ]]
}

# Sets _a_value to $1, encoded for the wire format. Fails if it contains other control bytes.
__awsh_encode() {
  _a_value=$1
  [[ $1 == *[%[:cntrl:]]* ]] || return 0
  if [[ ${1%"$__awsh_lf"} != *[%[:cntrl:]]* ]]; then
    # Most files need only their line end encoded.
    _a_value=${1%?}%0A
    return
  fi
  _a_value=${1//\%/%25}
  _a_value=${_a_value//$__awsh_lf/%0A}
  _a_value=${_a_value//$__awsh_cr/%0D}
  [[ $_a_value != *[[:cntrl:]]* ]]
}

# The inverse. %25 must be decoded last: %250A is the text %0A.
__awsh_decode() {
  _a_value=$1
  [[ $_a_value == *%* ]] || return 0
  _a_value=${_a_value//\%0A/$__awsh_lf}
  _a_value=${_a_value//\%0D/$__awsh_cr}
  _a_value=${_a_value//\%25/%}
}

# --- messages -------------------------------------------------------------------------------------

# <request-variables: npm run generate>
# The fixed variables that a request contains, and those that are passed on with their current
# values (src/shell/fixed-environment.ts).
__awsh_sendable=" HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR \
AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY \
NO_PROXY http_proxy https_proxy all_proxy no_proxy DBUS_SESSION_BUS_ADDRESS GNUPGHOME \
PASSWORD_STORE_DIR "
__awsh_passable=" AWSH_REQUEST PWD AWSH_FILE_PASSPHRASE AWS_VAULT_FILE_PASSPHRASE "
# </request-variables>

# <texts: npm run generate>
# Sets the caller's _a_line to a reason that the hook has by itself.
__awsh_text() {
  case $1 in
    interrupted) _a_line='the profile is not loaded: the load was interrupted' ;;
    unanswered) _a_line='no usable answer from {launcher}' ;;
    path) _a_line='the path of this directory has bytes that are not text: awsh cannot use its .awsprofile until it has another name' ;;
    in_exec) _a_line='awsh exec or aws-vault started this shell with them; they end with the shell' ;;
    overridden) _a_line='{variable} was set {set}, so awsh does not load its own credentials' ;;
    read_only) _a_line='{variable} is read-only, so awsh does not load its own credentials; if a startup file makes it read-only, remove that line first' ;;
  esac
}

# Sets _a_headline to what the state $1 means for the user. Fails for a state that no reply may have.
__awsh_headline() {
  case $1 in
    'not allowed') _a_headline='this .awsprofile is not allowed' ;;
    denied) _a_headline='this .awsprofile is denied' ;;
    changed) _a_headline='this .awsprofile is no longer what you allowed' ;;
    malformed) _a_headline='this .awsprofile cannot be used' ;;
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
# </texts>

# Prints the message $1 for the user: one line, or three lines with what happened, why, and the next
# command. The layout is that of the program's errors (src/cli/error-text.ts). Control characters
# are shown as ?.
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
    # Never wrapped, so that it can be copied.
    [[ -z $_a_next ]] || builtin printf '  next: %s\n' "${_a_next//[[:cntrl:]]/?}"
  } >&2
}

# Prints the reason $1 next to its label, or below it if there is not enough room. Shares `_a_room`.
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

# Prints the text $4 in lines of at most $3 columns. The first line begins with $1, the others with
# $2. No word is broken.
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

# Sets _a_width to the greatest number of columns that $1 can take: a letter outside ASCII may be
# two columns wide.
__awsh_width() {
  _a_width=${1//[[:ascii:]]/}
  _a_width=$((${#1} + ${#_a_width}))
}

# Replaces {$1} with $2 in the caller's _a_line.
__awsh_fill() {
  local _a_place="{$1}"
  [[ $_a_line != *"$_a_place"* ]] || _a_line=${_a_line%%"$_a_place"*}$2${_a_line#*"$_a_place"}
}

# Sets the caller's _a_name to the profile that the directory file in _a_text names, or to nothing
# if its form is not a plain name.
__awsh_file_profile() {
  _a_name=${_a_text#1 }
  _a_name=${_a_name%%"$__awsh_lf"*}
  _a_name=${_a_name%"$__awsh_cr"}
  case $_a_name in profile*=*) _a_name=${_a_name#*=} ;; esac
  _a_name=${_a_name//[[:space:]]/}
  case $_a_name in '' | -* | *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@+,:/-]*) _a_name='' ;; esac
}

# Like __awsh_note_state, for the case that another tool or the user has set __awsh_foreign.
__awsh_note_override() {
  local _a_line='' _a_todo='awsh off' _a_name
  __awsh_text overridden
  __awsh_fill variable "$__awsh_foreign"
  if [[ $__awsh_tool ]]; then
    __awsh_fill set 'by {tool}'
    __awsh_fill tool "${__awsh_tool//_/ }"
    [[ $__awsh_mode != exec ]] || local _a_text="1 $__awsh_exec"
    __awsh_file_profile
    # A tool does not override a pinned profile.
    [[ -z $_a_name ]] || _a_todo="awsh use $_a_name"
    [[ $_a_name || $__awsh_mode != exec ]] || _a_todo='exit'
  elif [[ $__awsh_foreign == "$__awsh_readonly" ]]; then
    __awsh_text read_only
    __awsh_fill variable "$__awsh_foreign"
    _a_todo='exec bash'
  else
    __awsh_fill set 'outside of awsh'
    _a_todo="unset $__awsh_foreign"
    # The user has unset the variable, so the next command must not unset it.
    [[ ${!__awsh_foreign-} ]] || _a_todo='awsh refresh' _a_line=${_a_line/ was set / was unset }
    [[ $__awsh_foreign != AWS_ACCESS_KEY_ID || -z ${AWS_ACCESS_KEY_ID-} ]] || _a_todo+=' AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN'
  fi
  __awsh_note_state overridden "$_a_line" "$_a_todo"
}

# Notes this shell's state $1, the reason $2 and the next command $3, for `awsh status` and others.
# Adds the message about it to the caller's _a_says, unless the clock alone caused the question and
# the answer is the same as before.
__awsh_note_state() {
  local _a_headline=''
  __awsh_state=$1 __awsh_reason=${2//[[:cntrl:]]/?} __awsh_todo=${3//[[:cntrl:]]/?} __awsh_since=$_a_now
  [[ "$1 $__awsh_reason" != "$_a_known" ]] || return 0
  __awsh_headline "$1"
  _a_says[_a_told++]=$_a_headline$__awsh_lf$__awsh_reason$__awsh_lf$__awsh_todo
}

# --- the directory file ---------------------------------------------------------------------------

# After the answer _a_reply, reads the file that __awsh_read_file did not read. Without an answer,
# reads it if only this user can write to its folder. Shares __awsh_look's locals.
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

# Succeeds if, as far as this shell can see, no other user can replace the file $1.
__awsh_looks_closed() {
  [[ -O $1 && -O ${1%/*}/ && ! -g ${1%/*}/ && $__awsh_shared_files != *"$__awsh_lf$1$__awsh_lf"* ]]
}

# --- set and restore variables --------------------------------------------------------------------

# What awsh has set:
# - __awsh_names: the names, each between spaces;
# - __awsh_now: lines as in AWSH_SAVED, `now NAME VALUE`, without the two secrets, which are
#   recognised by AWS_ACCESS_KEY_ID;
# - __awsh_held: what __awsh_hold found after the load (-: not known; empty: not checked yet), and
#   __awsh_holds: which variables it has to check. __awsh_own, below, is what was there before:
#   `exported NAME=VALUE`, `plain NAME=VALUE` (`plain-a`: with that attribute), or `lost NAME`, a
#   secret that only a parent shell has.
__awsh_names='' __awsh_now='' __awsh_held=- __awsh_there='' __awsh_holds=all
builtin unset -v __awsh_own
# ${name@a} needs bash 4.4.
__awsh_attributes=''
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)) || __awsh_attributes=1

# Sets __awsh_there to the present values of all that awsh has set, and the last characters of the
# secrets. It reads them in one expression, because checking one variable after the other would be
# most of the cost of a cd. Rarely needed code, quotes and ${name-} would also cost too much: bash
# copies a function's body at each call, and nounset is off here. For the same reason it looks only
# at the variables that most profiles set, unless __awsh_holds says that awsh has set others.
__awsh_hold() {
  # shellcheck disable=SC2153 # not AWSH_PROFILE
  case $__awsh_holds in
    keys)
      # <usual-values: npm run generate>
      __awsh_there=$AWS_ACCESS_KEY_ID\ $AWS_CREDENTIAL_EXPIRATION\ $AWS_SESSION_EXPIRATION\ $AWS_REGION\ $AWS_DEFAULT_REGION\ $AWSH_PROFILE\ $AWSH_EXPIRES\ ${AWS_SECRET_ACCESS_KEY: -6}\ ${AWS_SESSION_TOKEN: -6}
      # </usual-values>
      ;;
    block)
      # <blocked-values: npm run generate>
      __awsh_there=$AWS_PROFILE\ $AWS_EC2_METADATA_DISABLED\ $AWS_REGION\ $AWS_DEFAULT_REGION
      # </blocked-values>
      ;;
    *) __awsh_hold_all ;;
  esac
}

__awsh_hold_all() {
  # shellcheck disable=SC2153 # not AWSH_PROFILE
  # <all-values: npm run generate>
  __awsh_there=$AWS_PROFILE\ $AWS_EC2_METADATA_DISABLED\ $AWS_ACCESS_KEY_ID\ $AWS_CREDENTIAL_EXPIRATION\ $AWS_SESSION_EXPIRATION\ $AWS_REGION\ $AWS_DEFAULT_REGION\ $AWS_ENDPOINT_URL\ $AWS_USE_FIPS_ENDPOINT\ $AWS_USE_DUALSTACK_ENDPOINT\ $AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\ $AWS_CA_BUNDLE\ $AWSH_PROFILE\ $AWSH_EXPIRES\ $AWSUME_PROFILE\ $AWSU_PROFILE\ $AWS_SSO_PROFILE\ ${AWS_SECRET_ACCESS_KEY: -6}\ ${AWS_SESSION_TOKEN: -6}
  # </all-values>
}

# Notes these values after a load. If the endpoint of a single service is set, each variable is
# checked instead.
__awsh_note_held() {
  __awsh_hold
  __awsh_held=$__awsh_there
  [[ $__awsh_holds != all || $__awsh_names != *' AWS_ENDPOINT_URL_'* ]] || __awsh_held=-
}

# Restores each variable to what it was, except those that something else has changed since. This
# function and __awsh_put print an error if a variable of the user's is read-only: call them with
# stderr redirected.
__awsh_put_back() {
  local IFS=' ' _a_changed=''
  if [[ $__awsh_names ]]; then
    # Keep the records, but not the secrets, to recognise these values if another program puts them
    # back later.
    __awsh_gone_now=$__awsh_now __awsh_gone_names=$__awsh_names
    if [[ ${__awsh_own+set}${__awsh_gone_own+set} ]]; then __awsh_keep_own; fi
  fi
  [[ ! $__awsh_names$__awsh_now ]] || __awsh_hold
  # If the user's IFS is read-only, it cannot be used to split the names.
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

# Unsets the variables that still have awsh's values. Adds the names of the others to the caller's
# _a_changed.
__awsh_unset_ours() {
  local _a_ours _a_readonly
  __awsh_find_ours
  __awsh_unset_names "AWSH_LOADED AWSH_SAVED $_a_ours" || __awsh_hide_readonly "$_a_ours"
}

# Restores everything that was set before awsh. Shares __awsh_put_back's locals.
__awsh_give_own_back() {
  local _a_line
  for _a_line in "${__awsh_own[@]}"; do __awsh_give_back "$_a_line"; done
}

# Keeps the records of what was set before the values that are about to be removed.
__awsh_keep_own() {
  local _a_i
  builtin unset -v __awsh_gone_own
  for _a_i in "${!__awsh_own[@]}"; do __awsh_gone_own[_a_i]=${__awsh_own[_a_i]}; done
}

# Removes credentials that awsh had loaded and another program has put back, and restores what was
# set before.
__awsh_scrub() {
  local _a_i
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWSH_PROFILE AWSH_EXPIRES AWSH_LOADED
  [[ -z $__awsh_names ]] || __awsh_put_back
  __awsh_now=$__awsh_gone_now __awsh_names=$__awsh_gone_names
  for _a_i in "${!__awsh_gone_own[@]}"; do __awsh_own[_a_i]=${__awsh_gone_own[_a_i]}; done
  __awsh_put_back
}

# Sets the caller's _a_ours to the names of the variables that still have awsh's values, and
# _a_changed to those that something else has set since. A variable that is not set needs its old
# value back if we unset it before ^C; AWSH_LOADED is then unset too.
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

# Succeeds if the secret variable $1 still has awsh's value. Only the last characters of a secret
# are kept. Nothing is known of a secret key that a parent shell has set: it counts as awsh's as
# long as the access key id does.
__awsh_is_our_secret() {
  if [[ $__awsh_tails != *" $1="* ]]; then
    [[ ${AWS_ACCESS_KEY_ID-} == "$__awsh_key_id" ]]
  elif [[ $1 == AWS_SECRET_ACCESS_KEY ]]; then
    [[ $__awsh_tails == *" $1=${AWS_SECRET_ACCESS_KEY: -6} "* ]]
  else
    [[ $__awsh_tails == *" $1=${AWS_SESSION_TOKEN: -6} "* ]]
  fi
}

# Unsets the variables named in $1, separated by spaces, whatever IFS is.
__awsh_unset_names() {
  local _a_rest="$1 "
  builtin set --
  while [[ $_a_rest ]]; do
    [[ $_a_rest == ' '* ]] || builtin set -- "$@" "${_a_rest%% *}"
    _a_rest=${_a_rest#* }
  done
  builtin unset -v "$@"
}

# Unexports the read-only variables among those named in $1, separated by spaces, so that programs
# do not see them, unless they were exported with that value before awsh. Sets the caller's
# _a_readonly to the first of them.
__awsh_hide_readonly() {
  local _a_rest="$1 " _a_name _a_line _a_had
  _a_readonly=''
  while [[ $_a_rest ]]; do
    _a_name=${_a_rest%% *} _a_rest=${_a_rest#* }
    [[ $_a_name ]] || continue
    _a_line=$(\builtin declare -p "$_a_name" 2>/dev/null)
    _a_line=${_a_line#declare -}
    [[ ${_a_line%% *} == *r* ]] || continue
    _a_readonly=${_a_readonly:-$_a_name} _a_had=''
    for _a_line in "${__awsh_own[@]}"; do
      [[ $_a_line != exported*" $_a_name=${!_a_name-}" ]] || _a_had=1
    done
    [[ $_a_had ]] || builtin export -n "${_a_name?}"
  done
}

# Restores the variable in $1, an entry of __awsh_own, unless something else has set it since.
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

# Replaces everything that awsh manages with the arguments after the second and with the secrets in
# the caller's _a_hidden, each `NAME=VALUE`. _a_names has the names of the former, each between
# spaces, and _a_nows their lines for AWSH_SAVED. $1 is the kind: dir, pin or blocked; $2 is for
# __awsh_holds. Everything is noted before anything is changed, so that the next put_back can undo a
# change that ^C interrupts.
__awsh_put() {
  [[ $__awsh_kind != exec || $1 == exec ]] || __awsh_release_exec
  # Unless this was already done while the agent answered.
  [[ -z $__awsh_now${__awsh_own+set} ]] || __awsh_put_back
  local _a_name _a_value _a_who=${__awsh_who:--} _a_where=- _a_saved='' _a_noted=0 _a_failed='' _a_taken
  __awsh_kind=$1 __awsh_holds=$2 __awsh_held='' __awsh_stamp='' __awsh_key_id=$_a_key_id __awsh_profile='' __awsh_foreign=''
  builtin shift 2
  [[ $__awsh_kind != blocked ]] || __awsh_profile=awsh-blocked
  [[ $__awsh_kind != exec && (! $AWS_ACCESS_KEY_ID || $AWS_ACCESS_KEY_ID != "$_a_key_id") ]] || __awsh_drop_same "$@"
  [[ ${_a_theirs+set} ]] || __awsh_list_theirs
  for _a_name in "${_a_theirs[@]:1}"; do
    # __awsh_cleared includes the names of the secrets.
    [[ $__awsh_cleared != *" $_a_name "* && $_a_names != *" $_a_name "* && $_a_name != AWS_ENDPOINT_URL_* ]] || __awsh_note_own
  done
  # <other-names: npm run generate>
  for _a_name in ${AWSH_PROFILE+AWSH_PROFILE} ${AWSH_EXPIRES+AWSH_EXPIRES} ${AWSUME_PROFILE+AWSUME_PROFILE} \
    ${AWSU_PROFILE+AWSU_PROFILE}; do
    # </other-names>
    [[ $__awsh_cleared != *" $_a_name "* && $_a_names != *" $_a_name "* ]] || __awsh_note_own
  done
  [[ -z $__awsh_lost ]] || __awsh_note_lost
  # The last characters of the secrets, and AWSH_LOADED and AWSH_SAVED, which tell child shells what
  # is loaded and what was set before.
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
  # Not earlier: everything needed to undo the change must be noted first.
  __awsh_now=$_a_nows
  __awsh_names=$_a_names
  [[ ! ${_a_hidden+set} ]] || __awsh_names+=' AWS_SECRET_ACCESS_KEY '
  [[ ! ${_a_hidden[1]+set} ]] || __awsh_names+=' AWS_SESSION_TOKEN '
  # Unset in any case: if the user declared one as an integer, assigning would evaluate the value.
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
  [[ $__awsh_kind != exec ]] || __awsh_hide_records
}

# Sets __awsh_look's _a_theirs to an empty element and the user's own variables that awsh manages,
# after awsh's values were removed. bash searches for names among the variables of all functions
# that are running, so this is done once, and early.
__awsh_list_theirs() {
  local _a_name _a_count=1
  _a_theirs[0]=''
  for _a_name in "${!AWS_@}"; do
    if [[ $_a_name == AWS_ENDPOINT_URL_* || ($_a_name == AWS_VAULT && $__awsh_exec) ]] || __awsh_managed "$_a_name"; then _a_theirs[_a_count++]=$_a_name; fi
  done
}

# Notes the last characters of the secrets if one of them is short or needs encoding. This function
# and the next two share __awsh_put's locals.
__awsh_note_tails() {
  local _a_secret=${_a_hidden[0]#*=} _a_token=${_a_hidden[1]-}
  _a_token=${_a_token#*=}
  __awsh_tails=" AWS_SECRET_ACCESS_KEY=${_a_secret: -6}  AWS_SESSION_TOKEN=${_a_token: -6} "
  if [[ $_a_token ]] && __awsh_encode "${_a_token: -6}"; then _a_saved+="tail $_a_value$__awsh_lf"; fi
}

# Notes that one of the user's variables is read-only.
__awsh_note_readonly() {
  local _a_readonly
  __awsh_hide_readonly "${_a_taken[*]} $__awsh_names"
  # A blocked shell needs some region, but it need not be this one.
  [[ $__awsh_kind == blocked && $_a_readonly != AWS_PROFILE ]] || __awsh_readonly=$_a_readonly
}

# Encodes the profile and the file for AWSH_LOADED.
__awsh_encode_place() {
  if __awsh_encode "$_a_who"; then _a_who=${_a_value// /%20}; else _a_who=-; fi
  if __awsh_encode "$_a_where"; then _a_where=${_a_value// /%20}; else _a_where=-; fi
}

# The values about to be set are already set, by a shell whose records this shell did not inherit:
# they are not the user's own. The arguments are __awsh_put's.
__awsh_drop_same() {
  local _a_pair _a_name
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  for _a_pair in "$@"; do
    _a_name=${_a_pair%%=*}
    [[ ${!_a_name-} != "${_a_pair#*=}" ]] || builtin unset -v "$_a_name"
  done
}

# Notes the user's own variable _a_name, in __awsh_own and in __awsh_put's _a_taken and _a_saved.
__awsh_note_own() {
  local _a_had=plain _a_value
  if [[ $__awsh_attributes ]]; then
    _a_value=${!_a_name@a}
    # ${name@a} prints nothing for an array without a first element.
    if [[ -z $_a_value && -z ${!_a_name+set} ]]; then _a_value=$(\builtin declare -p "$_a_name"); fi
    [[ ${_a_value%% [A-Z]*} != *x* ]] || _a_had=exported
    [[ -z ${_a_value//[rx]/} ]] || __awsh_note_kind
  else
    _a_value=$(\builtin declare -p "$_a_name")
    [[ ${_a_value%%=*} != 'declare -'*x*" $_a_name" ]] || _a_had=exported
  fi
  _a_taken[_a_noted]=$_a_name
  __awsh_own[_a_noted++]="$_a_had $_a_name=${!_a_name-}"
  # Arrays are not exported, even if bash reports that they are.
  if [[ $_a_had == exported* && $_a_had != *-*[aA]* ]]; then
    if __awsh_secret "$_a_name" || __awsh_is_half "$_a_name" || ! __awsh_encode "${!_a_name-}"; then
      _a_saved+="secret $_a_name$__awsh_lf"
    else
      _a_saved+="was $_a_name $_a_value$__awsh_lf"
    fi
  fi
}

# Succeeds if the variable $1 belongs to a secret of the user's, which no child shell can restore: it
# would be half a pair there.
__awsh_is_half() {
  case $1 in
    AWS_ACCESS_KEY_ID) [[ ${AWS_SECRET_ACCESS_KEY+set}${AWS_SESSION_TOKEN+set} ]] ;;
    AWS_CONTAINER_CREDENTIALS_*_URI) [[ ${AWS_CONTAINER_AUTHORIZATION_TOKEN+set} ]] ;;
    *) return 1 ;;
  esac
}

# Adds the attributes of the variable _a_name to the caller's _a_had, as the letters of `declare` in
# _a_value. The elements of an array are kept in __awsh_array_NAME.
__awsh_note_kind() {
  _a_value=${_a_value#declare -}
  _a_value=${_a_value%% *}
  _a_value=${_a_value//[!aAilcu]/}
  [[ $_a_value ]] || return 0
  _a_had+=-$_a_value
  [[ $_a_value != *[aA]* ]] || __awsh_copy_array "$_a_name" "__awsh_array_$_a_name"
}

# Makes the variable $2 an array with the elements of $1. Shares _a_value, the letters of its
# attributes.
__awsh_copy_array() {
  local _a_key
  builtin unset -v "$2"
  builtin declare -g "-$_a_value" "$2"
  local -n _a_from=$1 _a_to=$2
  # shellcheck disable=SC2004 # a key may be a word
  for _a_key in "${!_a_from[@]}"; do _a_to[$_a_key]=${_a_from[$_a_key]}; done
}

# Sets the variable $2 to $3 again, with the export state and attributes in $1: `plain-il`,
# `exported-a`.
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

# Also notes, for child shells, that a secret is still lost.
__awsh_note_lost() {
  # <secrets: npm run generate>
  for _a_name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN; do
    # </secrets>
    [[ $__awsh_lost == *" $_a_name "* && -z ${!_a_name+set} ]] || continue
    __awsh_own[_a_noted++]="lost $_a_name"
    _a_saved+="secret $_a_name$__awsh_lf"
  done
  [[ $__awsh_lost != *' AWS_ACCESS_KEY_ID '* || -n ${AWS_ACCESS_KEY_ID+set} ]] || {
    __awsh_own[_a_noted++]='lost AWS_ACCESS_KEY_ID'
    _a_saved+="secret AWS_ACCESS_KEY_ID$__awsh_lf"
  }
}

__awsh_unload() {
  __awsh_put_back 2>/dev/null
  __awsh_kind='' __awsh_who='' __awsh_label='' __awsh_renew=0 __awsh_expires=0 __awsh_protected='' __awsh_state=''
  [[ -z $__awsh_lost ]] ||
    { _a_says[_a_told++]="only the shell that this one was started from still has your own$__awsh_lost" && __awsh_above=$__awsh_lost; }
  __awsh_lost=''
}

# Makes sure that no SDK finds credentials: sets a profile that does not exist, and turns off
# instance roles. $1 is the text of the segment, $2 the profile's region if it is known. Without a
# region some SDKs would report that instead; a region of the user's own stays.
__awsh_block() {
  local _a_key_id='' _a_names _a_nows _a_region _a_default _a_hidden IFS=' '
  __awsh_place='' __awsh_who=$__awsh_pin __awsh_expires=0 __awsh_protected='' __awsh_label=blocked
  [[ $1 == blocked ]] || __awsh_call_it "$1"
  __awsh_release_exec
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

# The same for a region that needs encoding, or that cannot be encoded. Shares __awsh_block's
# locals.
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

# Sets the label of the segment to $1, with a ? for each character that no prompt should show.
# Checks letter by letter, because the locale decides what a range contains. That is slow, so names
# with nothing to replace are cached in __awsh_plain.
__awsh_call_it() {
  # The segment counts down to the end of a time box by itself, so the suffix ` 15m@tk3b9c`, which
  # is for shells, is removed, as is the reason (` why=T1BTLTQy`).
  builtin set -- "${1% why=*}"
  builtin set -- "${1% [0123456789]*[hms]@??????}"
  __awsh_label=$1
  [[ $__awsh_plain != *" $1 "* ]] || return 0
  __awsh_label=${1//[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@+=,:\/ -]/?}
  [[ $__awsh_label != "$1" || ${#__awsh_plain} -ge 300 ]] || __awsh_plain+="$1 "
}

# --- other tools (direnv, mise) -------------------------------------------------------------------

# direnv and mise note the values they replace and put them back later. They must therefore never
# see what awsh has loaded: it is removed before they run (__awsh_before) and set again afterwards
# (__awsh_step_back), unless they have set credentials, a profile or a region themselves. What they
# set is their claim for as long as it differs from the value before, and awsh leaves the directory
# to them. All four arrays use the indexes of __awsh_claimable. __awsh_seen: the values before the
# tools ran. __awsh_base: for a claimed variable, the value before the claim. __awsh_by: the tool
# that claimed it. __awsh_emptied: whether the claim was to unset it.

# Runs in front of the tools' own functions, wherever they are called.
# shellcheck disable=SC2154 # _a_before is quoted
__awsh_before() {
  # Quoted because `set -k` takes unquoted assignments away from their command.
  local "_a_before=$?" "FUNCNEST="
  [[ ${COMP_LINE+set} ]] || __awsh_run __awsh_step_aside || :
  [[ $_a_before == 0 || $__awsh_array || $- == *e* ]] || return "$_a_before"
}

# Succeeds if a tool has run unnoticed: it was loaded, or called by the user, while awsh's values
# were set.
__awsh_ran_unseen() {
  [[ ${DIRENV_DIFF-} != "$__awsh_seen_direnv" || ${__MISE_DIFF-} != "$__awsh_seen_mise" ]]
}

__awsh_step_aside() {
  # Still open: ^C ended a tool. What it has set by then is still its claim.
  [[ -z $__awsh_open ]] || return 0
  if [[ -z $__awsh_hush ]] && __awsh_ran_unseen; then
    __awsh_step_aside_late
    return
  fi
  if __awsh_is_displaced; then __awsh_yield_to_user 2>/dev/null; fi
  __awsh_open=1 __awsh_settled=''
  if [[ $__awsh_names ]]; then
    __awsh_take_aside 2>/dev/null
  elif [[ $__awsh_displaced ]]; then
    # Now, because it would look like a claim of the tools after them.
    __awsh_restore_displaced 2>/dev/null
  fi
  [[ -z $__awsh_hush ]] || __awsh_ask_mise
  __awsh_look_around
}

# Like __awsh_step_aside, after an unnoticed run. The values that the tool has seen and will put
# back are known from the records of displaced values. What was set before the tool ran is what was
# set before awsh.
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
  # A pinned profile is loaded again, because a part of it was replaced.
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

# A tool has evaluated its file while awsh's values were set, would do so each time, and has not
# seen what awsh had unset. So its own hook is run twice: once as outside of all projects, to undo
# the first run, and once here. Variables set between the two are the user's, and no claim.
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
  # direnv removes the user's INT trap each time.
  _a_trap=$(\builtin trap -p INT)
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

# mise sets its variables while the rc file is read, possibly before awsh is loaded. At the first
# prompt mise is asked what it would set outside of all projects: each variable that differs from
# that here is its claim.
__awsh_ask_mise() {
  local _a_i _a_name _a_set='' _a_line _a_rest
  __awsh_seen_mise=${__MISE_DIFF-}
  [[ ${__MISE_DIFF-} ]] || return 0
  for _a_name in "${__awsh_claimable[@]}"; do _a_set+=${!_a_name:+1}; done
  # Even if nothing is set, mise may have unset a variable.
  [[ $_a_set || ${#__MISE_DIFF} -gt 40 ]] || return 0
  _a_rest=$(mise -C / hook-env -s bash </dev/null 2>/dev/null)$__awsh_lf
  [[ $__awsh_mode != exec || ($_a_rest != *'unset AWS_ACCESS_KEY_ID'* && $_a_rest != *'export AWS_ACCESS_KEY_ID='*) ]] || __awsh_leave_keys_to_mise
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"}
    for _a_i in "${!__awsh_claimable[@]}"; do
      _a_name=${__awsh_claimable[_a_i]}
      # A pinned profile is loaded again, because mise has changed a part of what the parent shell
      # had loaded.
      case $_a_line in
        "unset $_a_name") __awsh_base[_a_i]='' __awsh_by[_a_i]=mise __awsh_place='' ;;
        "export $_a_name="*)
          _a_line=${_a_line#*=} _a_line=${_a_line#\'}
          __awsh_base[_a_i]=${_a_line%\'} __awsh_by[_a_i]=mise __awsh_place=''
          [[ ${!_a_name-} ]] || __awsh_emptied[_a_i]=1
          __awsh_note_found "${_a_line%\'}"
          ;;
      esac
    done
  done
}

# mise was loaded before awsh and has replaced the keys that `exec` gave this shell: what was taken
# aside as exec's keys is mise's. Shares _a_rest, what mise would set outside of all projects: exec's
# keys, or the user's (which are no session) if mise has run in the parent shell, too.
__awsh_leave_keys_to_mise() {
  local _a_pair _a_key='' _a_found _a_others _a_given
  for _a_pair in ${__awsh_kept[@]+"${__awsh_kept[@]}"}; do
    if [[ $_a_pair == AWS_ACCESS_KEY_ID=* ]]; then _a_key=${_a_pair#*=}; else _a_others[${#_a_others[@]}]=$_a_pair; fi
  done
  if [[ $_a_key ]]; then
    __awsh_issued=${__awsh_issued//" $_a_key "/} __awsh_tails=''
    builtin export "AWS_ACCESS_KEY_ID=$_a_key"
    builtin unset -v __awsh_kept
    for _a_pair in ${_a_others[@]+"${_a_others[@]}"}; do __awsh_kept[${#__awsh_kept[@]}]=$_a_pair; done
    __awsh_kept_now=${__awsh_kept_now//"now AWS_ACCESS_KEY_ID $_a_key$__awsh_lf"/}
  fi
  # A token that mise has not touched is exec's.
  if __awsh_mise_found AWS_SECRET_ACCESS_KEY; then
    [[ -z ${__awsh_kept_hidden[0]+set} ]] || builtin export "${__awsh_kept_hidden[0]}"
    builtin unset -v '__awsh_kept_hidden[0]' '__awsh_exec_hidden[0]'
    [[ -z $_a_found ]] || __awsh_exec_hidden[0]=AWS_SECRET_ACCESS_KEY=$_a_found
  fi
  if __awsh_mise_found AWS_SESSION_TOKEN; then
    [[ -z ${__awsh_kept_hidden[1]+set} ]] || builtin export "${__awsh_kept_hidden[1]}"
    builtin unset -v '__awsh_kept_hidden[1]' '__awsh_exec_hidden[1]'
    [[ -z $_a_found ]] || __awsh_exec_hidden[1]=AWS_SESSION_TOKEN=$_a_found
  fi
  for _a_pair in ${__awsh_exec_set[@]+"${__awsh_exec_set[@]}"}; do
    [[ $_a_pair == AWS_ACCESS_KEY_ID=* ]] || _a_given[${#_a_given[@]}]=$_a_pair
  done
  if __awsh_mise_found AWS_ACCESS_KEY_ID && [[ $_a_found == ASIA* ]]; then
    _a_given[${#_a_given[@]}]=AWS_ACCESS_KEY_ID=$_a_found
  else
    builtin unset -v __awsh_exec_hidden
  fi
  builtin unset -v __awsh_exec_set
  for _a_pair in ${_a_given[@]+"${_a_given[@]}"}; do __awsh_exec_set[${#__awsh_exec_set[@]}]=$_a_pair; done
}

# Sets _a_found to the value of $1 that mise has found, or to nothing. Fails if mise has not changed
# it. Shares _a_rest.
__awsh_mise_found() {
  _a_found=''
  if [[ $_a_rest == *"export $1="* ]]; then
    _a_found=${_a_rest#*"export $1="}
    _a_found=${_a_found%%"$__awsh_lf"*}
    _a_found=${_a_found#\'}
    _a_found=${_a_found%\'}
  else
    [[ $_a_rest == *"unset $1$__awsh_lf"* ]]
  fi
}

# mise has found the value $1 of _a_name when this shell started, and will put it back. If a parent
# shell of awsh's had set it, that is noted like a value that was set over awsh's.
__awsh_note_found() {
  local _a_value _a_own _a_count=${#__awsh_displaced_own[@]}
  __awsh_encode "$1" || return 0
  if [[ $__awsh_lf$__awsh_now == *"${__awsh_lf}now $_a_name $_a_value$__awsh_lf"* ]]; then
    __awsh_displaced_now=$__awsh_now
    for _a_own in "${__awsh_own[@]}"; do __awsh_displaced_own[_a_count++]=$_a_own; done
  elif [[ $__awsh_lf$__awsh_gone_now == *"${__awsh_lf}now $_a_name $_a_value$__awsh_lf"* ]]; then
    __awsh_displaced_now=$__awsh_gone_now
    for _a_own in "${__awsh_gone_own[@]}"; do __awsh_displaced_own[_a_count++]=$_a_own; done
  else
    return 0
  fi
  __awsh_note_one_displaced "=$1"
}

# Removes what is loaded; it will be set again.
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

# Runs after the tools. Notes their claims, and sets the caller's _a_claimed if they differ from
# before.
__awsh_step_back() {
  local _a_i _a_name _a_seen _a_tool=''
  # A value that a tool has put back may be awsh's own.
  [[ -z $__awsh_displaced || $__awsh_names ]] || __awsh_restore_displaced tools 2>/dev/null
  # In a nested shell, or if .bashrc was read again, mise has found awsh's token beside keys that it
  # had unset before.
  if [[ ${AWS_SESSION_TOKEN-} == ??????* && "$__awsh_tails AWS_SESSION_TOKEN=$__awsh_found_tail " == *" AWS_SESSION_TOKEN=${AWS_SESSION_TOKEN: -6} "* &&
    -z $__awsh_names && $__awsh_issued != *" ${AWS_ACCESS_KEY_ID:--} "* ]]; then
    builtin unset -v AWS_SESSION_TOKEN
  fi
  __awsh_open='' __awsh_stood=${PWD-}
  [[ ${__MISE_DIFF-} == "$__awsh_seen_mise" ]] || _a_tool=mise
  # If direnv has unloaded its directory, a new value is not its claim.
  [[ ${DIRENV_DIFF-} == "$__awsh_seen_direnv" || ($_a_tool && -z ${DIRENV_DIFF-}) ]] || _a_tool=direnv${_a_tool:+_or_mise}
  for _a_i in "${!__awsh_claimable[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    _a_seen=${__awsh_seen[_a_i]-}
    [[ ${!_a_name-} != "$_a_seen" ]] || continue
    _a_claimed=1 __awsh_seen[_a_i]=${!_a_name-}
    if [[ ! ${__awsh_base[_a_i]+set} ]]; then
      # direnv has unloaded, and its values came from a parent shell.
      [[ $_a_tool != direnv || ${DIRENV_DIFF-} ]] || continue
      __awsh_base[_a_i]=$_a_seen
    fi
    __awsh_by[_a_i]=${_a_tool:-${__awsh_by[_a_i]-}}
    __awsh_emptied[_a_i]=''
    [[ ${!_a_name-} ]] || __awsh_emptied[_a_i]=1
    # The value is as before the claim: the tool has unloaded.
    [[ ${!_a_name-} != "${__awsh_base[_a_i]}" ]] || builtin unset -v "__awsh_base[$_a_i]"
  done
  # direnv has put back all that it had set: what is left is the user's.
  if [[ $__awsh_seen_direnv && -z ${DIRENV_DIFF-} ]]; then
    for _a_i in "${!__awsh_base[@]}"; do
      [[ ${__awsh_by[_a_i]-} != direnv ]] || builtin unset -v "__awsh_base[$_a_i]"
    done
  fi
  __awsh_seen_direnv=${DIRENV_DIFF-} __awsh_seen_mise=${__MISE_DIFF-}
}

# Sets __awsh_foreign to the variable that another tool or the user has set where awsh would load a
# profile, or to nothing; and __awsh_tool to the tool's name, if it is known. Tools do not override
# a profile that the user has pinned. Shares __awsh_look's locals.
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
  [[ ($__awsh_mode == auto || $__awsh_mode == exec) && $_a_wanted ]] || return 0
  for _a_i in "${!__awsh_base[@]}"; do
    _a_name=${__awsh_claimable[_a_i]}
    # direnv set keys that only the parent shell still has. They are direnv's until it unloads.
    if [[ $_a_name == AWS_ACCESS_KEY_ID && -z ${!_a_name-} && "$__awsh_lost $__awsh_above " == *' AWS_ACCESS_KEY_ID '* &&
      ${__awsh_by[_a_i]-} == direnv* && ${DIRENV_DIR-} && ${PWD-}/ == "${DIRENV_DIR#-}"/* ]]; then
      __awsh_foreign=$_a_name __awsh_tool=${__awsh_by[_a_i]}
      return 0
    fi
    # If a tool has unset a variable and it has a value again, the user has set it.
    [[ ${!_a_name-} && ${!_a_name} != "${__awsh_base[_a_i]}" && -z ${__awsh_emptied[_a_i]-} ]] || continue
    # After a cd, direnv runs at the prompt. Outside of its directory it will put the old value
    # back.
    [[ ${__awsh_by[_a_i]-} != direnv* || ${PWD-} == "$__awsh_stood" || (${DIRENV_DIR-} && ${PWD-}/ == "${DIRENV_DIR#-}"/*) ]] || continue
    __awsh_foreign=$_a_name __awsh_tool=${__awsh_by[_a_i]-}
    return 0
  done
}

# Succeeds if something has changed what awsh loaded. Sets __awsh_displaced_by to the variable that
# shows it, or to `secret`.
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

# Succeeds if the secret $1 ends with the characters of awsh's, or if those are not known.
__awsh_has_tail() {
  [[ $__awsh_tails != *" $1="* || $__awsh_tails == *" $1=$2 "* ]]
}

# Something other than a tool's hook, probably the user, has replaced a loaded value, so everything
# that awsh loaded is removed. If the new access key id is one that awsh set earlier, or if only a
# secret has changed, it is not a choice of the user's, and the directory's profile is loaded again.
__awsh_yield_to_user() {
  local _a_i _a_name=$__awsh_displaced_by _a_place=${__awsh_place#foreign * }
  # What a startup file sets after the hook is treated like what it sets before.
  [[ $__awsh_kind != exec || ! $__awsh_hush ]] || _a_name=secret
  # mise, which ran before awsh in this shell, has unset what a parent shell had loaded.
  [[ ! $__awsh_hush || -z ${__MISE_DIFF-} || ${AWS_ACCESS_KEY_ID-} ]] || _a_name=secret
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

# Notes the variables that were set over awsh's values, with awsh's value and the value before awsh.
# The program that set them (a virtualenv, for example) may have noted awsh's value to put it back
# later; these records make it possible to recognise that.
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
      # Not set: either awsh removed it, or a tool has unset it.
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

# Adds _a_name to the records: a line `NAME MADE` and a line with the present value, both `=VALUE`,
# or - for unset. $1 is the value that awsh had set.
__awsh_note_one_displaced() {
  local _a_value _a_made _a_now=-
  __awsh_encode "$1" && _a_made=$_a_value || return
  if [[ ${!_a_name+set} ]]; then __awsh_encode "=${!_a_name}" && _a_now=$_a_value || return; fi
  __awsh_displaced+="$_a_name $_a_made$__awsh_lf$_a_now$__awsh_lf"
}

# If a recorded variable has awsh's value again, restores what was set before awsh. If the access
# key id came back, everything that awsh set with it may have come back too. $1 is not empty if only
# direnv and mise have run since __awsh_look_around.
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
    elif [[ ${1-} && $_a_now == - ]] && __awsh_tool_unset; then
      : # What the user had set: that is the tool's claim.
    elif [[ $_a_now == - ]] && __awsh_had_then; then
      : # The user has unset the very value that awsh would restore.
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

# Succeeds if a tool that has just run has unset _a_name, and had not set it before.
__awsh_tool_unset() {
  local _a_i
  for _a_i in "${!__awsh_claimable[@]}"; do
    [[ ${__awsh_claimable[_a_i]} != "$_a_name" || -z ${__awsh_seen[_a_i]-} || ${__awsh_base[_a_i]+set} ]] || return 0
  done
  return 1
}

# Restores $1 to its value before awsh. If a tool has claimed it, restores the value before the
# claim, because awsh may have found the tool's value there.
__awsh_give_from_records() {
  local _a_i _a_line=''
  for _a_i in "${!__awsh_base[@]}"; do
    [[ ${__awsh_claimable[_a_i]} == "$1" ]] || continue
    for _a_line in "${__awsh_displaced_own[@]}"; do
      [[ ${_a_line#* } != "$1=${__awsh_base[_a_i]}" ]] || break
      _a_line=''
    done
    # The user's own exported value is restored. A value that was not exported was never seen by a
    # tool, so the variable stays unset, as it would without awsh.
    case $_a_line in exported*) break ;; plain*) return 0 ;; esac
    # The value that mise found in a parent shell was awsh's.
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

# Succeeds if _a_name had the value _a_then (as in the records) before awsh.
__awsh_had_then() {
  local _a_own
  for _a_own in ${__awsh_displaced_own[@]+"${__awsh_displaced_own[@]}"}; do
    [[ ${_a_own#* } == "$_a_name="* ]] || continue
    __awsh_encode "=${_a_own#*=}" && [[ $_a_value == "$_a_then" ]] && return
  done
  return 1
}

# Adds the tools' claims to the caller's _a_saved; child shells would otherwise take them for the
# user's own values.
__awsh_save_claims() {
  local _a_i _a_value
  for _a_i in "${!__awsh_base[@]}"; do
    __awsh_encode "${__awsh_base[_a_i]}" || continue
    _a_saved+="claim ${__awsh_claimable[_a_i]} ${__awsh_by[_a_i]:--} $_a_value$__awsh_lf"
    [[ -z ${__awsh_emptied[_a_i]-} ]] || _a_saved+="emptied ${__awsh_claimable[_a_i]}$__awsh_lf"
  done
  [[ -z $__awsh_displaced ]] || __awsh_save_displaced
}

# Adds to the caller's _a_saved the values of awsh's that a tool may put back in a child shell, and
# what was set before awsh.
__awsh_save_displaced() {
  local _a_line _a_name _a_own _a_value _a_made _a_rest=$__awsh_displaced
  while [[ $_a_rest ]]; do
    _a_line=${_a_rest%%"$__awsh_lf"*} _a_rest=${_a_rest#*"$__awsh_lf"*"$__awsh_lf"}
    _a_name=${_a_line%% *} _a_made=${_a_line#* } _a_value=-
    for _a_own in "${__awsh_displaced_own[@]}"; do
      [[ ${_a_own#* } != "$_a_name="* || $_a_name == AWS_ACCESS_KEY_ID ]] || __awsh_encode "=${_a_own#*=}" || _a_value=-
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

# Leaves the directory to the tool or user that set __awsh_foreign, and tells child shells, in the
# same form as __awsh_put.
__awsh_leave_to_others() {
  local _a_value _a_where=- _a_saved=''
  _a_result=1
  __awsh_unload
  # mise has put back exec's keys, and set something else.
  if [[ $__awsh_mode == exec && ${AWS_ACCESS_KEY_ID-} && " ${__awsh_exec_set[*]-} " == *" AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID "* ]]; then
    builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  fi
  ! __awsh_encode "$_a_file" || _a_where=${_a_value// /%20}
  [[ $_a_text == '1 '* ]] && __awsh_encode "${_a_text#1 }" && _a_saved+="key $_a_value$__awsh_lf"
  __awsh_save_claims
  if [[ $__awsh_typed ]] && __awsh_encode "$__awsh_typed"; then _a_saved+="typed ${_a_value/=/ }$__awsh_lf"; fi
  [[ $__awsh_foreign != "$__awsh_readonly" ]] || _a_saved+="readonly $__awsh_foreign$__awsh_lf"
  __awsh_note_override
  builtin export "AWSH_LOADED=1 overridden $EUID ${__awsh_pin:--} $_a_where" "AWSH_SAVED=${_a_saved%?}"
}

# Sets the removed values again.
__awsh_put_again() {
  local _a_names _a_nows=$__awsh_kept_now _a_key_id=$__awsh_key_id _a_hidden IFS=' '
  [[ -z ${__awsh_kept_hidden[0]+set} ]] || _a_hidden[0]=${__awsh_kept_hidden[0]}
  [[ -z ${__awsh_kept_hidden[1]+set} ]] || _a_hidden[1]=${__awsh_kept_hidden[1]}
  builtin printf -v _a_names ' %s ' "${__awsh_kept[@]%%=*}"
  __awsh_put "$__awsh_kind" all "${__awsh_kept[@]}"
}

# --- requests -------------------------------------------------------------------------------------

# Sets __awsh_fixed, the part of each request that tells Node the environment this shell had when
# the hook was sourced. That environment decides which files awsh uses; what a directory has set
# since does not. $1 is AWSH_SAVED as it was then, if a parent shell has loaded something: for
# variables that awsh itself has set (AWS_CA_BUNDLE), the value before awsh counts. Values that
# cannot be encoded are left out.
__awsh_fix_environment() {
  local _a_i _a_name _a_value _a_saved="$__awsh_lf$1$__awsh_lf" _a_was _a_fixed=''
  for _a_i in "${!__awsh_given[@]}"; do
    _a_name=${__awsh_given[_a_i]%%=*}
    if ! __awsh_encode "${__awsh_given[_a_i]#*=}"; then
      builtin unset -v '__awsh_given[_a_i]'
      continue
    fi
    if [[ $_a_saved == *"${__awsh_lf}now $_a_name $_a_value$__awsh_lf"* ]]; then
      _a_was=${_a_saved#*"${__awsh_lf}was $_a_name "}
      if [[ $_a_was == "$_a_saved" ]]; then
        builtin unset -v '__awsh_given[_a_i]'
        continue
      fi
      _a_value=${_a_was%%"$__awsh_lf"*}
    fi
    [[ $__awsh_sendable != *" $_a_name "* ]] || _a_fixed+="env $_a_name $_a_value$__awsh_lf"
    # The password in it would be sent before the agent has sent its proof (security rule 14), so
    # Node is asked instead.
    [[ $_a_name != *_[Pp][Rr][Oo][Xx][Yy] || $_a_value != *@* ]] || __awsh_agent=''
    __awsh_decode "$_a_value"
    __awsh_given[_a_i]=$_a_name=$_a_value
  done
  __awsh_fixed=$_a_fixed
}

# Sets __awsh_agent to the path of the agent's state file and __awsh_runtime to XDG_RUNTIME_DIR, from
# the environment at the time the hook was sourced, or to nothing if the agent must not be asked.
__awsh_find_agent() {
  local _a_pair
  __awsh_agent='' __awsh_runtime=''
  # A trap of the user's could not be restored without evaluating its text.
  [[ -z $(\builtin trap -p PIPE) ]] || return 0
  for _a_pair in "${__awsh_given[@]}"; do
    case $_a_pair in
      AWSH_AGENT=off) return 0 ;;
      XDG_RUNTIME_DIR=/*) __awsh_runtime=${_a_pair#*=} ;;
    esac
  done
  __awsh_agent=${__awsh_lock%/*}/agent
}

# Becomes the launcher, in a separate process, with the environment that the hook was given when it
# was sourced: what a directory has set since does not reach the launcher or its children. $1 is the
# request, or empty.
__awsh_become_launcher() {
  { builtin set +aeuvxET; } 2>/dev/null
  local _a_names _a_name _a_pair
  _a_names=$(\builtin compgen -e && \builtin declare -Fx)$__awsh_lf
  while [[ $_a_names ]]; do
    _a_name=${_a_names%%"$__awsh_lf"*} _a_names=${_a_names#*"$__awsh_lf"}
    # shellcheck disable=SC2163 # the variable that it names
    case $_a_name in
      'declare -fx '*) builtin export -nf "${_a_name#declare -fx }" ;;
      *) [[ $__awsh_passable == *" $_a_name "* ]] || builtin export -n "$_a_name" ;;
    esac
  done
  for _a_pair in "${__awsh_given[@]}"; do
    _a_name=${_a_pair%%=*}
    # A read-only variable cannot be set, and if it already has the value it need not be.
    [[ ${!_a_name-} != "${_a_pair#*=}" ]] || _a_pair=$_a_name
    # shellcheck disable=SC2163 # as above
    builtin export "$_a_pair"
  done
  [[ -z $1 ]] || builtin export "AWSH_REQUEST=$1"
  builtin exec "$__awsh_launcher" "${@:2}"
}

# Sets __awsh_tty to what tty(1) would print.
__awsh_find_tty() {
  for __awsh_tty in /dev/pts/[0-9]* /dev/tty[0-9s]*; do
    [[ ! $__awsh_tty -ef /dev/fd/0 ]] || return 0
  done
  __awsh_tty=''
}

# Sets _a_request, without its last line. $1 is an additional line (renew 1, refresh 1) or empty.
# Fails if the request cannot be encoded.
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

# Sets the caller's _a_value to the folder where Node starts to look for the directory file. This is
# the current folder, or the folder of the file that was found if the rest of the current path is
# not valid text. Fails if the path of the file's folder is not valid text either.
__awsh_encode_folder() {
  local _a_folder=/
  if __awsh_is_utf8 "$PWD" && __awsh_encode "$PWD"; then return; fi
  [[ $__awsh_mode != auto || $_a_file == /.awsprofile ]] || _a_folder=${_a_file%/.awsprofile}
  __awsh_encode "$_a_folder"
}

# Fails if $1 contains bytes that are not part of a UTF-8 character. (Node refuses the few cases
# that this accepts.)
__awsh_is_utf8() {
  local LC_ALL=C _a_text=$1
  _a_text=${_a_text//[$'\xc2'-$'\xdf'][$'\x80'-$'\xbf']/x}
  _a_text=${_a_text//[$'\xe0'-$'\xef'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/x}
  _a_text=${_a_text//[$'\xf0'-$'\xf4'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/x}
  [[ $_a_text != *[$'\x80'-$'\xff']* ]]
}

# The path of the directory file's folder cannot be sent, so neither this file nor one further up is
# used.
__awsh_refuse_folder() {
  __awsh_unload
  __awsh_call_it malformed
  _a_result=11
  __awsh_text path
  __awsh_note_state malformed "$_a_line" cd
}

# Requests what this directory asks for and takes the answer. $1 as in __awsh_request. Sets
# _a_result, an exit status. Shares __awsh_look's locals. Called in one place there, because bash
# looks for each variable in every function that has locals.
__awsh_ask() {
  if [[ $__awsh_mode == exec ]]; then
    __awsh_put_exec 2>/dev/null
    return
  fi
  if [[ $1 == 'renew 1' ]]; then
    _a_known="$__awsh_state $__awsh_reason"
    if [[ $__awsh_waits == person ]]; then
      __awsh_ask_again
      return
    fi
  fi
  # Whatever the answer is, and even after ^C, wait before the next question, as in
  # __awsh_retry_later.
  __awsh_waits='' __awsh_renew=$((_a_now + __awsh_pause)) __awsh_pause=60
  # One redirection around everything that may print an error: each costs ten system calls.
  if [[ $__awsh_agent && $1 != 'refresh 1' ]] && __awsh_try_agent "$1" '' 2>/dev/null; then return; fi
  __awsh_ask_cold "$1"
}

# Another terminal may have answered the question, and the agent knows it; nothing else has changed.
__awsh_ask_again() {
  __awsh_retry_later
  __awsh_renew=1
  [[ -z $__awsh_agent ]] || __awsh_try_agent 'renew 1' ok 2>/dev/null
  return 0
}

# Asks Node, $1 as in __awsh_request, and blocks if there is no usable answer. Separate from
# __awsh_ask, because bash copies a function's body at each call.
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

# Asks the agent, $1 as in __awsh_request, and takes its answer if $2 is empty or the answer's
# status. bash reads single bytes twice as fast in the C locale.
__awsh_try_agent() {
  # Setting LC_ALL is the more expensive of the two.
  if [[ ${LC_ALL-} ]]; then local LC_ALL=C; else local LC_CTYPE=C; fi
  __awsh_ask_agent "$1" && [[ -z $2 || $_a_reply == "$_a_proof $2 "* ]] && __awsh_take_answer
}

# The warm path: asks the agent over loopback, with builtins only. Sets _a_reply, _a_proof, _a_code.
# Fails if there is no agent, if it does not have the session, or in any doubt; the cold path is
# taken then. Work that does not need the answer is done while the agent accepts the connection and
# answers.
__awsh_ask_agent() {
  local _a_port='' _a_token='' _a_connected='' REPLY=''
  ((_a_now >= __awsh_rest)) && __awsh_read_agent || return
  REPLY=''
  # If this is still set at the next prompt, ^C interrupted the call.
  __awsh_busy=1
  if __awsh_request "$1"; then
    _a_connected=1
    # The listener may already have closed the connection; without the trap, writing to it would end
    # this shell.
    builtin trap '' PIPE
    # The line end is part of the text: if printf added it, it would be a second write.
    builtin printf %s "$_a_token $_a_request${__awsh_sized}end$__awsh_lf" >&9
    builtin trap - PIPE
    # After a move, what was loaded is removed whatever the answer is. `awsh use` must change
    # nothing before it has the answer.
    if [[ $_a_moved && $1 != 'use 1' ]]; then
      __awsh_put_back
      [[ ${_a_theirs+set} ]] || __awsh_list_theirs
    fi
    __awsh_receive
  fi 9<>"/dev/tcp/127.0.0.1/$_a_port"
  __awsh_busy=''
  # A refused connection is noticed at once and does not count against the agent that starts next.
  [[ $_a_connected ]] || return
  if [[ ${REPLY:0:65} != "$_a_proof " || ${REPLY: -5} != "${__awsh_lf}end$__awsh_lf" ]]; then
    __awsh_rest_from_agent
    return 1
  fi
  __awsh_rest_seconds=10
  [[ ${REPLY:65:5} != 'cold ' ]] || return
  # In the form of a command substitution, without the last line end.
  _a_reply=${REPLY%?} _a_code=0
}

# Reads the answer into REPLY, for at most a quarter of a second, or one second in bash 3.2, which
# only knows whole seconds. -N reads blocks and -d reads single bytes, but bash 5.2 and newer make
# three system calls for each byte while there is a time limit. So the agent sends the length of its
# answer after the proof, and the rest is then read without a limit; a listener that has not sent it
# is not our agent. An answer without a length (from an older agent, or if the agent cannot read the
# request) is read as in older shells.
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

# Sets _a_port, _a_token and _a_proof from the agent's state file: one line, `PORT PID VERSION TOKEN
# PROOF`. Fails if the file or its folder does not belong to this user, or if the line has another
# form.
__awsh_read_agent() {
  local IFS=' ' _a_pid _a_version _a_more
  if [[ $__awsh_runtime ]]; then
    # As runtimeBase in Node. The folder is removed when the user logs out, and made again.
    __awsh_agent=${__awsh_lock%/*}/agent
    [[ ! -d $__awsh_runtime || ! -O $__awsh_runtime || ! -w $__awsh_runtime || ! -x $__awsh_runtime ]] ||
      __awsh_agent=$__awsh_runtime/awsh/agent
  fi
  [[ -O ${__awsh_agent%/*} && -f $__awsh_agent && ! -L $__awsh_agent && -O $__awsh_agent && -r $__awsh_agent ]] || return
  # <state-line: npm run generate>
  builtin read -r -n 256 -u 9 _a_port _a_pid _a_version _a_token _a_proof _a_more 9<"$__awsh_agent" || return
  [[ $_a_port$_a_pid != *[!0-9]* && $_a_port == [1-9]* && $_a_pid == [1-9]* &&
    ${#_a_port} -le 5 && $_a_port -le 65535 && ${#_a_pid} -le 10 && ! $_a_more &&
    $_a_version && $_a_version != *[!0-9A-Za-z.+-]* && ${#_a_version} -le 40 &&
    ${#_a_token}${#_a_proof} == 6464 && $_a_token$_a_proof != *[!0-9a-f]* ]] || return
  # </state-line>
  [[ $_a_version == "$__awsh_version" ]] || ! __awsh_outdates "$_a_version"
}

# Succeeds if this awsh is newer than the agent of version $1. Node then answers and replaces that
# agent.
__awsh_outdates() {
  # <newer-version: npm run generate>
  [[ $__awsh_version && "$__awsh_version $1" =~ ^([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?)[^\ ]*\ ([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?) ]] &&
    ((2 * (10#${BASH_REMATCH[1]} * 100000000 + 10#${BASH_REMATCH[2]} * 10000 + 10#${BASH_REMATCH[3]}) - ${#BASH_REMATCH[4]} > \
    2 * (10#${BASH_REMATCH[5]} * 100000000 + 10#${BASH_REMATCH[6]} * 10000 + 10#${BASH_REMATCH[7]}) - ${#BASH_REMATCH[8]}))
  # </newer-version>
}

# Sets __awsh_version from this package's package.json, $1, in the layout that npm writes; empty for
# any other layout.
__awsh_read_version() {
  local _a_name=''
  __awsh_version=''
  [[ -f $1 && -r $1 ]] || return 0
  { builtin read -r -u 9 _a_name && builtin read -r -u 9 _a_name && builtin read -r -u 9 __awsh_version; } 9<"$1"
  __awsh_version=${__awsh_version#*'"version": "'}
  __awsh_version=${__awsh_version%'",'}
  [[ $_a_name == *'"name": "awsh",' && $__awsh_version != *[!0-9A-Za-z.+-]* ]] || __awsh_version=''
}

# An agent that hangs or gives a malformed answer is not asked for ten seconds, then for a minute
# each time.
__awsh_rest_from_agent() {
  __awsh_rest=$((_a_now + __awsh_rest_seconds))
  __awsh_rest_seconds=60
}

# The cold path: one Node process in the foreground, which may ask the user on /dev/tty. Sets
# _a_reply, _a_proof, _a_code. $1 as in __awsh_request.
__awsh_ask_node() {
  if [[ $_a_moved && $1 != 'use 1' ]]; then
    # The previous directory's credentials are removed before this long question, so that they
    # cannot stay after ^C.
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

# After a failure, asks again after ten seconds, then every minute.
__awsh_retry_later() {
  __awsh_renew=$((_a_now + __awsh_pause))
  __awsh_pause=60
}

# Takes all of _a_reply, or fails and takes nothing. Nothing is changed before the last line has
# been read.
__awsh_take_answer() {
  __awsh_take_keys || { __awsh_read_late && __awsh_take; }
}

# Takes the usual answer: credentials in the agent's order, for the same variables as the last
# answer, with nothing to decode or print. Fails, with nothing changed, for any other answer. Its
# lines become this function's arguments and then, except for the secrets, the variables to set.
# Splitting words takes a tenth of the time of cutting line by line, but needs an IFS that is not
# read-only. Without this function a warm cd takes 46 % more instructions (11.9 million instead of
# 8.1).
__awsh_take_keys() {
  [[ ${_a_reply:${#_a_proof}+1:3} == 'ok ' && $__awsh_usual_lines && $_a_reply != *%* ]] || return
  local _a_line _a_renew _a_label _a_expires _a_key_id _a_names=$__awsh_usual_names _a_nows _a_protected='' _a_hidden IFS=$__awsh_lf
  [[ $IFS == "$__awsh_lf" ]] || return
  # Options are turned off as in __awsh_run; after ^C the next prompt restores them.
  _a_line=$__awsh_flags __awsh_flags=${__awsh_flags:-$-}
  builtin set -f
  # shellcheck disable=SC2086 # lines, meant to be split
  builtin set -- $_a_reply
  builtin set +f
  __awsh_flags=$_a_line IFS=' '
  _a_line=$*
  # The text is shorter if a line was empty.
  [[ $# -ge 6 && ${!#} == end && ${#_a_line} -eq ${#_a_reply} ]] || return
  # A text that bash quotes with plain quotes contains no control byte. Looking for one with a
  # pattern takes ten times as long.
  [[ $__awsh_attributes && ${_a_line@Q} == \'* ]] || [[ $_a_line != *[[:cntrl:]]* ]] || return
  _a_label=${1:${#_a_proof}+4}
  _a_renew=${_a_label%% *} _a_label=${_a_label#* }
  [[ $1 == "$_a_proof ok $_a_renew $_a_label" && ${2:0:22} == 'set AWS_ACCESS_KEY_ID ' &&
    ${3:0:26} == 'set AWS_SECRET_ACCESS_KEY ' && ${4:0:22} == 'set AWS_SESSION_TOKEN ' ]] || return
  _a_key_id=${2:22} _a_hidden[0]=AWS_SECRET_ACCESS_KEY=${3:26} _a_hidden[1]=AWS_SESSION_TOKEN=${4:22}
  builtin shift 4
  # The last line and the lines before it.
  if [[ $_a_line == *' protected 1 end' ]]; then
    _a_protected=1
    builtin set -- "${@:1:$#-2}"
  else
    builtin set -- "${@:1:$#-1}"
  fi
  _a_line=$*
  builtin set -- "${@#set }"
  _a_nows=$*
  # Each line sets a variable, and the names are the checked ones in their order: there are exactly
  # as many line ends as the pattern has.
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
  # A time in the past would mean a question at each prompt.
  if ((__awsh_renew > 0 && __awsh_renew <= _a_now)); then __awsh_retry_later; fi
}

# Notes whose credentials are being set. Shares the caller's locals.
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
  # A time in the past would mean a question at each prompt.
  if ((__awsh_renew > 0 && __awsh_renew <= _a_now)); then __awsh_retry_later; fi
  [[ $_a_status != wait && $_a_status != person ]] || __awsh_wait
  for _a_line in "${_a_heard[@]}"; do _a_says[_a_told++]=$_a_line; done
}

# Reads the lines of a reply between its first and its last, still encoded. This function and the
# next four share __awsh_take's locals.
__awsh_read_lines() {
  local _a_count=0 _a_words=0 _a_rest=${_a_reply#*"$__awsh_lf"}
  # Node's reply comes from a command substitution, which removes the last line end.
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

# Fails if a reply of this status must not set one of these names. The names of the last reply are
# not checked again.
__awsh_prove_names() {
  local _a_may=$__awsh_settable
  if [[ $_a_status != ok ]]; then
    # <blocking-variables: npm run generate>
    _a_may=' AWS_PROFILE AWS_EC2_METADATA_DISABLED AWS_REGION AWS_DEFAULT_REGION '
    # </blocking-variables>
  fi
  for _a_name in "$@"; do
    [[ $_a_may == *" $_a_name "* || ($_a_status == ok && $_a_name == AWS_ENDPOINT_URL_?* &&
      $_a_name != *[!A-Z0-9_]*) ]] || return
  done
  __awsh_proven=$_a_status$_a_names
  [[ $_a_status != ok || $1 != AWS_ACCESS_KEY_ID || ${!#} != AWSH_EXPIRES ]] || __awsh_note_usual "$@"
}

# Notes, for __awsh_take_keys, what most answers will look like: the names, their number without the
# access key id, the lines as a pattern, and what __awsh_hold has to check.
__awsh_note_usual() {
  __awsh_usual_lines=''
  __awsh_usual_names=$_a_names __awsh_usual_count=$(($# - 1)) __awsh_usual_holds=keys
  for _a_name in "$@"; do
    __awsh_usual "$_a_name" || __awsh_usual_holds=all
  done
  builtin printf -v __awsh_usual_lines "now %s *$__awsh_lf" "$@"
}

# Decodes the lines that were read, except _a_sets.
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

# Takes a reply without credentials. The arguments are the variables it sets, each NAME=VALUE.
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
    # <blocking-statuses: npm run generate>
    blocked | person | confirm | wait | error)
      # </blocking-statuses>
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

# Takes a reply in a shell that `exec` started: new credentials replace the old ones. Without new
# credentials the old ones stay.
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
      # Only older versions of aws-vault set this variable.
      AWS_SESSION_EXPIRATION=*) [[ ${AWS_SESSION_EXPIRATION+set} ]] || continue ;;
      *) continue ;;
    esac
    # shellcheck disable=SC2163 # NAME=VALUE
    builtin export "$_a_set"
  done
  # shellcheck disable=SC2163 # each NAME=VALUE
  builtin export "${_a_hidden[@]}"
  __awsh_exec_expires=$((10#$_a_expires)) _a_result=0
  __awsh_note_exec
  __awsh_put_exec 2>/dev/null
}

# A question is open in another terminal, or the user has to answer one. With an agent, looks for
# the answer at each prompt; without one, after two seconds.
__awsh_wait() {
  if [[ $__awsh_agent ]] && ((_a_now >= __awsh_rest)); then
    __awsh_waits=$_a_status __awsh_renew=1
  elif [[ $_a_status == wait ]]; then
    __awsh_renew=$((_a_now + 2))
  fi
}

# --- idle prompts ---------------------------------------------------------------------------------

# Lets the segment show what this directory asks for, in a shell that does not follow its directory.
__awsh_watch_choice() {
  [[ ${PWD-} == "$__awsh_listed" || $__awsh_mode == exec ]] || __awsh_settled=''
}

# The last call of the agent was interrupted. This function and the next four share __awsh_look's
# locals.
__awsh_hang_up() {
  __awsh_busy=''
  builtin trap - PIPE
  __awsh_rest_from_agent
}

# Other tools or the user have set something, now or earlier.
__awsh_look_beside() {
  [[ -z $__awsh_displaced || $__awsh_names || $__awsh_kept_now ]] || __awsh_restore_displaced 2>/dev/null
  if [[ $__awsh_typed || ${!__awsh_base[*]} ]]; then __awsh_find_foreign; fi
  [[ -z $__awsh_readonly || $__awsh_foreign || -z $_a_wanted ]] || __awsh_foreign=$__awsh_readonly
  [[ $__awsh_foreign ]] || return 0
  [[ $_a_text != unread ]] || __awsh_read_late
  _a_place="foreign $__awsh_foreign $_a_place"
}

# Handles the values that were removed while other tools ran.
__awsh_return_kept() {
  [[ $_a_place != "$__awsh_place" ]] || __awsh_put_again 2>/dev/null
  __awsh_kept_now=''
  builtin unset -v __awsh_kept __awsh_kept_hidden
}

# The directory asks for the same as at the last look. $1 is a line to add to the request.
__awsh_look_again() {
  if [[ $__awsh_mode == off && $_a_claimed ]]; then
    __awsh_leave_off
  elif [[ $__awsh_foreign && $_a_claimed ]]; then
    # Only for child shells.
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

# After all of this, a variable does not have awsh's value. A read-only one stays the user's, and
# awsh leaves the directory to the user.
__awsh_look_after() {
  if [[ $__awsh_readonly && $_a_wanted ]]; then
    _a_result=1
    if [[ -z $__awsh_foreign ]]; then
      __awsh_foreign=$__awsh_readonly _a_place="foreign $__awsh_readonly $_a_place"
      # The message about the attempt is no longer true.
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

# Notes the values after a load. Separate, because bash has fewer variables to search here.
__awsh_note_loaded() {
  [[ $__awsh_held ]] || __awsh_note_held
  __awsh_stamp=$AWS_PROFILE\ $AWS_ACCESS_KEY_ID\ $AWS_ENDPOINT_URL\ $AWS_ROLE_ARN$AWS_CONTAINER_CREDENTIALS_FULL_URI$AWS_SECURITY_TOKEN\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}
}

# --- the segment ----------------------------------------------------------------------------------

# Sets AWSH_SEGMENT (`dev 42m`) for any prompt that shows it; __awsh_shown, which PS1 refers to; and
# __awsh_next, the time at which the text changes.
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
      # A 1 before the minutes, removed below, makes them two digits.
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
  # \001 and \002 are readline's own form of \[ and \]; bash does not look for those in a variable's
  # value.
  if [[ -z ${NO_COLOR-} && ${TERM:-dumb} != dumb ]]; then
    __awsh_shown=$'\001\e['${_a_colour}m$'\002'$_a_text$'\001\e[0m\002 '
  fi
}

# The last hour. This function and the next two share __awsh_describe's locals.
__awsh_describe_end() {
  if ((_a_left > 0)); then __awsh_next=$((_a_now + (_a_left < 60 ? 0 : _a_left % 60) + 1)); fi
  if ((_a_left <= 0)); then
    _a_text=expired
  elif ((_a_left < 60)); then
    _a_time=" ${_a_left}s"
  else
    _a_time=" $((_a_left / 60))m"
  fi
  # <soon-over: npm run generate>
  if ((_a_left < 300)); then
    _a_colour=31
  elif ((_a_left < 900 && _a_colour == 32)); then
    _a_colour=33
  fi
  # </soon-over>
}

# The segment of a shell that does not follow its directory.
__awsh_describe_choice() {
  if [[ $__awsh_mode == exec ]]; then
    __awsh_call_it "$__awsh_exec"
    __awsh_expires=$__awsh_exec_expires
  else
    __awsh_mark_choice
  fi
}

# Sets __awsh_describe's _a_mark to `pinned` or `off` if the directory file asks for something other
# than the user's choice for this shell.
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

# --- registration ---------------------------------------------------------------------------------

# Runs at a later prompt, if a tool may have been loaded, or loaded again.
__awsh_join_late() {
  __awsh_join_cd
  if [[ -z $__awsh_open ]] && __awsh_ran_unseen; then __awsh_step_aside_late; fi
  __awsh_register_late
  __awsh_note_joined
}

# Puts __awsh_before in front of the first tool in PROMPT_COMMAND and __awsh_prompt after the last,
# if a tool was added. Moves one element at a time, so that ^C loses none.
__awsh_register_late() {
  local _a_i _a_last='' _a_all='' _a_part
  for _a_i in "${!PROMPT_COMMAND[@]}"; do
    case ${PROMPT_COMMAND[_a_i]} in *_direnv_hook* | *_mise_hook*) _a_last=$_a_i ;; esac
    _a_all+=${PROMPT_COMMAND[_a_i]}$__awsh_lf
  done
  if [[ -z $_a_last ]]; then
    # No tool is left.
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

# Puts __awsh_before first. In an array it is an element of its own, because mise looks for an
# element that is exactly its own command.
__awsh_put_before_first() {
  local _a_i _a_end
  if [[ $__awsh_array ]]; then
    for _a_i in "${!PROMPT_COMMAND[@]}"; do
      _a_end=$_a_i
      # It used to be in front of other tools.
      case ${PROMPT_COMMAND[_a_i]} in __awsh_before | : | '') break ;; esac
    done
    case ${PROMPT_COMMAND[_a_end]} in __awsh_before | : | '') ;; *) _a_end=$((_a_end + 1)) ;; esac
    for ((_a_i = _a_end; _a_i > 0; _a_i--)); do PROMPT_COMMAND[_a_i]=${PROMPT_COMMAND[_a_i - 1]-}; done
    builtin printf -v PROMPT_COMMAND %s __awsh_before 2>/dev/null || :
  else
    builtin printf -v PROMPT_COMMAND %s "__awsh_before;${PROMPT_COMMAND//__awsh_before;/}" 2>/dev/null || :
  fi
}

# Puts __awsh_before in front of direnv and mise, in each list of functions that contains them.
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

# Succeeds if $1, a list of commands, contains direnv or mise but not yet __awsh_before.
__awsh_needs_before() {
  [[ $1 != *__awsh_before* && ($1 == *_direnv_hook* || $1 == *_mise_hook*) ]]
}

# Puts __awsh_moved at the end of chpwd_functions and __awsh_before in front of mise, because mise
# may have been loaded again. Entries that are not functions are skipped.
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

# The rc file was read again and has set PROMPT_COMMAND without awsh. In an array this sets only the
# first element: the same command may follow, moved there to make room for ours.
__awsh_register_again() {
  local _a_i
  # Anything loaded again after awsh is handled at the next prompt.
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

# --- the command ----------------------------------------------------------------------------------

# The verbs that change this shell, or that only this shell can answer.
__awsh_command() {
  local _a_name _a_facts
  case "${1-} $# ${2-}" in
    'use 2 --role-arn='* | 'use '[3-9]' '* | 'use 1'[0-9]' '*)
      # A role that no profile names: Node returns the word to pin.
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
    uninstall\ *)
      __awsh_launch "$@" || return
      # After it no hook would take the loaded credentials out of this shell.
      [[ -x $__awsh_launcher ]] || __awsh_run __awsh_switch off ''
      ;;
    sso\ * | login\ *)
      __awsh_launch "$@" || return
      # The command may have been the sign-in that this shell waits for, so look at this prompt
      # instead of some seconds later.
      [[ $__awsh_state != needs\ * ]] || __awsh_renew=1 __awsh_settled=''
      ;;
    *) __awsh_launch "$@" ;;
  esac
}

# Sets the caller's _a_facts to what only this shell knows about itself; the form is in
# src/shell/shell-facts.ts.
__awsh_tell_facts() {
  local _a_run
  builtin set -- ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"}
  [[ -z ${bash_preexec_imported-}${__bp_imported-} ]] ||
    builtin set -- ${precmd_functions[@]+"${precmd_functions[@]}"}
  _a_facts=''
  __awsh_tell_fact shell "bash $BASH_VERSION"
  __awsh_tell_fact launcher "$__awsh_launcher"
  __awsh_tell_fact version "$__awsh_version"
  __awsh_tell_fact word "$__awsh_word"
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
  [[ -z $__awsh_above ]] || __awsh_tell_fact above "$__awsh_above"
  [[ -z $__awsh_agent ]] || __awsh_tell_fact agent 1
  ! complete -p awsh >/dev/null 2>&1 || __awsh_tell_fact completion 1
  for _a_run in "$@"; do
    # starship runs the saved command before it builds PS1.
    [[ $_a_run != *starship_precmd* ]] || __awsh_tell_fact runs "${STARSHIP_PROMPT_COMMAND-}"
    __awsh_tell_fact runs "$_a_run"
  done
  _a_facts+=end
}

__awsh_tell_fact() {
  local _a_value
  ! __awsh_encode "$2" || _a_facts+="$1 $_a_value$__awsh_lf"
}

# From now on this shell uses the profile $1 in every directory. If the profile cannot be found,
# nothing changes; the launcher reports why and may let the user choose another profile.
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

# Tries the profile $1 and pins it, unless the caller's _a_kept says that nothing was changed.
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

# Mode and pin are locals here, so that ^C leaves the previous ones in place.
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

# Sets what this shell follows: auto (its directory), off (nothing) or exec (what it was started
# with). Without $1: the same as before, loaded again.
__awsh_switch() {
  if [[ $__awsh_mode == exec && ${1-} == off ]]; then
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
    [[ $__awsh_typed != *= ]] || __awsh_typed=''
    __awsh_settled=''
    __awsh_check '' ''
    if [[ $__awsh_foreign ]]; then
      __awsh_say "nothing was refreshed$__awsh_lf$__awsh_reason$__awsh_lf$__awsh_todo"
      return 1
    fi
    __awsh_refresh_exec
    return
  fi
  __awsh_check '' 'refresh 1'
  _a_result=$?
  if [[ $__awsh_mode == off ]]; then
    __awsh_say "nothing was refreshed${__awsh_lf}awsh is off in this shell${__awsh_lf}awsh use --auto"
    return 1
  elif [[ -z $__awsh_label$__awsh_foreign ]]; then
    __awsh_say "nothing was refreshed${__awsh_lf}nothing is loaded here: no .awsprofile applies to this directory${__awsh_lf}awsh use"
    return 1
  fi
  return "$_a_result"
}

# Notes what `exec` or aws-vault gave this shell, to set it again after another tool or the user had
# other credentials here: __awsh_exec_set, and the secrets in __awsh_exec_hidden.
__awsh_note_exec() {
  local _a_name _a_count=0
  builtin unset -v __awsh_exec_set __awsh_exec_hidden
  for _a_name in AWS_VAULT AWS_ACCESS_KEY_ID AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION AWS_REGION \
    AWS_DEFAULT_REGION AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_IGNORE_CONFIGURED_ENDPOINT_URLS \
    AWS_PROFILE "${!AWS_CONTAINER_@}" "${!AWS_ENDPOINT_URL@}"; do
    case $_a_name in
      # Programs would use these only if there were no keys.
      AWS_CONTAINER_*) [[ -z ${AWS_ACCESS_KEY_ID-} ]] || continue ;;
      AWS_PROFILE) [[ -z ${AWS_ACCESS_KEY_ID-}${AWS_CONTAINER_CREDENTIALS_FULL_URI-} ]] || continue ;;
    esac
    [[ ! ${!_a_name+set} ]] || __awsh_exec_set[_a_count++]=$_a_name=${!_a_name}
  done
  [[ ! ${AWS_SECRET_ACCESS_KEY+set} ]] || __awsh_exec_hidden[0]=AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY
  [[ ! ${AWS_SESSION_TOKEN+set} ]] || __awsh_exec_hidden[1]=AWS_SESSION_TOKEN=$AWS_SESSION_TOKEN
  # Older versions of aws-vault set the same token twice.
  [[ ${AWS_SECURITY_TOKEN-} != "${AWS_SESSION_TOKEN-}" ]] || builtin unset -v AWS_SECURITY_TOKEN
}

# Sets it, as the result of a load, so that everything that holds for a load holds for it too.
__awsh_put_exec() {
  local _a_pair _a_value _a_names='' _a_nows='' _a_key_id='' _a_hidden _a_theirs IFS=' '
  for _a_pair in "${__awsh_exec_set[@]}"; do
    __awsh_encode "${_a_pair#*=}" || continue
    _a_names+=" ${_a_pair%%=*} " _a_nows+="now ${_a_pair%%=*} $_a_value$__awsh_lf"
    [[ $_a_pair != AWS_ACCESS_KEY_ID=* ]] || _a_key_id=${_a_pair#*=}
  done
  [[ -z ${__awsh_exec_hidden[0]+set} ]] || _a_hidden[0]=${__awsh_exec_hidden[0]}
  [[ -z ${__awsh_exec_hidden[1]+set} ]] || _a_hidden[1]=${__awsh_exec_hidden[1]}
  __awsh_who='' __awsh_protected='' __awsh_state='' __awsh_renew=0
  __awsh_put exec all "${__awsh_exec_set[@]}"
}

# Child shells find out by AWS_VAULT.
__awsh_hide_records() {
  builtin unset -v AWSH_LOADED AWSH_SAVED
  __awsh_profile=${AWS_PROFILE-}
}

# From now on what `exec` gave this shell counts as the user's own: the user has chosen something
# else.
__awsh_release_exec() {
  [[ $__awsh_kind == exec ]] || return 0
  [[ -z $__awsh_key_id ]] || __awsh_issued=${__awsh_issued//" $__awsh_key_id "/}
  __awsh_kind='' __awsh_key_id='' __awsh_profile='' __awsh_names='' __awsh_now=''
  builtin unset -v __awsh_own
}

# In a shell that `exec` started: asks for new credentials of its profile. The region stays as it
# is.
__awsh_refresh_exec() {
  local __awsh_mode=pin __awsh_pin="$__awsh_exec${AWSH_REASON:+ why=$AWSH_REASON}" _a_now='' _a_file='' _a_quiet='' _a_moved=1 _a_result=1 __awsh_in_exec=1
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

# --- start ----------------------------------------------------------------------------------------

# Splits AWSH_LOADED into _a_kind, _a_uid, _a_who and _a_where. Fails if its version is not 1.
__awsh_read_loaded() {
  local _a_rest=$AWSH_LOADED _a_value
  [[ $_a_rest == '1 '*' '*' '*' '* ]] || return
  _a_rest=${_a_rest#1 }
  _a_kind=${_a_rest%% *} _a_rest=${_a_rest#* }
  _a_uid=${_a_rest%% *} _a_rest=${_a_rest#* }
  _a_who=${_a_rest%% *} _a_where=${_a_rest#* }
  # A lone - means empty.
  __awsh_decode "${_a_who//\%20/ }" && _a_who=${_a_value#-}
  __awsh_decode "${_a_where//\%20/ }" && _a_where=${_a_value#-}
}

# Reads from AWSH_SAVED what a parent shell has loaded, so that this shell can undo it.
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
        __awsh_tails=" AWS_SESSION_TOKEN=$_a_value " __awsh_found_tail=$_a_value
        ;;
      'claim '*' '*' '*) __awsh_read_claim ;;
      'emptied '*) __awsh_read_emptied ;;
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

# Handles the case that only a part of the parent shell's environment was inherited. If what awsh
# had set there is incomplete, or if nothing is known of it, it is removed; variables that every
# load replaces count as awsh's.
__awsh_check_inherited() {
  local _a_name
  if [[ $__awsh_key_id ]]; then
    if [[ -z ${AWS_ACCESS_KEY_ID-} ]]; then
      builtin unset -v AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    elif [[ -z ${AWS_SECRET_ACCESS_KEY-} || ($__awsh_tails && -z ${AWS_SESSION_TOKEN-}) ]]; then
      # It will be loaded again.
      __awsh_place=''
    fi
  elif [[ $__awsh_names || ${AWS_VAULT-} ]]; then
    return 0
  elif [[ ${AWSH_PROFILE-} && ${AWSH_EXPIRES-} ]]; then
    # <themes: npm run generate>
    for _a_name in AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE; do
      # </themes>
      [[ ${!_a_name-} != "$AWSH_PROFILE" ]] || builtin unset -v "$_a_name"
    done
    [[ ${AWS_REGION-} != "${AWS_DEFAULT_REGION-}" ]] || builtin unset -v AWS_REGION AWS_DEFAULT_REGION
    # <drop-identity: npm run generate>
    builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
      AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWSH_LOADED AWSH_SEGMENT \
      "${!AWS_ENDPOINT_URL_@}"
    # </drop-identity>
  elif [[ ${AWS_PROFILE-} == awsh-blocked ]]; then
    for _a_name in AWS_REGION AWS_DEFAULT_REGION; do
      [[ ${!_a_name-} != awsh-blocked ]] || builtin unset -v "$_a_name"
    done
    builtin unset -v AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SEGMENT
  fi
}

# Reads a value of awsh's that a tool may put back: $1 is the variable, that value, and the value
# before awsh.
__awsh_read_back() {
  local _a_name=${1%% *} _a_made=${1#* } _a_value
  __awsh_managed "$_a_name" && ! __awsh_secret "$_a_name" || return 0
  _a_value=${_a_made%% *}
  __awsh_decode "${_a_value//\%20/ }"
  __awsh_note_one_displaced "$_a_value"
  __awsh_decode "${_a_made#* }"
  [[ $_a_value != =* ]] || __awsh_displaced_own+=("exported $_a_name$_a_value")
}

# Reads a claim: _a_name, and in _a_value the tool and the value before the claim.
__awsh_read_claim() {
  local _a_i
  for _a_i in "${!__awsh_claimable[@]}"; do
    if [[ ${__awsh_claimable[_a_i]} == "$_a_name" ]]; then
      __awsh_base[_a_i]=${_a_value#* } __awsh_by[_a_i]=${_a_value%% *}
      __awsh_by[_a_i]=${__awsh_by[_a_i]#-}
    fi
  done
}

# Reads that the claim of _a_name was to unset it.
__awsh_read_emptied() {
  local _a_i
  for _a_i in "${!__awsh_claimable[@]}"; do
    [[ ${__awsh_claimable[_a_i]} != "$_a_name" ]] || __awsh_emptied[_a_i]=1
  done
}

# Sets _a_value to the epoch seconds of $1, a UTC time as AWS tools write it (2026-01-31T09:05:00Z).
# Fails for any other form.
__awsh_epoch_of() {
  local _a_year _a_month
  [[ $1 == [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]* ]] || return
  case ${1:19} in
    Z | +00:00) ;;
    .*[!0-9]*Z | .Z) return 1 ;;
    .*Z) ;;
    *) return 1 ;;
  esac
  # Counts years from March, so that a leap day is the last day of its year.
  _a_year=$((10#${1:0:4})) _a_month=$((10#${1:5:2}))
  ((_a_month > 2)) || _a_year=$((_a_year - 1)) _a_month=$((_a_month + 12))
  _a_value=$((365 * _a_year + _a_year / 4 - _a_year / 100 + _a_year / 400 + (153 * (_a_month - 3) + 2) / 5))
  _a_value=$(((_a_value + 10#${1:8:2} - 719469) * 86400 + 10#${1:11:2} * 3600 + 10#${1:14:2} * 60 + 10#${1:17:2}))
}

# Sets __awsh_exec_expires to the expiry of the credentials that `exec` or aws-vault gave this
# shell; 0 if they have none.
__awsh_find_exec_end() {
  local _a_name _a_value
  __awsh_exec_expires=0
  [[ ${AWS_ACCESS_KEY_ID-} ]] || return 0
  for _a_name in AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION; do
    # aws-vault keeps the variables that awsh had set before.
    if [[ $__awsh_now == *"now $_a_name ${!_a_name-}$__awsh_lf"* ]]; then builtin unset -v "$_a_name"; fi
    [[ ${!_a_name-} ]] || continue
    if __awsh_epoch_of "${!_a_name}"; then
      __awsh_exec_expires=$_a_value
      return 0
    fi
  done
}

# Takes over what a parent shell has loaded. Fails if awsh must not act in this shell: it was
# started from another user's (sudo -E) or by a newer awsh.
__awsh_inherit() {
  local _a_kind='' _a_uid=$EUID _a_who='' _a_where='' _a_text=''
  if [[ ${AWSH_LOADED-} ]]; then
    __awsh_read_loaded && [[ $_a_uid == "$EUID" ]] || return
  fi
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
  # A shell started by `awsh exec` or aws-vault keeps its credentials in every directory.
  if [[ ${AWS_VAULT-} ]] && { [[ -z $__awsh_kind ]] || __awsh_is_displaced; }; then
    __awsh_find_exec_end
    __awsh_now='' __awsh_names='' __awsh_kind='' __awsh_renew=0 __awsh_foreign=''
    builtin unset -v __awsh_own
    __awsh_mode=exec __awsh_place=exec __awsh_exec=$AWS_VAULT
    builtin unset -v AWSH_PROFILE AWSH_EXPIRES
    # It names the identity of exec, so another profile replaces it.
    __awsh_cleared+=' AWS_VAULT '
    __awsh_note_exec
    __awsh_put_exec 2>/dev/null
  fi
  [[ -z $__awsh_key_id ]] || __awsh_issued=" $__awsh_key_id "
}

# --- the state of this shell ----------------------------------------------------------------------

# The pinned profile and the previous choice; the profile that `exec` or aws-vault gave this shell,
# and its expiry.
__awsh_pin='' __awsh_previous='' __awsh_exec='' __awsh_exec_expires=0
builtin unset -v __awsh_exec_set __awsh_exec_hidden
# Secrets that were set before and that only a parent shell can restore, and those that were noted
# as such before; what is loaded (dir, pin,
# blocked or nothing), its profile and expiry; and the values that awsh itself compares.
__awsh_lost='' __awsh_above='' __awsh_kind='' __awsh_who='' __awsh_expires=0 __awsh_protected='' __awsh_key_id='' __awsh_profile=''
# The access key ids that awsh has set in this shell, the last characters of the secrets it set
# last and of the token that a parent shell had loaded, and what it removed last.
__awsh_issued='' __awsh_tails='' __awsh_found_tail='' __awsh_gone_now='' __awsh_gone_names=''
# About other tools: the directory where they ran last, the values removed while they run, the
# variables that the user set (`NAME=VALUE`), and where.
__awsh_stood='' __awsh_kept_now='' __awsh_typed='' __awsh_typed_at=''
__awsh_stamp=- __awsh_displaced='' __awsh_displaced_now='' __awsh_displaced_by='' __awsh_endpoint=''
builtin unset -v __awsh_displaced_own __awsh_base __awsh_by __awsh_emptied __awsh_kept __awsh_kept_hidden __awsh_gone_own
# The directory and file of the last question, the time of the next one, and the pause in seconds
# after a failure.
__awsh_place='' __awsh_renew=0 __awsh_pause=10
# The state of this shell if it is not the normal one (src/shell/state-table.ts), its reason, its
# next command, and its start; the variable that another tool or the user has set; and the tool's
# name, if it is known.
__awsh_state='' __awsh_reason='' __awsh_todo='' __awsh_since=0 __awsh_foreign='' __awsh_tool=''
# A variable that awsh would have to set, but which the user has made read-only. That lasts as long
# as the shell.
__awsh_readonly=''
# The last reply's status and names, which need no second check; the other values describe the last
# credentials (see __awsh_note_usual).
__awsh_proven='' __awsh_usual_names='' __awsh_usual_count=0 __awsh_usual_lines='' __awsh_usual_holds=all __awsh_in_exec=''
# Directory files that other users can replace, one a line.
__awsh_shared_files=$__awsh_lf
# Whether a call of the agent is in progress; until when the agent is not asked, and the next pause.
# __awsh_waits is what this shell waits for: wait, person or nothing.
__awsh_version='' __awsh_busy='' __awsh_rest=0 __awsh_rest_seconds=10 __awsh_waits=''
# The segment's label; names that need no replacement; the terminal.
__awsh_plain=' ' __awsh_label='' __awsh_tty=''

__awsh_find_agent
__awsh_fix_environment "${1-}"
__awsh_read_version "${__awsh_launcher%/bin/awsh}/package.json"
__awsh_word=$_a_word
__awsh_whole=1

# This must be the last part of the file: it replaces the __awsh_look of awsh.bash, which sources
# this file again as long as its own is in place.

# The long look: compares what this directory asks for with what is loaded, and acts. Shares
# __awsh_check's locals. Contains only what most looks need, because bash copies a function's body
# at each call.
__awsh_look() {
  local _a_quiet=$1 _a_result=0 _a_place=$__awsh_mode _a_wanted='' _a_moved='' _a_told=0 _a_line _a_known='' _a_claimed='' \
    _a_request='' _a_reply='' _a_proof='' _a_code=1 _a_says _a_theirs
  [[ -z $__awsh_busy ]] || __awsh_hang_up
  [[ -z $2 ]] || __awsh_typed=''
  # Nothing is settled until this is complete: after ^C the next prompt does it again.
  __awsh_settled='' __awsh_foreign='' __awsh_tool=''
  case $__awsh_mode in
    auto) _a_place=auto\ $_a_file\ $_a_text _a_wanted=$_a_file ;;
    pin) _a_place=pin\ $__awsh_pin$_a_text _a_wanted=1 ;;
    exec) _a_wanted=1 ;;
  esac
  if [[ $__awsh_open ]]; then
    __awsh_step_back
  elif [[ $__awsh_names && $AWS_PROFILE\ $AWS_ACCESS_KEY_ID\ $AWS_ENDPOINT_URL\ $AWS_ROLE_ARN$AWS_CONTAINER_CREDENTIALS_FULL_URI$AWS_SECURITY_TOKEN\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN} != "$__awsh_stamp" ]] && __awsh_is_displaced; then
    __awsh_yield_to_user 2>/dev/null
  fi
  [[ $__awsh_kind != exec || $__awsh_mode == exec || $2 == 'use 1' ]] || __awsh_release_exec
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
  # Empty until everything has changed, so that after ^C the next prompt completes the change.
  __awsh_place=$_a_place
  __awsh_describe
  __awsh_looked=$_a_now
  if ((__awsh_renew > 0 && __awsh_renew < __awsh_next)) && [[ ! $__awsh_foreign ]]; then __awsh_next=$__awsh_renew; fi
  __awsh_settled=$__awsh_identity\ ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}$AWS_ENDPOINT_URL\ $_a_file\ $_a_text
  for _a_line in "${_a_says[@]}"; do [[ $_a_quiet ]] || __awsh_say "$_a_line"; done
  return "$_a_result"
}
