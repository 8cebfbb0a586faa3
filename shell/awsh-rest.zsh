# The second part of awsh's hook for zsh: loads, unloads and draws. awsh.zsh sources it if the shell
# has a profile to load, if a tool such as direnv runs here, or for one of awsh's own verbs. The
# rules in awsh.zsh apply here too.

# The version word of both files (npm run generate): parts of two versions are never in one shell.
[[ ${word-} == 8f335e53770c ]] || return 1

# --- managed variables ----------------------------------------------------------------------------

# From src/shell/managed-variables.ts.
# <managed-variables: npm run generate>
# The variables that a reply with credentials may set. AWS_ENDPOINT_URL_* may be set too.
typeset -ga __awsh_settable=(
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
  AWS_SESSION_EXPIRATION AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_USE_FIPS_ENDPOINT
  AWS_USE_DUALSTACK_ENDPOINT AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_CA_BUNDLE AWSH_PROFILE
  AWSH_EXPIRES AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE
)
# A load replaces all of these and each AWS_ENDPOINT_URL_*: access keys are never exported together
# with a session token or an endpoint from elsewhere.
typeset -ga __awsh_replaced=(
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
  AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWS_PROFILE
  AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
  AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
)
# Never written into AWSH_SAVED.
typeset -ga __awsh_secret=(
  AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN
  AWS_CONTAINER_AUTHORIZATION_TOKEN
)
# The variables of a blocked shell. A reply without credentials may set these and no others.
typeset -ga __awsh_blocking=(
  AWS_PROFILE AWS_EC2_METADATA_DISABLED AWS_REGION AWS_DEFAULT_REGION
)
# </managed-variables>

# Succeeds if $1 is a variable that awsh manages.
__awsh_managed() {
  [[ $1 == AWS_ENDPOINT_URL_?* && $1 != *[^A-Z0-9_]* ]] ||
    (($__awsh_settable[(Ie)$1] || $__awsh_replaced[(Ie)$1] || $__awsh_blocking[(Ie)$1]))
}

# --- values ---------------------------------------------------------------------------------------

# Succeeds if $1, and $2 if it is given, are safe to use in arithmetic, which runs code inside a
# subscript.
__awsh_number() {
  [[ $1 == <-> && ${#1} -le 12 && ${2-0} == <-> && ${#2} -le 12 ]]
}

# Sets `value` to $1, encoded for the wire format. Fails if it contains other control bytes.
__awsh_encode() {
  value=$1
  [[ $1 == *[%[:cntrl:]]* ]] || return 0
  value=${${${1//\%/%25}//$'\n'/%0A}//$'\r'/%0D}
  [[ $value != *[[:cntrl:]]* ]]
}

# The inverse. %25 must be decoded last: %250A is the text %0A.
__awsh_decode() {
  value=${${${1//\%0A/$'\n'}//\%0D/$'\r'}//\%25/%}
}

# The same for each of the caller's `lines`.
__awsh_decode_lines() {
  lines=(${${${lines//\%0A/$'\n'}//\%0D/$'\r'}//\%25/%})
}

# --- messages -------------------------------------------------------------------------------------

# <request-variables: npm run generate>
# The fixed variables that a request contains, and those that are passed on with their current
# values (src/shell/fixed-environment.ts).
__awsh_sendable=(
  HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
  AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY
  NO_PROXY http_proxy https_proxy all_proxy no_proxy DBUS_SESSION_BUS_ADDRESS GNUPGHOME
  PASSWORD_STORE_DIR
)
__awsh_passable=(
  AWSH_REQUEST PWD AWSH_FILE_PASSPHRASE AWS_VAULT_FILE_PASSPHRASE
)
# </request-variables>

# <texts: npm run generate>
__awsh_text_interrupted='the profile is not loaded: the load was interrupted'
__awsh_text_unanswered='no usable answer from {launcher}'
__awsh_text_path='the path of this directory has bytes that are not text: awsh cannot use its .awsprofile until it has another name'
__awsh_text_in_exec='awsh exec or aws-vault started this shell with them; they end with the shell'
__awsh_text_overridden='{variable} was set {set}, so awsh does not load its own credentials'
__awsh_text_read_only='{variable} is read-only, so awsh does not load its own credentials; if a startup file makes it read-only, remove that line first'
__awsh_text_by_tool='by {tool}'
__awsh_text_by_hand='outside of awsh'
__awsh_next_blocked='awsh refresh'
__awsh_next_overridden='awsh off'

# Sets headline to what the state $1 means for the user. Fails for a state that no reply may have.
__awsh_headline() {
  case $1 in
    'not allowed') headline='this .awsprofile is not allowed' ;;
    denied) headline='this .awsprofile is denied' ;;
    changed) headline='this .awsprofile is no longer what you allowed' ;;
    malformed) headline='this .awsprofile cannot be used' ;;
    blocked) headline='AWS is blocked in this shell' ;;
    error) headline='AWS is blocked in this shell: the pinned profile could not be loaded' ;;
    'needs MFA') headline='AWS is blocked in this shell: an MFA code is needed' ;;
    'needs sign-in') headline='AWS is blocked in this shell: a sign-in is needed' ;;
    'needs passphrase') headline='AWS is blocked in this shell: the passphrase of the vault is needed' ;;
    'needs refresh') headline='AWS is blocked in this shell: a new session is needed' ;;
    'needs an answer') headline='AWS is blocked in this shell: a question needs an answer' ;;
    'not confirmed') headline='AWS is blocked in this shell: the protected profile was not confirmed' ;;
    wait) headline='AWS is blocked in this shell until the session is there' ;;
    locked) headline='awsh is locked and loads no credentials' ;;
    overridden) headline='this shell does not use the credentials of awsh' ;;
    *) return 1 ;;
  esac
}
# </texts>

# Prints a message for the user, the arguments: one line, or three lines with what happened, why,
# and the next command. The layout is that of the program's errors (src/cli/error-text.ts). Control
# characters are shown as ?.
__awsh_say() {
  local what=${1//[[:cntrl:]]/?} why=${${2-}//[[:cntrl:]]/?} next=${${3-}//[[:cntrl:]]/?}
  local -i room=80
  if __awsh_number "${COLUMNS-}" && ((COLUMNS >= 20)); then room=$COLUMNS; fi
  ((room <= 100)) || room=100
  {
    __awsh_wrap 'awsh: ' '  ' $((room - 6)) "$what"
    [[ -z $why ]] || __awsh_say_why "$why"
    # Never wrapped, so that it can be copied.
    [[ -z $next ]] || builtin print -r -- "  next: $next"
  } >&2
}

# Prints the reason $1 next to its label, or below it if there is not enough room. Shares `room`.
__awsh_say_why() {
  local -i beside=$((room - 8))
  local word
  ((beside >= 20 || ${(m)#1} <= beside)) || beside=0
  for word in ${(s: :)1}; do ((${(m)#word} <= beside)) || beside=0; done
  if ((beside)); then
    __awsh_wrap '  why:  ' '        ' $beside "$1"
  else
    builtin print -r -- '  why:'
    __awsh_wrap '    ' '    ' $((room - 4)) "$1"
  fi
}

# Prints the text $4 in lines of at most $3 columns. The first line begins with $1, the others with
# $2. No word is broken.
__awsh_wrap() {
  local before=$1 line='' word longer
  for word in "${(@s: :)4}"; do
    longer="$line${line:+ }$word"
    if [[ -n $line ]] && ((${(m)#longer} > $3)); then
      builtin print -r -- "$before$line"
      before=$2 line=$word
    else
      line=$longer
    fi
  done
  builtin print -r -- "$before$line"
}

# Replaces {$1} with $2 in the caller's `line`.
__awsh_fill() {
  local place="{$1}"
  [[ $line != *"$place"* ]] || line=${line%%"$place"*}$2${line#*"$place"}
}

# Sets the caller's `name` to the profile that the directory file in `text` names, or to nothing if
# its form is not a plain name.
__awsh_file_profile() {
  name=${${${text#1 }%%$'\n'*}%$'\r'}
  [[ $name != profile*=* ]] || name=${name#*=}
  name=${name//[[:space:]]/}
  [[ $name != (-*|*[^A-Za-z0-9_.@+,:/-]*) ]] || name=''
}

# Like __awsh_note_state, for the case that another tool or the user has set __awsh_foreign.
__awsh_note_override() {
  local line=$__awsh_text_overridden todo=$__awsh_next_overridden name
  __awsh_fill variable "$__awsh_foreign"
  if [[ -n $__awsh_tool ]]; then
    __awsh_fill set "$__awsh_text_by_tool"
    __awsh_fill tool "${__awsh_tool//_/ }"
    # A tool does not override a pinned profile.
    [[ $__awsh_mode != exec ]] || local text="1 $__awsh_exec"
    __awsh_file_profile
    [[ -z $name ]] || todo="awsh use $name"
    [[ -n $name || $__awsh_mode != exec ]] || todo=exit
  elif [[ $__awsh_foreign == "$__awsh_readonly" ]]; then
    line=$__awsh_text_read_only todo='exec zsh'
    __awsh_fill variable "$__awsh_foreign"
  else
    __awsh_fill set "$__awsh_text_by_hand"
    todo="unset $__awsh_foreign"
    # The user has unset the variable, so the next command must not unset it.
    [[ -n ${(P)__awsh_foreign-} ]] || todo=$__awsh_next_blocked line=${line/ was set / was unset }
    [[ $__awsh_foreign != AWS_ACCESS_KEY_ID || -z ${AWS_ACCESS_KEY_ID-} ]] || todo+=' AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN'
  fi
  __awsh_note_state overridden "$line" "$todo"
}

# Notes this shell's state $1, the reason $2 and the next command $3, for `awsh status` and others.
# Prints them unless the clock alone caused the question and the answer is the same as before.
# Shares `quiet` and `known`.
__awsh_note_state() {
  local headline=''
  __awsh_state=$1 __awsh_reason=${2//[[:cntrl:]]/?} __awsh_todo=${3//[[:cntrl:]]/?} __awsh_since=$EPOCHSECONDS
  [[ -z $quiet && "$1 $__awsh_reason" != "$known" ]] || return 0
  __awsh_headline "$1"
  __awsh_say "$headline" "$__awsh_reason" "$__awsh_todo"
}

# --- set and restore variables --------------------------------------------------------------------

# What awsh has set: encoded `NAME VALUE` entries, except for the two secrets, of which only the
# names are kept; they belong to AWS_ACCESS_KEY_ID. For each variable that existed before and that
# awsh has set or unset: how it was set (exported, plain, or lost: a secret that only a parent shell
# has), and its value.
builtin typeset -ga __awsh_set __awsh_secrets_set __awsh_put_names
builtin typeset -gA __awsh_had __awsh_was

# Sets the caller's `ours` to the names of the variables that still have awsh's values. Only the
# last characters of a secret are kept. Nothing is known of a secret key that a parent shell has
# set: it counts as awsh's as long as the access key id does.
__awsh_find_ours() {
  local name now='' kinds=''
  # Usually all of them do, which is faster to check at once: __awsh_put_names are the names in
  # __awsh_set, if nothing was set before.
  for name in $__awsh_put_names; do
    now+="$name ${(P)name-}"$'\n' kinds+=${(tP)name}
  done
  if [[ $now == "${(F)__awsh_set}"$'\n' && $now != *%* && (-z $__awsh_secrets_set ||
    "$__awsh_secrets_set ${AWS_SECRET_ACCESS_KEY: -6} ${AWS_SESSION_TOKEN: -6}" == "AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN $__awsh_tails[AWS_SECRET_ACCESS_KEY] $__awsh_tails[AWS_SESSION_TOKEN]") ]]; then
    ours=($__awsh_put_names $__awsh_secrets_set) types=$kinds${(t)AWS_SECRET_ACCESS_KEY}${(t)AWS_SESSION_TOKEN}
    return
  fi
  types=readonly
  local -a lines=($__awsh_set) still
  [[ "$lines" != *%* ]] || __awsh_decode_lines
  for name in ${__awsh_set%% *}; do still+=("$name${(P)name+ ${(P)name}}"); done
  ours=(${${still:*lines}%% *})
  for name in $__awsh_secrets_set; do
    if ((! ${(P)+name})); then
      ours+=($name)
    elif [[ -z ${__awsh_tails[$name]-} ]]; then
      [[ ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id" ]] || ours+=($name)
    elif [[ ${${(P)name}: -6} == "${__awsh_tails[$name]}" ]]; then
      ours+=($name)
    fi
  done
}

# Notes the type of the user's variable $1 (text, tied, array or association), the flags of typeset,
# and its value: in __awsh_raw, or for an array in __awsh_array_NAME. Called only for more than a
# plain text, because it starts a subshell.
__awsh_note_kind() {
  local type=${(tP)1} shown flags kind=text
  __awsh_kinds[$1]=''
  [[ $type != scalar(|-export) ]] || return 0
  shown=$(builtin typeset -p $1)
  flags=${${${shown%% $1[ =]*}#* }//-g/}
  case $type in
    *tied*) kind="tied ${${shown#* $1 }%%=*}" flags='' ;;
    array*)
      kind=array
      builtin typeset -ga __awsh_array_$1
      builtin set -A __awsh_array_$1 "${(@P)1}"
      ;;
    association*)
      kind=association
      builtin typeset -gA __awsh_array_$1
      builtin set -A __awsh_array_$1 "${(@kvP)1}"
      ;;
    # The value as it was assigned: the visible value may be cut or in other case.
    *) __awsh_raw[$1]=${(Q)shown#* $1=} ;;
  esac
  [[ $flags == *-* ]] || flags=''
  __awsh_kinds[$1]="$kind $flags"
}

# Sets the user's variable $1 to $3 again, with its noted type. $2 is exported or plain; anything
# else means that it was not set.
__awsh_give() {
  [[ $2 == (exported|plain) ]] || return 0
  local held=__awsh_array_$1
  local -a kind=(${(s: :)__awsh_kinds[$1]-})
  case ${kind[1]-} in
    '')
      if [[ $2 == exported ]]; then builtin export "$1=$3"; else builtin typeset -g "$1=$3"; fi
      return
      ;;
    tied)
      builtin typeset -gT $1 $kind[2]
      builtin typeset -g "$1=$3"
      ;;
    array)
      builtin typeset -g $kind[2,-1] $1
      builtin set -A $1 "${(@P)held}"
      ;;
    association)
      builtin typeset -g $kind[2,-1] $1
      builtin set -A $1 "${(@kvP)held}"
      ;;
    *) builtin typeset -g $kind[2,-1] "$1=$__awsh_raw[$1]" ;;
  esac
  [[ $2 != exported ]] || builtin typeset -gx $1
}

# Restores each variable to what it was, except those that something else has changed since.
__awsh_put_back() {
  local name types
  local -a ours names
  # Keep the records, but not the secrets, to recognise these values if another program puts them
  # back later.
  if (($#__awsh_set)); then
    __awsh_gone_set=($__awsh_set) __awsh_gone_had=("${(@kv)__awsh_had}") __awsh_gone_was=("${(@kv)__awsh_was}")
  fi
  # Nothing was set, so there is nothing to compare.
  if ((! $#__awsh_set && ! $#__awsh_secrets_set && ! $#__awsh_had)); then
    builtin unset -v AWSH_LOADED AWSH_SAVED
    return 0
  fi
  __awsh_find_ours
  if (($#__awsh_had)); then
    names=(${__awsh_set%% *} $__awsh_secrets_set)
    for name in ${${(k)__awsh_had}:|names}; do ((${(P)+name})) || ours+=($name); done
  fi
  # A variable made read-only since then cannot be unset, but it can be unexported.
  if [[ $types == *readonly* ]]; then
    for name in $ours; do
      [[ ${(tP)name} == *readonly* ]] || continue
      ours=(${ours:#$name})
      builtin typeset -g +x $name
    done
  fi
  builtin unset -v AWSH_LOADED AWSH_SAVED $ours
  for name in ${(k)__awsh_had}; do
    (($ours[(Ie)$name])) || continue
    __awsh_give $name "$__awsh_had[$name]" "$__awsh_was[$name]"
  done
  __awsh_set=() __awsh_secrets_set=() __awsh_had=() __awsh_was=()
}

# Removes credentials that awsh had loaded and another program has put back, and restores what was
# set before.
__awsh_scrub() {
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWSH_PROFILE AWSH_EXPIRES
  local -a set=($__awsh_gone_set)
  local -A had=("${(@kv)__awsh_gone_had}") was=("${(@kv)__awsh_gone_was}")
  ((! $#__awsh_set)) || __awsh_put_back
  __awsh_set=($set) __awsh_had=("${(@kv)had}") __awsh_was=("${(@kv)was}")
  # These are unset already. Without an entry here their old values are restored.
  __awsh_set=(${__awsh_set:#(AWS_ACCESS_KEY_ID|AWSH_PROFILE|AWSH_EXPIRES) *})
  __awsh_put_back
}

# Replaces everything that awsh manages with the caller's `lines` (encoded `NAME VALUE`) of the
# variables `names`; $1 is the kind: dir, pin or blocked. Works on all of them at once as far as
# possible, which takes a tenth of the time of a loop.
__awsh_put() {
  # ^C waits for the end; `emulate -L` in the caller makes this trap local.
  trap '' INT
  local name there=''
  local -a gone may set
  [[ $__awsh_kind != exec || $1 == exec ]] || __awsh_release_exec
  __awsh_put_back
  [[ -z ${AWS_ACCESS_KEY_ID-} && $1 != exec ]] || __awsh_drop_same $1
  if [[ ${(t)parameters} == association-*special ]]; then
    set=(${(k)parameters[(I)AWS*]})
    may=($__awsh_replaced ${names:|__awsh_replaced} ${(M)set:#AWS_ENDPOINT_URL_*})
    set=(${may:*set})
    there="$set"
  else
    # A function that changes the directory has a local `parameters`, which hides zsh's own.
    for name in $__awsh_replaced ${names:|__awsh_replaced}; do
      [[ -z ${(tP)name} ]] || there+=" $name"
    done
  fi
  # A blocked shell needs some region, but it need not be this one.
  if [[ $1 != blocked || ${(t)AWS_PROFILE-} == *readonly* ]]; then
    for name in ${(s: :)there}; do
      [[ ${(tP)name} != *readonly* ]] || { __awsh_readonly=$name; return 0; }
    done
  fi
  for name in ${(s: :)there}; do
    case ${(tP)name} in
      # It cannot be managed: an attempt would end the hook.
      *readonly*)
        lines=(${lines:#$name *}) names=(${names:#$name})
        continue
        ;;
      *export*) __awsh_had[$name]=exported ;;
      *) __awsh_had[$name]=plain ;;
    esac
    __awsh_was[$name]=${(P)name} gone+=($name)
    [[ ${(tP)name} == scalar(|-export) && -z ${__awsh_kinds[$name]-} ]] || __awsh_note_kind $name
  done
  for name in ${names:*__awsh_lost}; do
    ((${+__awsh_had[$name]})) || __awsh_had[$name]=lost
  done
  __awsh_set=(${lines:#(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN) *})
  may=(AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)
  __awsh_secrets_set=(${names:*may})
  __awsh_put_names=(${names:|__awsh_secrets_set})
  # Unset in any case: if the user declared one as an integer, assigning would evaluate the value.
  ((! $#gone)) || builtin unset -v $gone
  [[ "$lines" != *%* ]] || __awsh_decode_lines
  # Without a name, `export` would print all variables.
  ((! $#lines)) || builtin export "${(@)lines/ /=}"
  __awsh_key_id='' __awsh_profile=''
  ((! $names[(Ie)AWS_ACCESS_KEY_ID])) || __awsh_key_id=$AWS_ACCESS_KEY_ID
  ((! $names[(Ie)AWS_PROFILE])) || __awsh_profile=$AWS_PROFILE
  __awsh_kind=$1 __awsh_foreign='' __awsh_endpoint=${AWS_ENDPOINT_URL-}
  if [[ -n $__awsh_key_id ]]; then
    (($__awsh_issued[(Ie)$__awsh_key_id])) || __awsh_issued+=($__awsh_key_id)
    __awsh_tails=()
    for name in $__awsh_secrets_set; do __awsh_tails[$name]=${${(P)name}: -6}; done
  fi
  __awsh_leave_word
}

# If the values about to be set are already set, by a shell whose records this shell did not
# inherit, they are not the user's own. $1 and the locals are __awsh_put's.
__awsh_drop_same() {
  local name value
  [[ $1 == exec || "$lines[(r)AWS_ACCESS_KEY_ID *]" == "AWS_ACCESS_KEY_ID $AWS_ACCESS_KEY_ID" ]] || return 0
  for name in $names; do
    [[ -n ${(tP)name} && ${(tP)name} != *readonly* ]] && __awsh_encode "${(P)name}" || continue
    [[ $name != AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN) ]] && ((!$lines[(Ie)$name $value])) || builtin unset -v $name
  done
}

# Sets AWSH_LOADED and AWSH_SAVED, which tell child shells what is loaded and what was set before.
__awsh_leave_word() {
  local name value who=- where=-
  local -a saved
  if [[ $__awsh_kind == exec ]]; then
    # Child shells find out by AWS_VAULT.
    builtin unset -v AWSH_LOADED AWSH_SAVED
    return 0
  fi
  __awsh_encode "$__awsh_who" && [[ -n $value ]] && who=${value// /%20}
  if [[ $__awsh_mode == auto ]]; then
    __awsh_encode "$file" && where=${value// /%20}
    [[ $text == '1 '* ]] && __awsh_encode "${text#1 }" && saved+=("key $value")
  fi
  for name in ${(k)__awsh_had}; do
    if [[ $__awsh_had[$name] == plain ]]; then
      continue
    elif (($__awsh_secret[(Ie)$name])) || __awsh_is_half $name || ! __awsh_encode "$__awsh_was[$name]"; then
      saved+=("secret $name")
    else
      saved+=("was $name $value")
    fi
  done
  [[ -z ${__awsh_tails[AWS_SESSION_TOKEN]-} || -z $__awsh_key_id ]] || ! __awsh_encode "$__awsh_tails[AWS_SESSION_TOKEN]" ||
    saved+=("tail $value")
  __awsh_save_claims
  saved+=(${__awsh_set/#/now } ${__awsh_protected:+'protected 1'})
  builtin export AWSH_LOADED="1 $__awsh_kind $EUID $who $where" AWSH_SAVED="${(F)saved}"
}

# Succeeds if the variable $1 belongs to a secret of the user's, which no child shell can restore: it
# would be half a pair there.
__awsh_is_half() {
  case $1 in
    AWS_ACCESS_KEY_ID) [[ -n ${__awsh_had[AWS_SECRET_ACCESS_KEY]-}${__awsh_had[AWS_SESSION_TOKEN]-} ]] ;;
    AWS_CONTAINER_CREDENTIALS_*_URI) [[ -n ${__awsh_had[AWS_CONTAINER_AUTHORIZATION_TOKEN]-} ]] ;;
    *) return 1 ;;
  esac
}

__awsh_unload() {
  trap '' INT
  __awsh_put_back
  __awsh_kind='' __awsh_who='' __awsh_label='' __awsh_renew=0 __awsh_expires=0 __awsh_protected='' __awsh_state=''
  [[ -z $__awsh_lost || -n $quiet ]] || __awsh_say "only the shell that this one was started from still has your own $__awsh_lost"
  [[ -z $__awsh_lost ]] || __awsh_above=$__awsh_lost
  __awsh_lost=()
}

# Makes sure that no SDK finds credentials: sets a profile that does not exist, and turns off
# instance roles. $1 is the text of the segment, $2 the profile's region if it is known. Without a
# region some SDKs would report that instead; a region of the user's own stays.
__awsh_block() {
  trap '' INT
  local value region=${2:-awsh-blocked}
  local -a names lines=('AWS_PROFILE awsh-blocked' 'AWS_EC2_METADATA_DISABLED true')
  __awsh_place='' __awsh_who=$__awsh_pin __awsh_expires=0 __awsh_protected=''
  __awsh_call_it "$1"
  __awsh_release_exec
  __awsh_put_back
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$region}}
  ! __awsh_encode "$region" || lines+=("AWS_REGION $value")
  ! __awsh_encode "${AWS_DEFAULT_REGION:-$region}" || lines+=("AWS_DEFAULT_REGION $value")
  names=(${lines%% *})
  __awsh_put blocked
}

# Sets the label of the segment to $1, with a ? for each character that no prompt should show.
__awsh_call_it() {
  # The segment counts down to the end of a time box by itself, so the suffix ` 15m@tk3b9c`, which
  # is for shells, is removed, as is the reason (` why=T1BTLTQy`).
  __awsh_label=${${${1% why=*}% [0-9]*[hms]@??????}//[^A-Za-z0-9_.@+=,:\/ -]/?}
}

# --- other tools (direnv, mise) -------------------------------------------------------------------

# As in awsh.bash: what awsh has loaded is removed before direnv and mise run (__awsh_before) and
# set again afterwards (__awsh_step_back), unless they have set credentials, a profile or a region
# themselves. __awsh_seen: the values before the tools ran. __awsh_base: for a claimed variable, the
# value before the claim. __awsh_by: the tool that claimed it. __awsh_emptied: whether the claim was
# to unset it.

# Runs in front of the tools' own functions, wherever they are called.
__awsh_before() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  ((! ${+compstate})) || return 0
  # Still open: ^C ended a tool. What it has set by then is still its claim.
  [[ -z $__awsh_open ]] || return 0
  if [[ -z $__awsh_hush ]] && __awsh_ran_unseen; then
    __awsh_step_aside_late
    return 0
  fi
  if __awsh_is_displaced; then __awsh_yield_to_user; fi
  __awsh_open=1 __awsh_settled=''
  if (($#__awsh_set)); then
    __awsh_take_aside
  elif (($#__awsh_displaced)); then
    # Now, because it would look like a claim of the tools after them.
    __awsh_restore_displaced
  fi
  [[ -z $__awsh_hush ]] || __awsh_ask_mise
  __awsh_look_around
  return 0
}

# Succeeds if a tool has run unnoticed: it was loaded, or called by the user, while awsh's values
# were set.
__awsh_ran_unseen() {
  [[ ${DIRENV_DIFF-} != "$__awsh_seen_direnv" || ${__MISE_DIFF-} != "$__awsh_seen_mise" ]]
}

# Like __awsh_before, after an unnoticed run. The values that the tool has seen and will put back
# are known from the records of displaced values. What was set before the tool ran is what was set
# before awsh.
__awsh_step_aside_late() {
  __awsh_open=1 __awsh_settled=''
  ((! $#__awsh_set)) || __awsh_note_unseen
  __awsh_run_tools_again
  return 0
}

__awsh_note_unseen() {
  local name late=1
  __awsh_gone_set=($__awsh_set) __awsh_gone_had=("${(@kv)__awsh_had}") __awsh_gone_was=("${(@kv)__awsh_was}")
  __awsh_note_displaced
  # A pinned profile is loaded again, because a part of it was replaced.
  ((! $#__awsh_displaced)) || __awsh_place=''
  for name in $__awsh_claimable; do
    if [[ $__awsh_had[$name] == (exported|plain) ]]; then
      __awsh_seen[$name]=$__awsh_was[$name]
    elif ((${${__awsh_set%% *}[(Ie)$name]})); then
      __awsh_seen[$name]=''
    fi
  done
  __awsh_take_aside
}

# A tool has evaluated its file while awsh's values were set, would do so each time, and has not
# seen what awsh had unset. So its own hook is run twice: once as outside of all projects, to undo
# the first run, and once here. Variables set between the two are the user's, and no claim. No
# locals here, because the tools set variables.
__awsh_run_tools_again() {
  [[ $PWD == /?* && $PWD -ef . ]] || return 0
  __awsh_again=''
  if [[ ${__MISE_DIFF-} != "$__awsh_seen_mise" ]]; then
    [[ -n ${__MISE_DIFF-} && ${+functions[_mise_hook]} == 1 ]] || return 0
    __awsh_again=mise
  fi
  if [[ ${DIRENV_DIFF-} != "$__awsh_seen_direnv" ]]; then
    [[ -n ${DIRENV_DIFF-} && ${+functions[_direnv_hook]} == 1 ]] || return 0
    __awsh_again+=direnv
  fi
  __awsh_left=$PWD __awsh_left_old=${OLDPWD-}
  trap '' INT
  {
    if builtin cd -q /; then
      [[ $__awsh_again != mise* ]] || _mise_hook 2>/dev/null
      [[ $__awsh_again != *direnv ]] || _direnv_hook 2>/dev/null
    fi
  } always {
    # direnv has changed the trap back.
    trap '' INT
    # For `cd -`, zsh notes where it was, and does not read OLDPWD.
    [[ ! -d $__awsh_left_old ]] || builtin cd -q -- $__awsh_left_old
    builtin cd -q -- $__awsh_left && OLDPWD=$__awsh_left_old
  }
  ((! $#__awsh_displaced)) || __awsh_restore_displaced
  __awsh_look_around
  [[ $__awsh_again != *direnv ]] || _direnv_hook
  [[ $__awsh_again != mise* ]] || _mise_hook
}

# If ^C has ended a tool, and with it the functions after it, no command runs without the
# credentials of this directory.
__awsh_before_command() {
  [[ -n $__awsh_open ]] || return 0
  emulate -L zsh -o no_xtrace
  __awsh_precmd 1
  return 0
}

# mise sets its variables while the rc file is read, possibly before awsh is loaded. At the first
# prompt mise is asked what it would set outside of all projects: each variable that differs from
# that here is its claim.
__awsh_ask_mise() {
  local name line all=''
  local -a lines
  __awsh_seen_mise=${__MISE_DIFF-}
  [[ -n ${__MISE_DIFF-} ]] || return 0
  for name in $__awsh_claimable; do all+=${(P)name-}; done
  # Even if nothing is set, mise may have unset a variable.
  [[ -n $all ]] || (($#__MISE_DIFF > 40)) || return 0
  lines=("${(@f)$(mise -C / hook-env -s bash </dev/null 2>/dev/null)}")
  [[ $__awsh_mode != exec || -z ${(M)lines:#(unset AWS_ACCESS_KEY_ID|export AWS_ACCESS_KEY_ID=*)} ]] || __awsh_leave_keys_to_mise
  for line in "${(@)lines}"; do
    for name in $__awsh_claimable; do
      case $line in
        # A pinned profile is loaded again, because mise has changed a part of what the parent shell
        # had loaded.
        "unset $name") __awsh_base[$name]='' __awsh_by[$name]=mise __awsh_place='' ;;
        "export $name="*)
          line=${${line#*=}#\'}
          __awsh_base[$name]=${line%\'} __awsh_by[$name]=mise __awsh_place=''
          [[ -n ${(P)name-} ]] || __awsh_emptied[$name]=1
          __awsh_note_found $name "${line%\'}"
          ;;
      esac
    done
  done
}

# mise was loaded before awsh and has replaced the keys that `exec` gave this shell: what was taken
# aside as exec's keys is mise's. Shares `lines`, what mise would set outside of all projects: exec's
# keys, or the user's (which are no session) if mise has run in the parent shell, too.
__awsh_leave_keys_to_mise() {
  local value
  if (($#__awsh_set)); then
    __awsh_take_aside
    __awsh_open=1
    __awsh_look_around
  fi
  line=${__awsh_kept[(r)AWS_ACCESS_KEY_ID *]}
  __awsh_issued=(${__awsh_issued:#${line#* }}) __awsh_tails=()
  for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do
    # A token that mise has not touched is exec's.
    [[ -n ${(M)lines:#(unset $name|export $name=*)} ]] || continue
    line=${__awsh_kept[(r)$name *]}
    __awsh_kept=(${__awsh_kept:#$name *}) __awsh_exec_set=(${__awsh_exec_set:#$name *})
    if [[ -n $line ]]; then
      __awsh_decode "${line#* }"
      builtin export "$name=$value"
    fi
    line=${${lines[(r)export $name=*]#*=}#\'}
    [[ -z $line ]] || { __awsh_encode "${line%\'}" && __awsh_exec_set+=("$name $value"); }
  done
  [[ -n ${(M)__awsh_exec_set:#AWS_ACCESS_KEY_ID ASIA*} ]] ||
    __awsh_exec_set=(${__awsh_exec_set:#AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN) *})
  __awsh_look_around
}

# mise has found the value $2 of $1 when this shell started, and will put it back. If a parent shell
# of awsh's had set it, that is noted like a value that was set over awsh's.
__awsh_note_found() {
  local value now=-
  local -a set=($__awsh_set)
  local -A had=("${(@kv)__awsh_had}") was=("${(@kv)__awsh_was}")
  (($#set)) || set=($__awsh_gone_set) had=("${(@kv)__awsh_gone_had}") was=("${(@kv)__awsh_gone_was}")
  __awsh_encode "$2" && (($set[(Ie)$1 $value])) || return 0
  ((! ${(P)+1})) || now="=${(P)1}"
  __awsh_displaced[$1]=$now __awsh_displaced_made[$1]="=$2" __awsh_displaced_set=($set)
  __awsh_displaced_had[$1]=${had[$1]-} __awsh_displaced_was[$1]=${was[$1]-}
}

# Removes what is loaded; it will be set again.
__awsh_take_aside() {
  trap '' INT
  local name value types
  local -a ours
  __awsh_find_ours
  __awsh_kept=()
  for name in $__awsh_set; do
    ((! $ours[(Ie)${name%% *}])) || __awsh_kept+=($name)
  done
  for name in $__awsh_secrets_set; do
    ((${(P)+name} && $ours[(Ie)$name])) && __awsh_encode "${(P)name}" && __awsh_kept+=("$name $value")
  done
  __awsh_put_back
}

# Sets the removed values again.
__awsh_put_again() {
  local -a lines=($__awsh_kept) names=(${__awsh_kept%% *})
  __awsh_put $__awsh_kind
}

# Runs after the tools. Notes their claims, and sets the caller's `claimed` if they differ from
# before.
__awsh_step_back() {
  local name seen tool=''
  # A value that a tool has put back may be awsh's own.
  ((! $#__awsh_displaced || $#__awsh_set)) || __awsh_restore_displaced tools
  # In a nested shell, or if .zshrc was read again, mise has found awsh's token beside keys that it
  # had unset before.
  if [[ -n ${AWS_SESSION_TOKEN-} && " $__awsh_found_tail ${__awsh_tails[AWS_SESSION_TOKEN]-} " == *" ${AWS_SESSION_TOKEN: -6} "* ]] &&
    ((! $#__awsh_set && ! $__awsh_issued[(Ie)${AWS_ACCESS_KEY_ID:--}])); then
    builtin unset -v AWS_SESSION_TOKEN
  fi
  __awsh_open='' __awsh_stood=${PWD-}
  [[ ${__MISE_DIFF-} == "$__awsh_seen_mise" ]] || tool=mise
  # If direnv has unloaded its directory, a new value is not its claim.
  [[ ${DIRENV_DIFF-} == "$__awsh_seen_direnv" || (-n $tool && -z ${DIRENV_DIFF-}) ]] || tool=direnv${tool:+_or_mise}
  for name in $__awsh_claimable; do
    seen=${__awsh_seen[$name]-}
    [[ ${(P)name-} != "$seen" ]] || continue
    claimed=1 __awsh_seen[$name]=${(P)name-}
    if ! __awsh_is_claimed $name; then
      # direnv has unloaded, and its values came from a parent shell.
      [[ $tool != direnv || -n ${DIRENV_DIFF-} ]] || continue
      __awsh_base[$name]=$seen
    fi
    __awsh_by[$name]=${tool:-${__awsh_by[$name]-}}
    __awsh_emptied[$name]=''
    [[ -n ${(P)name-} ]] || __awsh_emptied[$name]=1
    # The value is as before the claim: the tool has unloaded.
    [[ ${(P)name-} != "$__awsh_base[$name]" ]] || builtin unset "__awsh_base[$name]"
  done
  # direnv has put back all that it had set: what is left is the user's.
  if [[ -n $__awsh_seen_direnv && -z ${DIRENV_DIFF-} ]]; then
    for name in $__awsh_claimable; do
      [[ ${__awsh_by[$name]-} != direnv ]] || builtin unset "__awsh_base[$name]"
    done
  fi
  __awsh_seen_direnv=${DIRENV_DIFF-} __awsh_seen_mise=${__MISE_DIFF-}
}

# Sets __awsh_foreign to the variable that another tool or the user has set where awsh would load a
# profile, or to nothing; and __awsh_tool to the tool's name, if it is known. Tools do not override
# a profile that the user has pinned. Shares __awsh_look's locals.
__awsh_find_foreign() {
  local name
  __awsh_foreign='' __awsh_tool=''
  if [[ -n $__awsh_typed ]]; then
    name=${__awsh_typed%%=*}
    if [[ $place == "$__awsh_typed_at" && ${(P)name-} == "${__awsh_typed#*=}" ]]; then
      __awsh_foreign=$name
      return
    fi
    __awsh_typed=''
  fi
  [[ $__awsh_mode == (auto|exec) && -n $wanted ]] && (($#__awsh_base)) || return 0
  for name in $__awsh_claimable; do
    # direnv set keys that only the parent shell still has. They are direnv's until it unloads.
    if [[ $name == AWS_ACCESS_KEY_ID && -z ${(P)name-} && " $__awsh_lost $__awsh_above " == *' AWS_ACCESS_KEY_ID '* &&
      ${__awsh_by[$name]-} == direnv* && -n ${DIRENV_DIR-} && ${PWD-}/ == "${DIRENV_DIR#-}"/* ]] && __awsh_is_claimed $name; then
      __awsh_foreign=$name __awsh_tool=$__awsh_by[$name]
      return 0
    fi
    # If a tool has unset a variable and it has a value again, the user has set it.
    [[ -n ${(P)name-} && -z $__awsh_emptied[$name] ]] && __awsh_is_claimed $name && [[ ${(P)name} != "$__awsh_base[$name]" ]] || continue
    # After a cd that chpwd does not see, direnv runs at the prompt. Outside of its directory it
    # will put the old value back.
    [[ ${__awsh_by[$name]-} != direnv* || ${PWD-} == "$__awsh_stood" || (-n ${DIRENV_DIR-} && ${PWD-}/ == "${DIRENV_DIR#-}"/*) ]] || continue
    __awsh_foreign=$name __awsh_tool=${__awsh_by[$name]-}
    return 0
  done
}

# Succeeds if a tool has claimed $1. Under ksh_zero_subscript, which `emulate` leaves on,
# `${+name[key]}` is always 1.
__awsh_is_claimed() {
  [[ " ${(k)__awsh_base} " == *" $1 "* ]]
}

# Succeeds if something has changed what awsh loaded. Sets __awsh_displaced_by to the variable that
# shows it, or to `secret`.
__awsh_is_displaced() {
  [[ -n $__awsh_kind ]] && (($#__awsh_set)) || return
  local name
  if [[ ${AWS_PROFILE-} != "$__awsh_profile" ]]; then
    __awsh_displaced_by=AWS_PROFILE
    return 0
  elif [[ ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id" ]]; then
    __awsh_displaced_by=AWS_ACCESS_KEY_ID
    return 0
  fi
  [[ -n $__awsh_key_id ]] || return
  # Usually nothing has changed; this test finds that out faster.
  [[ -z ${AWS_ROLE_ARN-}${AWS_CONTAINER_CREDENTIALS_FULL_URI-}${AWS_SECURITY_TOKEN-} && ${AWS_ENDPOINT_URL-} == "$__awsh_endpoint" &&
    "${AWS_SECRET_ACCESS_KEY: -6} ${AWS_SESSION_TOKEN: -6}" == "${__awsh_tails[AWS_SECRET_ACCESS_KEY]-} ${__awsh_tails[AWS_SESSION_TOKEN]-}" ]] &&
    return 1
  for name in AWS_ROLE_ARN AWS_CONTAINER_CREDENTIALS_FULL_URI; do
    __awsh_displaced_by=$name
    [[ -z ${(P)name-} ]] || return 0
  done
  __awsh_displaced_by=AWS_ENDPOINT_URL
  [[ ${AWS_ENDPOINT_URL-} == "$__awsh_endpoint" ]] || return 0
  __awsh_displaced_by=secret
  [[ -z ${AWS_SECURITY_TOKEN-} ]] || return 0
  for name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do
    [[ -z ${__awsh_tails[$name]-} || ${${(P)name-}: -6} == "$__awsh_tails[$name]" ]] || return 0
  done
  return 1
}

# Something other than a tool's hook, probably the user, has replaced a loaded value, so everything
# that awsh loaded is removed. If the new access key id is one that awsh set earlier, or if only a
# secret has changed, it is not a choice of the user's, and the directory's profile is loaded again.
__awsh_yield_to_user() {
  trap '' INT
  local name=$__awsh_displaced_by at=${__awsh_place#foreign * }
  # What a startup file sets after the hook is treated like what it sets before.
  [[ $__awsh_kind != exec || -z $__awsh_hush ]] || name=secret
  # mise, which ran before awsh in this shell, has unset what a parent shell had loaded.
  [[ -z $__awsh_hush || -z ${__MISE_DIFF-} || -n ${AWS_ACCESS_KEY_ID-} ]] || name=secret
  if [[ ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id" ]] && (($__awsh_issued[(Ie)${AWS_ACCESS_KEY_ID:--}])); then
    __awsh_scrub
    __awsh_place=''
  elif [[ $name == secret ]]; then
    __awsh_put_back
    __awsh_place=''
  else
    __awsh_put_back
    __awsh_typed="$name=${(P)name-}" __awsh_typed_at=$at
    __awsh_note_displaced
  fi
  __awsh_kind='' __awsh_key_id='' __awsh_profile=''
}

# Notes the variables that were set over awsh's values, by name: the present value and awsh's value
# (`=VALUE`, or - for unset), and the value before awsh. The program that set them (a virtualenv,
# for example) may have noted awsh's value to put it back later.
__awsh_note_displaced() {
  local name now
  local -a lines=($__awsh_gone_set)
  local -A made
  [[ "$lines" != *%* ]] || __awsh_decode_lines
  for name in ${(k)__awsh_gone_had}; do made[$name]=-; done
  for name in "${(@)lines}"; do made[${name%% *}]="=${name#* }"; done
  __awsh_displaced=() __awsh_displaced_made=() __awsh_displaced_set=($__awsh_gone_set)
  __awsh_displaced_had=("${(@kv)__awsh_gone_had}") __awsh_displaced_was=("${(@kv)__awsh_gone_was}")
  for name in ${(k)made}; do
    (($__awsh_secret[(Ie)$name])) && continue
    now=-
    ((! ${(P)+name})) || now="=${(P)name}"
    # A variable that is not set was removed by awsh, unless a tool has unset it.
    [[ $now != "$made[$name]" && ($now != - || -n ${late-}) ]] || continue
    __awsh_displaced[$name]=$now __awsh_displaced_made[$name]=$made[$name]
  done
}

# If a recorded variable has awsh's value again, restores what was set before awsh. If the access
# key id came back, everything that awsh set with it may have come back too. $1 is not empty if only
# direnv and mise have run since __awsh_look_around.
__awsh_restore_displaced() {
  trap '' INT
  local name now
  local -a back
  for name in ${(k)__awsh_displaced}; do
    now=-
    ((! ${(P)+name})) || now="=${(P)name}"
    [[ $now != "$__awsh_displaced[$name]" ]] || continue
    if [[ $now == - && -n ${1-} && -n ${__awsh_seen[$name]-} ]] && ! __awsh_is_claimed $name; then
      : # A tool has unset what the user had set: that is its claim.
    elif [[ $now == - && $__awsh_displaced[$name] == "=${__awsh_displaced_was[$name]-}" && -n ${__awsh_displaced_had[$name]-} ]]; then
      : # The user has unset the very value that awsh would restore.
    elif [[ $now == "$__awsh_displaced_made[$name]" ]]; then
      back+=($name)
      [[ $name != AWS_ACCESS_KEY_ID ]] || back+=(AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)
    fi
    builtin unset "__awsh_displaced[$name]"
  done
  for name in $back; do
    builtin unset -v $name
    # If a tool has claimed it, restore the value before the claim, because awsh may have found the
    # tool's value there. The value that mise found in a parent shell was awsh's.
    if __awsh_is_claimed $name && [[ "=$__awsh_base[$name]" == "${__awsh_displaced_made[$name]-}" ]]; then
      __awsh_base[$name]=${__awsh_displaced_was[$name]-}
    fi
    if __awsh_is_claimed $name && [[ ${__awsh_displaced_had[$name]-} == plain ]]; then
      # A value that was not exported was never seen by a tool, so the variable stays unset, as it
      # would without awsh.
      continue
    elif __awsh_is_claimed $name && [[ ${__awsh_displaced_was[$name]-} != "$__awsh_base[$name]" ]]; then
      [[ -z $__awsh_base[$name] ]] || builtin export "$name=$__awsh_base[$name]"
    else
      __awsh_give $name "${__awsh_displaced_had[$name]-}" "${__awsh_displaced_was[$name]-}"
    fi
  done
  (($back[(Ie)AWS_ACCESS_KEY_ID])) || return 0
  __awsh_set=($__awsh_displaced_set) __awsh_had=("${(@kv)__awsh_displaced_had}") __awsh_was=("${(@kv)__awsh_displaced_was}")
  __awsh_put_back
}

# Adds the tools' claims to the caller's `saved`; child shells would otherwise take them for the
# user's own values.
__awsh_save_claims() {
  local name value made
  for name in ${(k)__awsh_base}; do
    __awsh_encode "$__awsh_base[$name]" || continue
    saved+=("claim $name ${__awsh_by[$name]:--} $value" ${__awsh_emptied[$name]:+"emptied $name"})
  done
  # The values of awsh's that a tool may put back in a child shell, and what was set before awsh.
  for name in ${(k)__awsh_displaced}; do
    __awsh_encode "$__awsh_displaced_made[$name]" && made=${value// /%20} || continue
    value=-
    [[ ${__awsh_displaced_had[$name]-} != exported || $name == AWS_ACCESS_KEY_ID ]] || __awsh_encode "=$__awsh_displaced_was[$name]" || value=-
    saved+=("back $name $made $value")
  done
}

# Tells child shells that awsh is off here, and what the tools have claimed.
__awsh_leave_off() {
  local -a saved
  __awsh_save_claims
  builtin export AWSH_LOADED="1 off $EUID - -" AWSH_SAVED="${(F)saved}"
  (($#saved)) || builtin unset -v AWSH_SAVED
}

# Leaves the directory to the tool or user that set __awsh_foreign, and tells child shells, in the
# same form as __awsh_leave_word.
__awsh_leave_to_others() {
  trap '' INT
  local name value where=-
  local -a saved
  result=1
  __awsh_unload
  # mise has put back exec's keys, and set something else.
  if [[ $__awsh_mode == exec && -n ${AWS_ACCESS_KEY_ID-} ]] && (($__awsh_exec_set[(Ie)AWS_ACCESS_KEY_ID $AWS_ACCESS_KEY_ID])); then
    builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  fi
  ! __awsh_encode "$file" || where=${value// /%20}
  [[ $text == '1 '* ]] && __awsh_encode "${text#1 }" && saved+=("key $value")
  __awsh_save_claims
  [[ -z $__awsh_typed ]] || ! __awsh_encode "$__awsh_typed" || saved+=("typed ${value/=/ }")
  [[ $__awsh_foreign != "$__awsh_readonly" ]] || saved+=("readonly $__awsh_foreign")
  __awsh_note_override
  builtin export AWSH_LOADED="1 overridden $EUID ${__awsh_pin:--} $where" AWSH_SAVED="${(F)saved}"
}

# --- requests -------------------------------------------------------------------------------------

# Sets __awsh_fixed, the part of each request that tells Node the environment this shell had when
# the hook was sourced. That environment decides which files awsh uses; what a directory has set
# since does not. $1 is AWSH_SAVED as it was then, if a parent shell has loaded something: for
# variables that awsh itself has set (AWS_CA_BUNDLE), the value before awsh counts. Values that
# cannot be encoded are left out.
__awsh_fix_environment() {
  local pair name value saved=$'\n'$1$'\n' was
  local -a fixed given
  for pair in "${(@)__awsh_given}"; do
    name=${pair%%=*}
    __awsh_encode "${pair#*=}" || continue
    if [[ $saved == *$'\n'"now $name $value"$'\n'* ]]; then
      was=${saved#*$'\n'was $name }
      [[ $was != "$saved" ]] || continue
      value=${was%%$'\n'*}
    fi
    ((! ${__awsh_sendable[(Ie)$name]})) || fixed+=("env $name $value")
    # The password in it would be sent before the agent has sent its proof (security rule 14), so
    # Node is asked instead.
    [[ ${(L)name} != *_proxy || $value != *@* ]] || __awsh_agent=''
    __awsh_decode "$value"
    given+=("$name=$value")
  done
  __awsh_fixed=($fixed) __awsh_given=("${(@)given}")
}

# Becomes the launcher, in a separate process, with the environment that the hook was given when it
# was sourced: what a directory has set since does not reach the launcher or its children. $1 is the
# request, or empty.
__awsh_become_launcher() {
  emulate -L zsh -o no_xtrace
  local __awsh_name
  for __awsh_name in ${(k)parameters[(R)*export*]}; do
    ((${__awsh_passable[(Ie)$__awsh_name]})) || typeset -g +x $__awsh_name
  done
  # A read-only variable cannot be set, and if it already has the value it need not be.
  for __awsh_name in $__awsh_given; do
    if [[ "${(P)${__awsh_name%%=*}}" == "${__awsh_name#*=}" ]]; then
      builtin export ${__awsh_name%%=*}
    else
      builtin export $__awsh_name
    fi
  done
  [[ -z $1 ]] || builtin export AWSH_REQUEST=$1
  builtin exec $__awsh_launcher ${@:2}
}

# Sets `request`; $1 is an additional line (renew 1, refresh 1) or empty. Fails if the request
# cannot be encoded.
__awsh_request() {
  local value=$PWD
  local -a lines=('load 1')
  if [[ $PWD == *[^\ -\$\&-~]* ]]; then __awsh_encode_folder || return; fi
  lines+=("cwd $value")
  if [[ $__awsh_mode == pin ]]; then
    __awsh_encode "$__awsh_pin" || return
    lines+=("pin $value")
  fi
  if [[ -z $moved && $__awsh_kind == (dir|pin) ]]; then
    __awsh_encode "$__awsh_who" && lines+=("loaded $value")
  fi
  lines+=(${1:+$1} ${quiet:+'quiet 1'})
  [[ -z $TTY || $TTY == *[^A-Za-z0-9/_.-]* ]] || lines+=("tty $TTY")
  lines+=($__awsh_fixed end)
  request=${(F)lines}
}

# Sets the caller's `value` to the folder where Node starts to look for the directory file. This is
# the current folder, or the folder of the file that was found if the rest of the current path is
# not valid text. Fails if the path of the file's folder is not valid text either.
__awsh_encode_folder() {
  local folder=/
  if __awsh_is_utf8 "$PWD" && __awsh_encode "$PWD"; then return; fi
  [[ $__awsh_mode != auto || $file == /.awsprofile ]] || folder=${file%/.awsprofile}
  __awsh_encode "$folder"
}

# Fails if $1 contains bytes that are not part of a UTF-8 character. (Node refuses the few cases
# that this accepts.)
__awsh_is_utf8() {
  setopt local_options no_multibyte
  local bytes=$1 more=$'[\x80-\xbf]'
  bytes=${bytes//[$'\xc2'-$'\xdf']${~more}/x}
  bytes=${bytes//[$'\xe0'-$'\xef']${~more}${~more}/x}
  bytes=${bytes//[$'\xf0'-$'\xf4']${~more}${~more}${~more}/x}
  [[ $bytes != *[$'\x80'-$'\xff']* ]]
}

# The path of the directory file's folder cannot be sent, so neither this file nor one further up is
# used.
__awsh_refuse_folder() {
  __awsh_unload
  __awsh_call_it malformed
  result=11
  __awsh_note_state malformed "$__awsh_text_path" cd
}

# Requests what this directory asks for and takes the answer. $1 as in __awsh_request. Sets
# `result`, an exit status.
__awsh_ask() {
  local request reply='' proof waits=$__awsh_waits line
  local -i code=1
  if [[ $__awsh_mode == exec ]]; then
    __awsh_put_exec
    return
  fi
  __awsh_waits=''
  [[ $1 != 'renew 1' ]] || known="$__awsh_state $__awsh_reason"
  # Whatever the answer is, and even after ^C, wait before the next question.
  __awsh_retry_later
  if __awsh_request "$1"; then
    if [[ $1 == 'renew 1' && $waits == person ]]; then
      # Another terminal may have answered the question, and the agent knows it; nothing else has
      # changed.
      __awsh_renew=1 __awsh_waits=person
      [[ -n $__awsh_agent ]] && __awsh_ask_agent && [[ $reply == "$proof ok "* ]] && __awsh_take
      return 0
    fi
    if [[ -n $__awsh_agent && $1 != 'refresh 1' ]] && __awsh_ask_agent && __awsh_take; then return; fi
    if [[ -n $moved && $1 != 'use 1' ]]; then
      # The previous directory's credentials are removed before this long question, so that they
      # cannot stay after ^C.
      __awsh_block blocked
      __awsh_place=$place
      __awsh_state=blocked __awsh_reason=$__awsh_text_interrupted __awsh_todo=$__awsh_next_blocked
      __awsh_since=$EPOCHSECONDS
    fi
    if __awsh_ask_node && __awsh_take; then return; fi
  elif [[ $__awsh_mode == auto ]]; then
    __awsh_refuse_folder
    return
  fi
  result=1
  if [[ $1 == 'use 1' ]]; then
    kept=1
    return
  fi
  __awsh_block blocked
  line=$__awsh_text_unanswered
  __awsh_fill launcher "$__awsh_launcher"
  __awsh_note_state blocked "$line" "$__awsh_next_blocked"
}

# The warm path: asks the agent over loopback, with builtins only. Sets `reply`, `proof`, `code`.
# Fails if there is no agent, if it does not have the session, or in any doubt; the cold path is
# taken then.
__awsh_ask_agent() {
  # ztcp puts the file descriptor into REPLY.
  local port token chunk REPLY=''
  local -F left=0.25 until
  ((EPOCHSECONDS >= __awsh_rest)) && __awsh_read_agent || return
  # If this is still set at the next prompt, ^C interrupted the call.
  __awsh_busy=1 reply=''
  until=$((EPOCHREALTIME + left))
  {
    if zmodload -e zsh/net/tcp && builtin ztcp 127.0.0.1 $port; then
      # The listener may already have closed the connection; without the trap, writing to it would
      # end a subshell. `emulate -L` in the caller makes this trap local.
      trap '' PIPE
      syswrite -o $REPLY -- "$token $request"$'\n'
      while ((left > 0 && $#reply < 65536)) && [[ $reply != *$'\nend\n' ]]; do
        sysread -i $REPLY -t $left -s 65536 chunk || break
        reply+=$chunk left=$((until - EPOCHREALTIME))
      done
    fi
  } always {
    [[ -z $REPLY ]] || builtin ztcp -c $REPLY
  } 2>/dev/null
  __awsh_busy=''
  # A refused connection is noticed at once and does not count against the agent that starts next.
  [[ -n $REPLY ]] || return
  if [[ $reply != "$proof "*$'\nend\n' ]]; then
    __awsh_rest_from_agent
    return 1
  fi
  __awsh_rest_seconds=10
  [[ $reply != "$proof cold "* ]] || return
  code=0
}

# Sets `port`, `token` and `proof` from the agent's state file: one line, `PORT PID VERSION TOKEN
# PROOF`. Fails if the file or its folder does not belong to this user, or if the line has another
# form.
__awsh_read_agent() {
  local line=''
  local -a part
  if [[ -n $__awsh_runtime ]]; then
    # As runtimeBase in Node. The folder is removed when the user logs out, and made again.
    __awsh_agent=${__awsh_lock:h}/agent
    [[ ! -d $__awsh_runtime || ! -O $__awsh_runtime || ! -w $__awsh_runtime || ! -x $__awsh_runtime ]] ||
      __awsh_agent=$__awsh_runtime/awsh/agent
  fi
  [[ -O ${__awsh_agent%/*} && -f $__awsh_agent && ! -L $__awsh_agent && -O $__awsh_agent && -r $__awsh_agent ]] || return
  sysread -s 300 line <$__awsh_agent
  # <state-line: npm run generate>
  [[ $line == *$'\n' ]] || return
  part=("${(@s: :)line%$'\n'}")
  port=$part[1] token=$part[4] proof=$part[5]
  [[ $#part == 5 && $port == [1-9]* && $#port -le 5 && $port == <1-65535> &&
    $part[2] == [1-9]* && $part[2] != *[^0-9]* && ${#part[2]} -le 10 &&
    -n $part[3] && $part[3] != *[^0-9A-Za-z.+-]* && ${#part[3]} -le 40 &&
    $#token$#proof == 6464 && "$token$proof" != *[^0-9a-f]* ]] || return
  # </state-line>
  [[ $part[3] == "$__awsh_version" ]] || ! __awsh_outdates $part[3]
}

# Succeeds if this awsh is newer than the agent of version $1. Node then answers and replaces that
# agent.
__awsh_outdates() {
  local -a ours=("${(@s:.:)${__awsh_version%%[-+]*}}") theirs=("${(@s:.:)${1%%[-+]*}}")
  local -i at
  [[ $#ours == 3 && $#theirs == 3 && "$ours$theirs" != *[^0-9\ ]* ]] || return
  for at in 1 2 3; do
    [[ $ours[at] == <0-9999> && $theirs[at] == <0-9999> ]] || return 1
    (( ours[at] == theirs[at] )) || return $(( ours[at] < theirs[at] ))
  done
  # A release is newer than its own release candidates.
  [[ ${__awsh_version%%+*} != *-* && ${1%%+*} == *-* ]]
}

# Sets __awsh_version from this package's package.json, $1, in the layout that npm writes; empty for
# any other layout.
__awsh_read_version() {
  local name='' own=''
  [[ -f $1 && -r $1 ]] || return 0
  { builtin read -r name && builtin read -r name && builtin read -r own } <$1
  own=${${own#*'"version": "'}%'",'}
  [[ $name != *'"name": "awsh",' || $own == *[^0-9A-Za-z.+-]* ]] || __awsh_version=$own
}

# An agent that hangs or gives a malformed answer is not asked for ten seconds, then for a minute
# each time.
__awsh_rest_from_agent() {
  __awsh_rest=$((EPOCHSECONDS + __awsh_rest_seconds)) __awsh_rest_seconds=60
}

# The cold path: one Node process in the foreground, which may ask the user on /dev/tty. Sets
# `reply`, `proof`, `code`.
__awsh_ask_node() {
  proof=-
  [[ -f $__awsh_launcher && -x $__awsh_launcher ]] || return
  if [[ -n $quiet ]]; then
    reply=$(__awsh_become_launcher "- $request" _load </dev/null 2>/dev/null)
  else
    reply=$(__awsh_become_launcher "- $request" _load </dev/null)
  fi
  code=$?
  [[ -n $reply ]]
}

# After a failure, asks again after ten seconds, then every minute.
__awsh_retry_later() {
  __awsh_renew=$((EPOCHSECONDS + __awsh_pause)) __awsh_pause=60
}

# Takes all of `reply`, or fails and takes nothing. Nothing is changed before the last line has been
# read.
__awsh_take() {
  local line value answer renew expires label protected='' state='' reason='' todo='' headline
  local -a says head names others may lines=("${(@f)reply}")
  [[ -n $lines[-1] ]] || lines[-1]=()
  [[ $lines[-1] == end && ${(j::)lines} != *[[:cntrl:]]* ]] || return

  head=("${(@s: :)lines[1]}")
  [[ $head[1] == "$proof" && $#head -ge 4 ]] || return
  answer=$head[2] renew=$head[3] label=${(j: :)head[4,-1]}
  if [[ $label == *%* ]]; then
    __awsh_decode "$label"
    label=$value
  fi

  # Nearly all lines are variables, which are checked together.
  others=("${(@)lines[2,-2]:#set [A-Z]* *}")
  lines=(${${(M)lines:#set [A-Z]* *}#set })
  names=(${lines%% *})
  may=($__awsh_blocking)
  [[ $answer != ok ]] || may=($__awsh_settable)
  [[ "${(u)names}" == "$names" ]] || return
  may=(${names:|may})
  # The endpoint of a single service is allowed, too.
  ((! $#may)) || [[ $answer == ok && -z ${may:#AWS_ENDPOINT_URL_[A-Z0-9_]*} && "$may" != *[^A-Z0-9_\ ]* ]] || return
  expires=${${lines[(r)AWSH_EXPIRES *]:-AWSH_EXPIRES 0}#* }
  __awsh_number "$renew" "$expires" || return
  for line in "${(@)others}"; do
    value=${line#* }
    [[ $value != *%* ]] || __awsh_decode "$value"
    case $line in
      'unset '*) __awsh_managed "$value" || return ;;
      'say '*) says+=("$value") ;;
      'protected 1') protected=1 ;;
      # Directory files are opened without waiting, so this line changes nothing.
      'shared 1') ;;
      'state '*) state=$value ;;
      'reason '*) reason=$value ;;
      'next '*) todo=$value ;;
      *) return 1 ;;
    esac
  done
  # Only a reply without credentials gives a reason.
  if [[ $answer == (ok|none|keep) ]]; then
    [[ -z "$state$reason$todo" ]] || return
  else
    __awsh_headline "$state" && [[ -n $reason && $#says == 0 ]] || return
  fi

  if [[ -n ${in_exec-} ]]; then
    __awsh_take_in_exec
    return
  fi
  __awsh_place=''
  case $answer in
    ok)
      (($names[(Ie)AWS_ACCESS_KEY_ID] && $names[(Ie)AWS_SECRET_ACCESS_KEY])) || return
      __awsh_state='' __awsh_who=$label __awsh_expires=$((10#$expires)) __awsh_protected=$protected
      __awsh_call_it "$label"
      if [[ $__awsh_mode == pin ]]; then __awsh_put pin; else __awsh_put dir; fi
      result=0
      ;;
    none)
      __awsh_unload
      result=0
      ;;
    keep)
      kept=1 result=3
      return
      ;;
    deny)
      __awsh_unload
      __awsh_call_it "$label"
      result=11
      ;;
    # <blocking-statuses: npm run generate>
    blocked | person | confirm | wait | error)
    # </blocking-statuses>
      [[ "$lines" != *%* ]] || __awsh_decode_lines
      __awsh_block "$label" "${lines[(r)AWS_REGION *]#* }"
      result=1
      [[ $answer != person ]] || result=6
      ;;
    *) return 1 ;;
  esac
  ((result == 0 || code == 0)) || result=$code
  __awsh_renew=$((10#$renew)) __awsh_pause=10
  # A time in the past would mean a question at each prompt.
  if ((__awsh_renew > 0 && __awsh_renew <= EPOCHSECONDS)); then __awsh_retry_later; fi
  # A question is open in another terminal, or the user has to answer one. With an agent, looks for
  # the answer at each prompt; without one, after two seconds.
  if [[ $answer == (wait|person) ]]; then
    if [[ -n $__awsh_agent ]] && ((EPOCHSECONDS >= __awsh_rest)); then
      __awsh_waits=$answer __awsh_renew=1
    elif [[ $answer == wait ]]; then
      __awsh_renew=$((EPOCHSECONDS + 2))
    fi
  fi
  # Unless it is no longer true, because a variable is read-only.
  [[ -z $state || -n $__awsh_readonly ]] || __awsh_note_state "$state" "$reason" "$todo"
  for line in "${(@)says}"; do [[ -n $quiet ]] || __awsh_say "$line"; done
}

# Takes a reply in a shell that `exec` started: new credentials replace the old ones. Without new
# credentials the old ones stay.
__awsh_take_in_exec() {
  for line in "${(@)says}"; do __awsh_say "$line"; done
  if [[ $answer != ok ]] || ((!$names[(Ie)AWS_ACCESS_KEY_ID] || !$names[(Ie)AWS_SECRET_ACCESS_KEY])); then
    result=$((code > 0 ? code : 1))
    __awsh_say 'there are no new keys: this shell keeps those it has' "$reason" "$todo"
    return 0
  fi
  builtin unset -v AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
  # Only older versions of aws-vault set AWS_SESSION_EXPIRATION. The region stays.
  lines=(${(M)lines:#AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CREDENTIAL_EXPIRATION${AWS_SESSION_EXPIRATION+|SESSION_EXPIRATION}) *})
  [[ "$lines" != *%* ]] || __awsh_decode_lines
  builtin export "${(@)lines/ /=}"
  __awsh_exec_expires=$((10#$expires)) result=0
  __awsh_note_exec
  __awsh_put_exec
}

# --- idle prompts ---------------------------------------------------------------------------------

# Succeeds if another tool or the user has set a variable where awsh would load a profile.
__awsh_overridden() {
  [[ -n $__awsh_foreign ]]
}

# --- the segment ----------------------------------------------------------------------------------

# Sets AWSH_SEGMENT (`dev 42m`) for any prompt that shows it; psvar[40] with __awsh_shown, which
# refers to it; and __awsh_next, the time at which the text changes.
__awsh_describe() {
  # The minutes must be integers; `emulate` leaves this option as it is.
  setopt no_force_float
  local show='' left='' colour=green marked=''
  local -i seconds
  __awsh_next=999999999999
  case $__awsh_mode in
    exec)
      __awsh_call_it "$__awsh_exec"
      __awsh_expires=$__awsh_exec_expires
      ;;
    pin | off) __awsh_mark_choice ;;
  esac
  show=$__awsh_label
  if __awsh_overridden; then
    show=overridden colour=yellow
  elif [[ $__awsh_kind == blocked || -n $__awsh_protected || (-z $__awsh_kind && $__awsh_mode != (off|exec)) ]]; then
    colour=red
  elif [[ $marked == off ]]; then
    show=off colour=yellow
  fi
  if ((__awsh_expires > 0)) && [[ $show != overridden ]]; then
    seconds=$((__awsh_expires - EPOCHSECONDS))
    if ((seconds > 0)); then __awsh_next=$((EPOCHSECONDS + (seconds < 60 ? 0 : seconds % 60) + 1)); fi
    if ((seconds <= 0)); then
      show=expired
    elif ((seconds < 60)); then
      left=" ${seconds}s"
    elif ((seconds < 3600)); then
      left=" $((seconds / 60))m"
    else
      left=" $((seconds / 3600))h${(l:2::0:)$((seconds / 60 % 60))}m"
    fi
    # <soon-over: npm run generate>
    if ((seconds < 300)); then
      colour=red
    elif ((seconds < 900)) && [[ $colour == green ]]; then
      colour=yellow
    fi
    # </soon-over>
  fi
  [[ $marked$show == (*overridden|*expired|off*) ]] || left="${marked:+ $marked}$left"
  show=${show[1,40-$#left]}$left
  __awsh_shown=''
  if [[ -n $show ]]; then builtin export AWSH_SEGMENT=$show; else builtin unset -v AWSH_SEGMENT; fi
  [[ $show == "${psvar[40]-}" ]] || psvar[40]=$show
  [[ -n $show && ${AWSH_PROMPT-} != off ]] || return 0
  __awsh_shown='%40v'
  [[ -n ${NO_COLOR-} || ${TERM:-dumb} == dumb ]] || __awsh_shown="%F{$colour}%40v%f"
}

# Sets __awsh_describe's `marked` to `pinned` or `off` if the directory file asks for something
# other than the user's choice for this shell.
__awsh_mark_choice() {
  local line asks='' file text=''
  __awsh_find_file
  [[ -n $file ]] || return 0
  for line in "${(@f)${text//$'\r'/}}"; do
    line=${line#${line%%[^ ]*}}
    line=${line%${line##*[^ ]}}
    case $line in
      '' | '#'* | ';'*) ;;
      profile=* | profile\ *=*)
        asks=${line#*=}
        asks=${asks#${asks%%[^ ]*}}
        ;;
      *=*) ;;
      *) asks=$line ;;
    esac
    [[ -z $asks ]] || break
  done
  if [[ $__awsh_mode == off ]]; then marked=off; elif [[ $asks != "$__awsh_pin" ]]; then marked=pinned; fi
}

# --- the ticking segment --------------------------------------------------------------------------

# If AWSH_TICK is set, runs before each prompt: schedules the zsh/sched event that draws the segment
# again when its text changes. An event leaves $? and $_ as they are, but could not restore a
# pipestatus of several values.
__awsh_tick_later() {
  local -i pipes=${#pipestatus[@]}
  emulate -L zsh -o no_xtrace -o no_force_float
  local -i at=${zsh_scheduled_events[(I)*:__awsh_tick *]} left=$((__awsh_expires - EPOCHSECONDS))
  ((at == 0)) || builtin sched -$at
  ((pipes == 1 && left > 0)) && [[ "${PROMPT-}${RPROMPT-}" == *(%40v|AWSH_SEGMENT)* ]] || return 0
  # Not every second in the last minute, because some prompts start programs.
  builtin sched +$((left > 60 ? left % 60 + 1 : left > 5 ? 5 : left)) '__awsh_tick "$_"'
}

# The event. It only updates the time: nothing is requested while the user types a line. zsh itself
# restores the line, a menu or a search.
__awsh_tick() {
  local -i code=$?
  emulate -L zsh -o no_xtrace
  if zle; then
    __awsh_describe
    if ((__awsh_renew > 0 && __awsh_renew < __awsh_next)); then __awsh_next=$__awsh_renew; fi
    __awsh_draw
    zle .reset-prompt
    __awsh_tick_later
  fi
  return code
}

# --- registration ---------------------------------------------------------------------------------

# Runs at the first prompt, when everything that an rc file loads is present: a tool loaded after
# awsh has already run, unless __awsh_before has run first.
__awsh_join_tools() {
  if [[ -z $__awsh_open ]]; then
    __awsh_ask_mise
    [[ ${DIRENV_DIFF-} == "$__awsh_seen_direnv" ]] || __awsh_open=1
  fi
  __awsh_register_before
  __awsh_join_others
}

# Runs at a later prompt, if a tool may have been loaded or unloaded.
__awsh_join_late() {
  if [[ -z $__awsh_open ]] && __awsh_ran_unseen; then __awsh_step_aside_late; fi
  __awsh_register_late
}

# Moves awsh's functions to where they would be if the tools had been loaded first.
__awsh_register_late() {
  local tools='(_direnv_hook|_mise_hook*)'
  local -i at first
  local -a others tick
  tick=(${(M)precmd_functions:#__awsh_tick_later})
  others=(${precmd_functions:#__awsh_(before|precmd|draw|tick_later)})
  at=${others[(I)$~tools]-0} first=${others[(i)$~tools]-1}
  precmd_functions=(${others[1,first-1]} __awsh_before ${others[first,at]} __awsh_precmd ${others[at+1,-1]} __awsh_draw $tick)
  ((at)) || precmd_functions=(__awsh_precmd $others __awsh_draw $tick)
  others=(${chpwd_functions:#__awsh_(before|chpwd|chpwd_late)})
  at=${others[(I)$~tools]-0} first=${others[(i)$~tools]-1}
  chpwd_functions=(${others[1,first-1]} __awsh_before ${others[first,at]} __awsh_chpwd ${others[at+1,-1]} __awsh_chpwd_late)
  ((at)) || chpwd_functions=(__awsh_chpwd $others __awsh_chpwd_late)
  ((! ${precmd_functions[(Ie)__awsh_before]} || ${preexec_functions[(Ie)__awsh_before_command]-0})) ||
    preexec_functions=(__awsh_before_command $preexec_functions)
  __awsh_joined="$precmd_functions $chpwd_functions"
}

# Runs when .zshrc was read again and may have set these lists without awsh.
__awsh_register_again() {
  emulate -L zsh -o no_xtrace
  __awsh_register_late
  # Anything loaded again after awsh is handled at the next prompt.
  __awsh_settled='' __awsh_joined=''
  return 0
}

# Puts __awsh_before in front of direnv and mise, in each list of functions that contains them.
__awsh_register_before() {
  local -i at
  at=${precmd_functions[(I)_direnv_hook|_mise_hook*]-0}
  if ((at)) && ((! ${precmd_functions[(Ie)__awsh_before]})); then
    # Moves awsh's functions to where they would be if the tools had been loaded first.
    if ((at > ${precmd_functions[(Ie)__awsh_precmd]})); then
      # Between two tools, __awsh_draw would look and set the removed values again.
      precmd_functions=(${precmd_functions[1,at]:#(__awsh_precmd|__awsh_draw)} __awsh_precmd
        ${precmd_functions[at+1,-1]:#__awsh_draw} ${(M)precmd_functions:#__awsh_draw})
    fi
    at=${precmd_functions[(i)_direnv_hook|_mise_hook*]}
    precmd_functions=(${precmd_functions[1,at-1]} __awsh_before ${precmd_functions[at,-1]})
    preexec_functions=(__awsh_before_command $preexec_functions)
  fi
  at=${chpwd_functions[(I)_direnv_hook|_mise_hook*]-0}
  if ((at)) && ((! ${chpwd_functions[(Ie)__awsh_before]})); then
    if ((at > ${chpwd_functions[(Ie)__awsh_chpwd]})); then
      chpwd_functions=(${chpwd_functions[1,at]:#__awsh_chpwd} __awsh_chpwd ${chpwd_functions[at+1,-1]})
    fi
    at=${chpwd_functions[(i)_direnv_hook|_mise_hook*]}
    chpwd_functions=(${chpwd_functions[1,at-1]} __awsh_before ${chpwd_functions[at,-1]})
  fi
}

# --- the command ----------------------------------------------------------------------------------

# The verbs that change this shell, or that only this shell can answer.
__awsh_command() {
  case "${1-} $# ${2-}" in
    'use 2 --role-arn='* | 'use '[3-9]' '* | 'use 1'[0-9]' '*)
      # A role that no profile names: Node returns the word to pin.
      if [[ " $* " == *' -h '* || " $* " == *' --help '* ]]; then
        __awsh_launch "$@"
      else
        local word
        word=$(__awsh_become_launcher '' _pin "${@:2}") && [[ -n $word ]] && __awsh_use "$word"
      fi
      ;;
    'off 1 ') __awsh_switch off '' ;;
    'refresh 1 ') __awsh_refresh ;;
    'use 2 --auto') __awsh_switch auto '' ;;
    'use 2 -') __awsh_switch_back ;;
    'use 2 -'* | 'use 2 ') __awsh_launch "$@" ;;
    'use 2 '*) __awsh_use "$2" ;;
    'use 1 ')
      local name
      name=$(__awsh_become_launcher '' use) && [[ -n $name ]] && __awsh_use "$name"
      ;;
    allow\ * | deny\ * | init\ *) (__awsh_become_launcher '' "$@") && { __awsh_switch || : } ;;
    doctor\ * | status\ * | prompt\ *)
      local facts
      __awsh_tell_facts
      AWSH_HOOK=$facts __awsh_launch "$@"
      ;;
    uninstall\ *)
      __awsh_launch "$@" || return
      # After it no hook would take the loaded credentials out of this shell.
      [[ -x $__awsh_launcher ]] || __awsh_switch off ''
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

# Sets the caller's `facts` to what only this shell knows about itself; the form is in
# src/shell/shell-facts.ts.
__awsh_tell_facts() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  local run value
  local -a lines=("shell zsh $ZSH_VERSION")
  ! __awsh_encode "$__awsh_launcher" || lines+=("launcher $value")
  lines+=("version $__awsh_version" "word $__awsh_word")
  lines+=("mode $__awsh_mode" "kind $__awsh_kind")
  ! __awsh_encode "$__awsh_who" || lines+=("profile $value")
  if [[ -n $__awsh_state ]]; then
    lines+=("state $__awsh_state" "since $__awsh_since")
    ! __awsh_encode "$__awsh_reason" || lines+=("reason $value")
    ! __awsh_encode "$__awsh_todo" || lines+=("next $value")
  fi
  [[ -z $__awsh_foreign ]] || lines+=("foreign $__awsh_foreign")
  [[ -z $__awsh_tool ]] || lines+=("tool $__awsh_tool")
  [[ -z $__awsh_above ]] || lines+=("above $__awsh_above")
  [[ -z $__awsh_agent ]] || ! zmodload -e zsh/net/tcp || lines+=('agent 1')
  ((!${+_comps[awsh]})) || lines+=('completion 1')
  for run in $precmd_functions; do
    ! __awsh_encode "$run" || lines+=("runs $value")
  done
  lines+=(end)
  facts=${(F)lines}
}

# From now on this shell uses the profile $1 in every directory. If the profile cannot be found,
# nothing changes; the launcher reports why and may let the user choose another profile.
__awsh_use() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  local kept='' name
  local -i result
  __awsh_pin_to "$1"
  result=$?
  [[ -n $kept ]] || return $result
  name=$(__awsh_become_launcher '' use --check "$1") || return
  if [[ -n $name && $name != "$1" ]]; then
    kept=''
    __awsh_pin_to "$name"
    return
  fi
  __awsh_say 'nothing was changed' "no usable answer from $__awsh_launcher" 'awsh doctor'
  return 1
}

# Tries the profile $1 and pins it, unless the caller's `kept` says that nothing was changed.
__awsh_pin_to() {
  local before="$__awsh_mode $__awsh_pin"
  local -i result
  __awsh_try_pin "$1"
  result=$?
  if [[ -z $kept ]]; then
    [[ $before == "pin $1" ]] || __awsh_previous=$before
    __awsh_mode=pin __awsh_pin=$1
  fi
  return $result
}

# Mode and pin are locals here, so that ^C leaves the previous ones in place.
__awsh_try_pin() {
  local __awsh_mode=pin __awsh_pin=$1 old_place=$__awsh_place old_waits=$__awsh_waits
  local old_typed=$__awsh_typed old_foreign=$__awsh_foreign old_tool=$__awsh_tool
  local -i result old_renew=__awsh_renew old_pause=__awsh_pause
  __awsh_place='' __awsh_settled=''
  __awsh_precmd '' 'use 1'
  result=$?
  if [[ -n $kept ]]; then
    __awsh_typed=$old_typed __awsh_foreign=$old_foreign __awsh_tool=$old_tool
    __awsh_place=$old_place __awsh_waits=$old_waits __awsh_renew=$old_renew __awsh_pause=$old_pause
  fi
  return $result
}

# Sets what this shell follows: auto (its directory), off (nothing) or exec (what it was started
# with). Without $1: the same as before, loaded again.
__awsh_switch() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  if [[ $__awsh_mode == exec && ${1-} == off ]]; then
    __awsh_say "nothing was changed: this shell keeps the credentials of $__awsh_exec" "$__awsh_text_in_exec" exit
    return 2
  fi
  if (($# > 0)) && [[ "$__awsh_mode $__awsh_pin" != "$1 $2" ]]; then
    __awsh_previous="$__awsh_mode $__awsh_pin" __awsh_mode=$1 __awsh_pin=$2
  fi
  __awsh_place='' __awsh_settled='' __awsh_typed=''
  __awsh_precmd ''
}

__awsh_switch_back() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  if [[ $__awsh_previous == 'pin '* ]]; then
    __awsh_use "${__awsh_previous#* }"
  elif [[ -n $__awsh_previous ]]; then
    __awsh_switch "${__awsh_previous%% *}" ''
  else
    __awsh_say 'nothing was changed' 'nothing else was in use in this shell before' 'awsh use'
    return 2
  fi
}

__awsh_refresh() {
  emulate -L zsh -o no_xtrace
  [[ $FUNCNEST == [1-9][0-9][0-9]* ]] || local FUNCNEST=-1
  local -i result
  if [[ $__awsh_mode == exec ]]; then
    [[ $__awsh_typed != *= ]] || __awsh_typed=''
    __awsh_settled=''
    __awsh_precmd ''
    if [[ -n $__awsh_foreign ]]; then
      __awsh_say 'nothing was refreshed' "$__awsh_reason" "$__awsh_todo"
      return 1
    fi
    __awsh_refresh_exec
    return
  fi
  __awsh_precmd '' 'refresh 1'
  result=$?
  if [[ $__awsh_mode == off ]]; then
    __awsh_say 'nothing was refreshed' 'awsh is off in this shell' 'awsh use --auto'
    return 1
  elif [[ -z $__awsh_label$__awsh_foreign ]]; then
    __awsh_say 'nothing was refreshed' 'nothing is loaded here: no .awsprofile applies to this directory' 'awsh use'
    return 1
  fi
  return $result
}

# Notes what `exec` or aws-vault gave this shell, to set it again after another tool or the user had
# other credentials here: __awsh_exec_set, encoded `NAME VALUE` entries.
__awsh_note_exec() {
  local name value
  local -a names=(
    AWS_VAULT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
    AWS_SESSION_EXPIRATION AWS_REGION AWS_DEFAULT_REGION AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_ENDPOINT_URL ${(k)parameters[(I)AWS_ENDPOINT_URL_*]}
  )
  if [[ -z ${AWS_ACCESS_KEY_ID-} ]]; then
    # Programs would use these only if there were no keys.
    names+=(${(k)parameters[(I)AWS_CONTAINER_*]})
    [[ -n ${AWS_CONTAINER_CREDENTIALS_FULL_URI-} ]] || names+=(AWS_PROFILE)
  fi
  __awsh_exec_set=()
  for name in $names; do
    ((${(P)+name})) && __awsh_encode "${(P)name}" && __awsh_exec_set+=("$name $value")
  done
  # Older versions of aws-vault set the same token twice.
  [[ ${(t)AWS_SECURITY_TOKEN} != scalar* || ${(t)AWS_SECURITY_TOKEN} == *readonly* ||
    $AWS_SECURITY_TOKEN != "${AWS_SESSION_TOKEN-}" ]] || builtin unset -v AWS_SECURITY_TOKEN
  return 0
}

# Sets it, as the result of a load, so that everything that holds for a load holds for it too.
__awsh_put_exec() {
  local -a lines=($__awsh_exec_set) names=(${__awsh_exec_set%% *})
  __awsh_who='' __awsh_protected='' __awsh_state='' __awsh_renew=0
  __awsh_put exec
}

# From now on what `exec` gave this shell counts as the user's own: the user has chosen something
# else.
__awsh_release_exec() {
  [[ $__awsh_kind == exec ]] || return 0
  __awsh_issued=(${__awsh_issued:#$__awsh_key_id})
  __awsh_kind='' __awsh_key_id='' __awsh_profile=''
  __awsh_set=() __awsh_secrets_set=() __awsh_had=() __awsh_was=()
}

# In a shell that `exec` started: asks for new credentials of its profile. The region stays as it
# is.
__awsh_refresh_exec() {
  local __awsh_mode=pin __awsh_pin="$__awsh_exec${AWSH_REASON:+ why=$AWSH_REASON}" file='' quiet='' moved=1 in_exec=1 kept='' request reply='' proof
  local -i result=1 code=1
  if [[ -z ${AWS_ACCESS_KEY_ID-} ]]; then
    __awsh_say 'refresh: there is nothing to renew: programs here get their keys when they ask for them'
    return 0
  fi
  __awsh_settled=''
  if __awsh_request $'refresh 1\nexec 1' && __awsh_ask_node && __awsh_take; then return $result; fi
  __awsh_say 'there are no new keys' "no usable answer from $__awsh_launcher" 'awsh doctor'
  return 1
}

# --- start ----------------------------------------------------------------------------------------

# Splits AWSH_LOADED into the caller's `kind`, `uid`, `who` and `where`. Fails if its version is not
# 1.
__awsh_read_loaded() {
  local value
  local -a part=("${(@s: :)AWSH_LOADED}")
  [[ $#part == 5 && $part[1] == 1 ]] || return
  kind=$part[2] uid=$part[3]
  # A lone - means empty.
  __awsh_decode "${part[4]//\%20/ }" && who=${value#-}
  __awsh_decode "${part[5]//\%20/ }" && where=${value#-}
}

# Reads from AWSH_SAVED what a parent shell has loaded, so that this shell can undo it. Sets `text`.
__awsh_read_saved() {
  local line name value
  local -a lines
  for line in "${(@f)AWSH_SAVED-}"; do
    name=${${line#* }%% *}
    case $line in
      'key '*) __awsh_decode "${line#key }" && text="1 $value" ;;
      'protected 1') __awsh_protected=1 ;;
      'tail '*) __awsh_decode "${line#tail }" && __awsh_tails[AWS_SESSION_TOKEN]=$value __awsh_found_tail=$value ;;
      'claim '*' '*' '*)
        __awsh_decode "${line#claim * * }"
        if (($__awsh_claimable[(Ie)$name])); then
          __awsh_base[$name]=$value __awsh_by[$name]=${${${line#claim * }%% *}#-}
        fi
        ;;
      'emptied '*) ((! $__awsh_claimable[(Ie)$name])) || __awsh_emptied[$name]=1 ;;
      'back '*' '*' '*)
        # Each entry is `NAME MADE OWN`.
        if __awsh_managed "$name" && ((! $__awsh_secret[(Ie)$name])); then
          __awsh_decode "${${${line#back * }%% *}//\%20/ }"
          __awsh_displaced_made[$name]=$value __awsh_displaced[$name]="=${(P)name-}"
          ((${(P)+name})) || __awsh_displaced[$name]=-
          __awsh_decode "${line#back * * }"
          [[ $value != '='* ]] || __awsh_displaced_had[$name]=exported __awsh_displaced_was[$name]=${value#=}
        fi
        ;;
      'typed '*' '*)
        __awsh_decode "${line#typed * }"
        ((! $__awsh_claimable[(Ie)$name])) || __awsh_typed=$name=$value
        ;;
      'was '*' '*)
        __awsh_decode "${line#was * }"
        ! __awsh_managed "$name" || __awsh_had[$name]=exported __awsh_was[$name]=$value
        ;;
      'secret '*) ! __awsh_managed "$name" || __awsh_had[$name]=lost __awsh_lost+=($name) ;;
      'now '*' '*) ! __awsh_managed "$name" || lines+=("${line#now }") ;;
    esac
  done
  __awsh_set=($lines)
  __awsh_decode_lines
  __awsh_key_id=${lines[(r)AWS_ACCESS_KEY_ID *]#* } __awsh_profile=${lines[(r)AWS_PROFILE *]#* }
  __awsh_endpoint=${lines[(r)AWS_ENDPOINT_URL *]#* }
  [[ -z $__awsh_key_id ]] || __awsh_secrets_set=(AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)
}

# Handles the case that only a part of the parent shell's environment was inherited. If what awsh
# had set there is incomplete, or if nothing is known of it, it is removed; variables that every
# load replaces count as awsh's.
__awsh_check_inherited() {
  local name
  local -a names
  if [[ -n $__awsh_key_id ]]; then
    if [[ -z ${AWS_ACCESS_KEY_ID-} ]]; then
      names=(AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)
    elif [[ -z ${AWS_SECRET_ACCESS_KEY-} || (-n ${__awsh_tails[AWS_SESSION_TOKEN]-} && -z ${AWS_SESSION_TOKEN-}) ]]; then
      # It will be loaded again.
      __awsh_place=''
    fi
  elif (($#__awsh_set)) || [[ -n ${AWS_VAULT-} ]]; then
    return 0
  elif [[ -n ${AWSH_PROFILE-} && -n ${AWSH_EXPIRES-} ]]; then
    # <drop-identity: npm run generate>
    names=(
      AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
      AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWSH_LOADED AWSH_SEGMENT
      ${(k)parameters[(I)AWS_ENDPOINT_URL_*]}
    )
    # </drop-identity>
    # <themes: npm run generate>
    for name in AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE; do
    # </themes>
      [[ ${(P)name-} != "$AWSH_PROFILE" ]] || names+=($name)
    done
    [[ ${AWS_REGION-} != "${AWS_DEFAULT_REGION-}" ]] || names+=(AWS_REGION AWS_DEFAULT_REGION)
  elif [[ ${AWS_PROFILE-} == awsh-blocked ]]; then
    names=(AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SEGMENT)
    for name in AWS_REGION AWS_DEFAULT_REGION; do
      [[ ${(P)name-} != awsh-blocked ]] || names+=($name)
    done
  fi
  for name in $names; do
    [[ -z ${(tP)name} || ${(tP)name} == *readonly* ]] || builtin unset -v $name
  done
}

# Sets the caller's `value` to the epoch seconds of $1, a UTC time as AWS tools write it
# (2026-01-31T09:05:00Z). Fails for any other form.
__awsh_epoch_of() {
  setopt local_options extended_glob no_force_float
  [[ $1 == [0-9](#c4)-[0-9](#c2)-[0-9](#c2)T[0-9](#c2):[0-9](#c2):[0-9](#c2)(.[0-9]##|)(Z|+00:00) ]] || return
  # Counts years from March, so that a leap day is the last day of its year.
  local -i year=$((10#${1[1,4]})) month=$((10#${1[6,7]})) days
  ((month > 2)) || ((year -= 1, month += 12))
  days=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + 10#${1[9,10]} - 719469))
  value=$((days * 86400 + 10#${1[12,13]} * 3600 + 10#${1[15,16]} * 60 + 10#${1[18,19]}))
}

# Sets __awsh_exec_expires to the expiry of the credentials that `exec` or aws-vault gave this
# shell; 0 if they have none.
__awsh_find_exec_end() {
  local name value
  local -a now
  __awsh_exec_expires=0
  [[ -n ${AWS_ACCESS_KEY_ID-} ]] || return 0
  for name in AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION; do
    # aws-vault keeps the variables that awsh had set before.
    now=("$name ${(P)name-}")
    [[ -z ${now:*__awsh_set} ]] || builtin unset -v $name
    [[ -n ${(P)name-} ]] || continue
    if __awsh_epoch_of "${(P)name}"; then
      __awsh_exec_expires=$value
      return 0
    fi
  done
}

# Takes over what a parent shell has loaded. Fails if awsh must not act in this shell: it was
# started from another user's (sudo -E) or by a newer awsh.
__awsh_inherit() {
  local kind='' uid=$EUID who='' where='' text=''
  if [[ -n ${AWSH_LOADED-} ]]; then
    __awsh_read_loaded && [[ $uid == "$EUID" ]] || return
  fi
  __awsh_read_saved
  case "$kind:${__awsh_set:+records}" in
    off:*) __awsh_mode=off ;;
    overridden:*)
      [[ -z $who ]] || __awsh_mode=pin __awsh_pin=$who
      __awsh_typed_at="auto $where $text"
      [[ $__awsh_mode == auto ]] || __awsh_typed_at="pin $__awsh_pin"
      ;;
    dir:records | pin:records | blocked:records)
      __awsh_kind=$kind __awsh_who=$who
      if [[ -n $where ]]; then
        __awsh_place="auto $where $text"
      elif [[ -n $who ]]; then
        __awsh_mode=pin __awsh_pin=$who __awsh_place="pin $who"
      fi
      if [[ $kind == blocked ]]; then
        __awsh_label=blocked __awsh_renew=1
      else
        __awsh_call_it "$who"
        if __awsh_number "${AWSH_EXPIRES-}" && ((10#$AWSH_EXPIRES > 300)); then
          __awsh_expires=$((10#$AWSH_EXPIRES)) __awsh_renew=$((10#$AWSH_EXPIRES - 300))
        fi
      fi
      ;;
  esac
  __awsh_check_inherited
  # A shell started by `awsh exec` or aws-vault keeps its credentials in every directory.
  if [[ -n ${AWS_VAULT-} ]] && { [[ -z $__awsh_kind ]] || __awsh_is_displaced }; then
    __awsh_find_exec_end
    __awsh_set=() __awsh_secrets_set=() __awsh_had=() __awsh_was=() __awsh_kind='' __awsh_foreign='' __awsh_renew=0
    __awsh_mode=exec __awsh_place=exec __awsh_exec=$AWS_VAULT
    builtin unset -v AWSH_PROFILE AWSH_EXPIRES
    # It names the identity of exec, so another profile replaces it.
    __awsh_replaced+=(AWS_VAULT)
    __awsh_note_exec
    __awsh_put_exec
  fi
  [[ -z $__awsh_key_id ]] || __awsh_issued=($__awsh_key_id)
}

# --- the state of this shell ----------------------------------------------------------------------

# The pinned profile and the previous choice; the profile that `exec` or aws-vault gave this shell,
# and its expiry.
typeset -g __awsh_pin='' __awsh_previous='' __awsh_exec=''
typeset -gi __awsh_exec_expires=0
typeset -ga __awsh_exec_set=()
# What is loaded (dir, pin, blocked or nothing), its profile and expiry; the values that awsh itself
# compares; secrets that were set before and that only a parent shell can restore, and those that
# were noted as such before.
typeset -g __awsh_kind='' __awsh_who='' __awsh_protected='' __awsh_key_id='' __awsh_profile=''
typeset -gi __awsh_expires=0
typeset -ga __awsh_lost=()
typeset -g __awsh_above=''
# The access key ids that awsh has set in this shell, the last characters of the secrets it set
# last, and what it removed last.
typeset -ga __awsh_issued=() __awsh_gone_set=()
# The end of the token that a parent shell had loaded.
typeset -g __awsh_found_tail=''
typeset -gA __awsh_tails=() __awsh_gone_had=() __awsh_gone_was=() __awsh_kinds=() __awsh_raw=()
# About other tools: the directory where they ran last, the variables that the user set
# (`NAME=VALUE`), and where; the values removed while the tools run.
typeset -g __awsh_stood='' __awsh_typed='' __awsh_typed_at='' __awsh_again='' __awsh_left='' __awsh_left_old=''
typeset -ga __awsh_kept=()
typeset -gA __awsh_base=() __awsh_by=() __awsh_emptied=()
# What was set over awsh's values.
typeset -g __awsh_displaced_by='' __awsh_endpoint=''
typeset -ga __awsh_displaced_set=()
typeset -gA __awsh_displaced=() __awsh_displaced_made=() __awsh_displaced_had=() __awsh_displaced_was=()
# The directory and file of the last question, the time of the next one, and the pause in seconds
# after a failure.
typeset -g __awsh_place=''
typeset -gi __awsh_renew=0 __awsh_pause=10
# The state of this shell if it is not the normal one (src/shell/state-table.ts), its reason, its
# next command, and its start; the variable that another tool or the user has set; and the tool's
# name, if it is known.
typeset -g __awsh_state='' __awsh_reason='' __awsh_todo='' __awsh_foreign='' __awsh_tool=''
typeset -gi __awsh_since=0
# A variable that awsh would have to set, but which the user has made read-only.
typeset -g __awsh_readonly=''
# The agent's state file, if the agent may be asked; XDG_RUNTIME_DIR as this shell was given it;
# whether a call is in progress; until when it is not asked, and the next pause. __awsh_waits is what
# this shell waits for: wait, person or nothing.
typeset -g __awsh_agent='' __awsh_runtime='' __awsh_busy='' __awsh_waits='' __awsh_version=''
typeset -gi __awsh_rest=0 __awsh_rest_seconds=10
# The segment's label.
typeset -g __awsh_label=''
typeset -ga __awsh_fixed=()

# The path of the agent's state file depends on the environment at the time the hook was sourced.
if ((! $__awsh_given[(Ie)AWSH_AGENT=off])); then
  __awsh_agent=${__awsh_lock:h}/agent
  __awsh_runtime=${${(M)__awsh_given:#XDG_RUNTIME_DIR=/*}#*=}
fi
__awsh_fix_environment "${1-}"
__awsh_read_version ${__awsh_launcher:h:h}/package.json
typeset -g __awsh_word=$word
__awsh_whole=1

# This must be the last part of the file: it replaces the __awsh_look of awsh.zsh, which sources
# this file again as long as its own is in place.

# The long look: compares what this directory asks for with what is loaded, and acts. Shares
# __awsh_precmd's locals.
__awsh_look() {
  emulate -L zsh -o no_xtrace
  local quiet=$1 place=$__awsh_mode wanted='' moved='' known='' claimed='' locked='' seen
  [[ $1 != prompt ]] || quiet=$__awsh_hush
  local -i result=0
  # Nothing is settled until this is complete: after an interruption the next prompt does it again.
  __awsh_settled=''
  [[ $__awsh_mode == auto ]] || file=${file%elsewhere }
  seen="$file $text"
  # While awsh is locked the text differs from every file's, so what was loaded is taken out, and
  # Node reports why.
  [[ $file != 'locked '* ]] || locked=' locked ' file=${file#locked }
  case $file in
    'unreadable '*) text=unreadable file=${file#unreadable } ;;
    /*) text="1 $text" ;;
  esac
  text=$locked$text
  if [[ -n $__awsh_busy ]]; then
    __awsh_busy=''
    __awsh_rest_from_agent
  fi
  case $__awsh_mode in
    auto) place="auto $file $text" wanted=$file ;;
    pin) place="pin $__awsh_pin$text" wanted=1 ;;
    exec) wanted=1 ;;
  esac
  [[ -z $2 ]] || __awsh_typed=''
  if [[ -n $__awsh_hush ]]; then
    __awsh_join_tools
  elif [[ "$precmd_functions $chpwd_functions" != "$__awsh_joined" ]]; then
    __awsh_join_late
  fi
  if [[ -n $__awsh_open ]]; then
    __awsh_step_back
  elif __awsh_is_displaced; then
    __awsh_yield_to_user
  fi
  [[ $__awsh_kind != exec || $__awsh_mode == exec || $2 == 'use 1' ]] || __awsh_release_exec
  ((! $#__awsh_displaced || $#__awsh_set || $#__awsh_kept)) || __awsh_restore_displaced
  __awsh_find_foreign
  if [[ -n $__awsh_readonly ]]; then
    [[ ${(tP)__awsh_readonly} == *readonly* ]] || __awsh_readonly=''
    [[ -n $__awsh_foreign || -z $wanted ]] || __awsh_foreign=$__awsh_readonly
  fi
  if [[ -n $__awsh_foreign ]]; then
    place="foreign $__awsh_foreign $place"
  elif [[ $__awsh_mode != exec ]] && ((! $#__awsh_set && $__awsh_issued[(Ie)${AWS_ACCESS_KEY_ID:--}])) && ! __awsh_is_claimed AWS_ACCESS_KEY_ID; then
    __awsh_scrub
  fi
  if (($#__awsh_kept)); then
    [[ $place != "$__awsh_place" ]] || __awsh_put_again
    __awsh_kept=()
  fi
  if [[ $place != "$__awsh_place" ]]; then
    __awsh_place='' __awsh_pause=10 moved=1
    if [[ -n $__awsh_foreign ]]; then
      __awsh_leave_to_others
    elif [[ -n $wanted ]]; then
      __awsh_ask "$2"
    else
      __awsh_unload
      [[ $__awsh_mode != off ]] || __awsh_leave_off
    fi
  elif [[ $__awsh_mode == off && -n $claimed ]]; then
    __awsh_leave_off
  elif [[ -n $__awsh_foreign && -n $claimed ]]; then
    # Only for child shells.
    known="$__awsh_state $__awsh_reason"
    __awsh_leave_to_others
  elif [[ -n $2 && -n $__awsh_foreign ]]; then
    __awsh_leave_to_others
  elif [[ -n $2 && -n $wanted && -z $__awsh_foreign ]]; then
    __awsh_ask "$2"
  elif ((__awsh_renew > 0 && EPOCHSECONDS >= __awsh_renew)) && ! __awsh_overridden; then
    __awsh_ask 'renew 1'
  fi
  [[ -z ${kept-} ]] || return $result
  # A read-only variable stays the user's, and awsh leaves the directory to the user.
  if [[ -n $__awsh_readonly && -n $wanted ]]; then
    result=1
    if [[ -z $__awsh_foreign ]]; then
      __awsh_foreign=$__awsh_readonly place="foreign $__awsh_readonly $place"
      __awsh_leave_to_others
      __awsh_kind='' __awsh_key_id='' __awsh_profile=''
    fi
  elif [[ -z $moved || "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}" != "$__awsh_profile $__awsh_key_id" ]] && __awsh_is_displaced; then
    __awsh_place=$place
    __awsh_yield_to_user
    __awsh_find_foreign
    place="foreign $__awsh_foreign $place"
    __awsh_leave_to_others
  fi
  # Empty until everything has changed, so that after ^C the next prompt completes the change.
  __awsh_place=$place
  __awsh_describe
  __awsh_looked=$EPOCHSECONDS
  if ((__awsh_renew > 0 && __awsh_renew < __awsh_next)) && ! __awsh_overridden; then __awsh_next=$__awsh_renew; fi
  __awsh_identity="${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-}"
  __awsh_settled="${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-} ${AWS_SECRET_ACCESS_KEY: -6}${#AWS_SESSION_TOKEN}${AWS_ENDPOINT_URL-} ${psvar[40]-} $#precmd_functions $seen"
  [[ $1 != prompt ]] || __awsh_hush=''
  # The first prompt is not an idle one.
  [[ -z $__awsh_hush ]] || __awsh_settled=''
  return $result
}
