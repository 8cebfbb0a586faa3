# awsh's hook for zsh 5.3 and newer: before each prompt, and whenever the directory changes, the shell holds the
# credentials that the directory file (.awsprofile) names. Source it from ~/.zshrc; `awsh setup` writes the line.
#
# The rules it is written by:
#   - while nothing changes: builtins only, no fork, no file written;
#   - nothing read from a file, the environment or a reply is ever evaluated, nor meets arithmetic before it is known to
#     be a number;
#   - a directory file without an answer means blocked, never the credentials of the place before;
#   - what is not ours stays as it was. zsh keeps $?, $_ and pipestatus around its hooks; `emulate -L` does the options.
#
# __awsh_* are this shell's state (never exported) and functions; a function that shares a caller's locals says so. It is
# the same hook as awsh.bash, part by part; ARCHITECTURE.md has the wire format that is spoken here.

[[ -o interactive ]] || return 0

# Sourced again in the same shell: everything stands already.
[[ ${__awsh_shell-} != "$$" ]] || ! typeset -f __awsh_precmd >/dev/null || return 0

# These would bend how this file is parsed.
'builtin' 'typeset' '-ga' '__awsh_aside'
__awsh_aside=()
[[ ! -o 'aliases' ]] || __awsh_aside+=('aliases')
[[ ! -o 'sh_glob' ]] || __awsh_aside+=('sh_glob')
[[ ! -o 'ignore_braces' ]] || __awsh_aside+=('ignore_braces')
[[ ! -o 'ignore_close_braces' ]] || __awsh_aside+=('ignore_close_braces')
'builtin' 'setopt' 'no_aliases' 'no_sh_glob' 'no_ignore_braces' 'no_ignore_close_braces'

# --- what may be touched -------------------------------------------------------------------------------------------

# src/shell/managed-variables.ts has the same lists. A load replaces all of __awsh_replaced, and each
# AWS_ENDPOINT_URL_* besides: keys never meet somebody else's token or endpoint.
typeset -ga __awsh_settable=(
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION
  AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES
  AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_CA_BUNDLE
  AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE
)
typeset -ga __awsh_replaced=(
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION
  AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES
  AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
  AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
)
# Never written into AWSH_SAVED.
typeset -ga __awsh_secret=(
  AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN
)

# $1 is a variable that awsh has to do with at all.
__awsh_managed() {
  [[ $1 == AWS_EC2_METADATA_DISABLED || ($1 == AWS_ENDPOINT_URL_?* && $1 != *[^A-Z0-9_]*) ]] ||
    (($__awsh_settable[(Ie)$1] || $__awsh_replaced[(Ie)$1]))
}

# --- values --------------------------------------------------------------------------------------------------------

# $1, and $2 where it is given, may meet arithmetic, which runs code that stands in a subscript.
__awsh_number() {
  [[ $1 == <-> && ${#1} -le 12 && ${2-0} == <-> && ${#2} -le 12 ]]
}

# Sets `value` to $1 as the wire format writes it; fails where a control byte is left.
__awsh_encode() {
  value=$1
  [[ $1 == *[%[:cntrl:]]* ]] || return 0
  value=${${${1//\%/%25}//$'\n'/%0A}//$'\r'/%0D}
  [[ $value != *[[:cntrl:]]* ]]
}

# The inverse, in this order: %250A is the text %0A.
__awsh_decode() {
  value=${${${1//\%0A/$'\n'}//\%0D/$'\r'}//\%25/%}
}

# The same for each of the caller's `lines`.
__awsh_decode_lines() {
  lines=(${${${lines//\%0A/$'\n'}//\%0D/$'\r'}//\%25/%})
}

# Prints a line for the person; what could forge the terminal's text is shown as ?.
__awsh_say() {
  builtin print -ru2 -- "awsh: ${1//[[:cntrl:]]/?}"
}

# --- the directory file --------------------------------------------------------------------------------------------

# Lists, once for each directory, the files that could be its directory file, the nearest first and nothing last.
__awsh_list_files() {
  local folder=${PWD%/}
  local -a files
  while [[ $folder == /?* ]]; do
    files+=("$folder/.awsprofile") folder=${folder%/*}
  done
  [[ $PWD != /* ]] || files+=(/.awsprofile)
  # In one go, so that ^C leaves no half of it.
  __awsh_listed=$PWD __awsh_files=("${(@)files}" '')
}

# --- put in place, put back ----------------------------------------------------------------------------------------

# What awsh set, each as the wire format writes it (`NAME VALUE`), but for the two secrets, which follow AWS_ACCESS_KEY_ID
# rather than be held a second time: of them the names that it set. And for each variable that was there before, set by
# awsh now or unset: how (exported, plain, or lost: a secret that only a parent shell has), and its value then.
builtin typeset -ga __awsh_set __awsh_secrets_set
builtin typeset -gA __awsh_had __awsh_was

# Gives each variable back as it was, but for those that somebody else has changed since.
__awsh_put_back() {
  local name
  local -a lines=($__awsh_set) names=(${__awsh_set%% *}) still ours=(AWSH_LOADED AWSH_SAVED)
  [[ "$lines" != *%* ]] || __awsh_decode_lines
  for name in $names; do still+=("$name${(P)name+ ${(P)name}}"); done
  ours+=(${${still:*lines}%% *})
  [[ ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id" ]] || ours+=($__awsh_secrets_set)
  names+=($__awsh_secrets_set)
  for name in ${${(k)__awsh_had}:|names}; do ((${(P)+name})) || ours+=($name); done
  builtin unset -v $ours
  for name in ${(k)__awsh_had}; do
    (($ours[(Ie)$name])) || continue
    case $__awsh_had[$name] in
      exported) builtin export "$name=$__awsh_was[$name]" ;;
      plain) builtin typeset -g "$name=$__awsh_was[$name]" ;;
    esac
  done
  __awsh_set=() __awsh_secrets_set=() __awsh_had=() __awsh_was=()
}

# Puts the caller's `lines` (`NAME VALUE`, as the wire format writes it) of the variables `names` in place of all that awsh
# replaces; $1 is the kind: dir, pin or blocked. What can be, is done to all of them at once: it is a tenth of a loop's time.
__awsh_put() {
  # ^C waits for the end; `emulate -L` in the caller makes this trap local.
  trap '' INT
  local name there=''
  local -a gone
  __awsh_put_back
  for name in $__awsh_replaced ${names:|__awsh_replaced} ${(k)parameters[(I)AWS_ENDPOINT_URL_*]}; do
    [[ -z ${(tP)name} ]] || there+=" $name"
  done
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
  done
  for name in ${names:*__awsh_lost}; do
    ((${+__awsh_had[$name]})) || __awsh_had[$name]=lost
  done
  __awsh_set=(${lines:#(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN) *})
  __awsh_secrets_set=(${(M)names:#(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)})
  # Unset in any case: a person's integer variable would evaluate what it is given.
  ((! $#gone)) || builtin unset -v $gone
  [[ "$lines" != *%* ]] || __awsh_decode_lines
  __awsh_key_id=${lines[(r)AWS_ACCESS_KEY_ID *]#* } __awsh_profile=${lines[(r)AWS_PROFILE *]#* }
  # Without a name export would print all there is.
  ((! $#lines)) || builtin export "${(@)lines/ /=}"
  __awsh_kind=$1
  __awsh_leave_word
}

# Tells child shells what is loaded, and what was there before: AWSH_LOADED and AWSH_SAVED.
__awsh_leave_word() {
  local name value who=- where=-
  local -a saved
  __awsh_encode "$__awsh_who" && [[ -n $value ]] && who=${value// /%20}
  if [[ $__awsh_mode == auto ]]; then
    __awsh_encode "$file" && where=${value// /%20}
    [[ $text == '1 '* ]] && __awsh_encode "${text#1 }" && saved+=("key $value")
  fi
  for name in ${(k)__awsh_had}; do
    if [[ $__awsh_had[$name] == plain ]]; then
      continue
    elif (($__awsh_secret[(Ie)$name])) || ! __awsh_encode "$__awsh_was[$name]"; then
      saved+=("secret $name")
    else
      saved+=("was $name $value")
    fi
  done
  saved+=(${__awsh_set/#/now } ${__awsh_protected:+'protected 1'})
  builtin export AWSH_LOADED="1 $__awsh_kind $EUID $who $where" AWSH_SAVED="${(F)saved}"
}

__awsh_unload() {
  trap '' INT
  __awsh_put_back
  __awsh_kind='' __awsh_who='' __awsh_label='' __awsh_renew=0 __awsh_expires=0 __awsh_protected=''
  [[ -z $__awsh_lost || -n $quiet ]] || __awsh_say "only the shell that this one was started from still has your own $__awsh_lost"
  __awsh_lost=()
}

# No credentials at all, for any SDK: a profile that does not exist, and no instance role. $1 is what the segment says.
__awsh_block() {
  local -a names=(AWS_PROFILE AWS_EC2_METADATA_DISABLED) lines
  lines=("$names[1] awsh-blocked" "$names[2] true")
  __awsh_place='' __awsh_who=$__awsh_pin __awsh_expires=0 __awsh_protected=''
  __awsh_call_it "$1"
  __awsh_put blocked
}

# Sets what the segment says to $1, with a ? for what no prompt should show.
__awsh_call_it() {
  __awsh_label=${1//[^A-Za-z0-9_.@+=,:\/ -]/?}
}

# --- asking --------------------------------------------------------------------------------------------------------

# What the hook was given when it was sourced decides where awsh looks; what a directory sets later does not. In the place
# of what awsh itself put there in a parent shell (AWS_CA_BUNDLE) counts what was there before.
__awsh_fix_environment() {
  local name value saved=$'\n'${AWSH_SAVED-}$'\n' was
  __awsh_fixed=()
  for name in HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR \
    AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE \
    HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy; do
    ((${(P)+name})) && __awsh_encode "${(P)name}" || continue
    if [[ $saved == *$'\n'"now $name $value"$'\n'* ]]; then
      was=${saved#*$'\n'was $name }
      [[ $was != "$saved" ]] || continue
      value=${was%%$'\n'*}
    fi
    __awsh_fixed+=("env $name $value")
  done
}

# Sets `request`; $1 is a line of its own for it (renew 1, refresh 1) or empty. Fails where it cannot be written.
__awsh_request() {
  local value
  local -a lines=('load 1')
  __awsh_encode "$PWD" || return
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

# Asks for what this place wants and takes the answer. $1 as for the request. Sets `result`, an exit status.
__awsh_ask() {
  local request reply='' proof waits=$__awsh_waits
  local -i code=1
  __awsh_waits=''
  # Whatever becomes of the answer, ^C included, the next question is not asked at the next prompt.
  __awsh_retry_later
  if __awsh_request "$1"; then
    if [[ $1 == 'renew 1' && $waits == person ]]; then
      # Somebody may have answered in another terminal, which the agent knows; nothing else has changed.
      __awsh_renew=1 __awsh_waits=person
      [[ -n $__awsh_agent ]] && __awsh_ask_agent && [[ $reply == "$proof ok "* ]] && __awsh_take
      return 0
    fi
    if [[ -n $__awsh_agent && $1 != 'refresh 1' ]] && __awsh_ask_agent && __awsh_take; then return; fi
    if [[ -n $moved ]]; then
      # The old place's keys are gone before the long question, so that ^C cannot leave them here.
      __awsh_block blocked
      __awsh_place=$place
    fi
    if __awsh_ask_node && __awsh_take; then return; fi
  fi
  result=1
  __awsh_block blocked
  [[ -n $quiet ]] || __awsh_say "no usable answer from $__awsh_launcher, so AWS is blocked here; awsh refresh tries again"
}

# The warm path: the agent, over loopback, by builtins alone. Sets `reply`, `proof`, `code`. Fails where there is no agent,
# where it has not got the session, and wherever there is any doubt: then the cold path is taken.
__awsh_ask_agent() {
  # ztcp puts the file descriptor into REPLY.
  local port token chunk REPLY=''
  local -F left=0.25 until
  ((EPOCHSECONDS >= __awsh_rest)) && __awsh_read_agent || return
  # Still set at the next prompt: ^C came between.
  __awsh_busy=1 reply=''
  until=$((EPOCHREALTIME + left))
  {
    if zmodload zsh/net/tcp && builtin ztcp 127.0.0.1 $port; then
      # Whoever has the port may have closed it already, and a write to that would end a subshell. `emulate -L` in the
      # caller makes this trap local.
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
  # Nobody there is soon found out, and says nothing against the agent that comes next.
  [[ -n $REPLY ]] || return
  if [[ $reply != "$proof "*$'\nend\n' ]]; then
    __awsh_rest_from_agent
    return 1
  fi
  __awsh_rest_seconds=10
  [[ $reply != "$proof cold "* ]] || return
  code=0
}

# Sets `port`, `token` and `proof` from the agent's state file: one line, `PORT PID VERSION TOKEN PROOF`. Fails where it is
# not our own, in a folder of our own, or not of this form.
__awsh_read_agent() {
  local line=''
  local -a part
  [[ -O ${__awsh_agent%/*} && -f $__awsh_agent && ! -L $__awsh_agent && -O $__awsh_agent && -r $__awsh_agent ]] || return
  sysread -s 300 line <$__awsh_agent
  [[ $line == *$'\n' ]] || return
  part=("${(@s: :)line%$'\n'}")
  port=$part[1] token=$part[4] proof=$part[5]
  [[ $#part == 5 && "$part[2]$part[3]" != *[^0-9A-Za-z.+-]* && $port == [1-9]* && $port == <1-65535> &&
    $#token == 64 && $#proof == 64 && "$token$proof" != *[^0-9a-f]* ]]
}

# An agent that hangs, or speaks otherwise than ours, is left alone for ten seconds, then for a minute each time.
__awsh_rest_from_agent() {
  __awsh_rest=$((EPOCHSECONDS + __awsh_rest_seconds)) __awsh_rest_seconds=60
}

# The cold path: one Node process in the foreground, which may ask the person on /dev/tty. Sets `reply`, `proof`, `code`.
__awsh_ask_node() {
  proof=-
  [[ -f $__awsh_launcher && -x $__awsh_launcher ]] || return
  if [[ -n $quiet ]]; then
    reply=$(AWSH_REQUEST="- $request" "$__awsh_launcher" _load </dev/null 2>/dev/null)
  else
    reply=$(AWSH_REQUEST="- $request" "$__awsh_launcher" _load </dev/null)
  fi
  code=$?
  [[ -n $reply ]]
}

# A question that failed is asked again after ten seconds, then every minute.
__awsh_retry_later() {
  __awsh_renew=$((EPOCHSECONDS + __awsh_pause)) __awsh_pause=60
}

# Takes `reply`: all of it, or nothing and fails. Nothing of the shell is changed before the last line was read.
__awsh_take() {
  local line value answer renew expires label protected=''
  local -a says head names others may=(AWS_PROFILE AWS_EC2_METADATA_DISABLED) lines=("${(@f)reply}")
  [[ -n $lines[-1] ]] || lines[-1]=()
  [[ $lines[-1] == end && ${(j::)lines} != *[[:cntrl:]]* ]] || return

  head=("${(@s: :)lines[1]}")
  [[ $head[1] == "$proof" && $#head -ge 4 ]] || return
  answer=$head[2] renew=$head[3] label=${(j: :)head[4,-1]}
  if [[ $label == *%* ]]; then
    __awsh_decode "$label"
    label=$value
  fi

  # Nearly all of it is variables, which are looked at together, each once.
  others=("${(@)lines[2,-2]:#set [A-Z]* *}")
  lines=(${${(M)lines:#set [A-Z]* *}#set })
  names=(${lines%% *})
  # One service's endpoint, too.
  [[ $answer != ok ]] || may=($__awsh_settable ${(M)names:#AWS_ENDPOINT_URL_[A-Z0-9_]*})
  [[ "${(u)names}" == "$names" && -z ${names:|may} && "$names" != *[^A-Z0-9_\ ]* ]] || return
  expires=${${lines[(r)AWSH_EXPIRES *]:-AWSH_EXPIRES 0}#* }
  __awsh_number "$renew" "$expires" || return
  for line in "${(@)others}"; do
    value=${line#* }
    [[ $value != *%* ]] || __awsh_decode "$value"
    case $line in
      'unset '*) __awsh_managed "$value" || return ;;
      'say '*) says+=("$value") ;;
      'protected 1') protected=1 ;;
      *) return 1 ;;
    esac
  done

  __awsh_place=''
  case $answer in
    ok)
      (($names[(Ie)AWS_ACCESS_KEY_ID] && $names[(Ie)AWS_SECRET_ACCESS_KEY])) || return
      __awsh_who=$label __awsh_expires=$((10#$expires)) __awsh_protected=$protected
      __awsh_call_it "$label"
      if [[ $__awsh_mode == pin ]]; then __awsh_put pin; else __awsh_put dir; fi
      result=0
      ;;
    none)
      __awsh_unload
      result=0
      ;;
    deny)
      __awsh_unload
      __awsh_call_it "$label"
      result=11
      ;;
    blocked | person | confirm | wait | error)
      __awsh_block "$label"
      result=1
      [[ $answer != person ]] || result=6
      ;;
    *) return 1 ;;
  esac
  ((result == 0 || code == 0)) || result=$code
  __awsh_renew=$((10#$renew)) __awsh_pause=10
  # A time that has come already would ask at each prompt.
  if ((__awsh_renew > 0 && __awsh_renew <= EPOCHSECONDS)); then __awsh_retry_later; fi
  # Somebody is being asked elsewhere, or has to be: where there is an agent, each prompt looks whether it was done.
  if [[ $answer == (wait|person) ]]; then
    if [[ -n $__awsh_agent ]] && ((EPOCHSECONDS >= __awsh_rest)); then
      __awsh_waits=$answer __awsh_renew=1
    elif [[ $answer == wait ]]; then
      __awsh_retry_later
    fi
  fi
  for line in "${(@)says}"; do [[ -n $quiet ]] || __awsh_say "$line"; done
}

# --- the steady state ----------------------------------------------------------------------------------------------

# Somebody has set AWS_PROFILE or AWS_ACCESS_KEY_ID since awsh did.
__awsh_overridden() {
  [[ -n $__awsh_kind && (${AWS_PROFILE-} != "$__awsh_profile" || ${AWS_ACCESS_KEY_ID-} != "$__awsh_key_id") ]]
}

# Before each prompt (after a cd and for the commands, with arguments): does something only where this place, or what
# somebody else set, is not what it was at the last look, or the clock says so. The nearest .awsprofile counts, whatever
# it is; one byte more than the 512 allowed is read of it. It is all one function, because one call costs zsh as much as
# all the rest of an idle prompt's work but the file. $1 is 1 where nothing may be printed or asked; $2 a line for the
# request where the person asked (refresh 1). Returns what `awsh use` returns.
__awsh_precmd() {
  emulate -L zsh -o no_xtrace
  local file='' text=''
  if [[ $__awsh_mode == auto ]]; then
    [[ ${PWD-} == "$__awsh_listed" ]] || __awsh_list_files
    for file in "${(@)__awsh_files}"; do [[ ! -e $file && ! -L $file ]] || break; done
    if [[ -f $file && -r $file ]]; then
      sysread -s 513 text <$file
      text="1 $text"
    elif [[ -n $file ]]; then
      text=unreadable
    fi
  fi
  # While awsh is locked every place is another one: what was loaded goes, and Node says why.
  [[ ! -e $__awsh_lock ]] || text=" locked $text"
  if [[ -n ${2-} || "${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-} ${psvar[40]-} $file $text" != "$__awsh_settled" ]] ||
    ((EPOCHSECONDS < __awsh_looked || EPOCHSECONDS >= __awsh_next)); then
    if (($#)); then
      __awsh_look "$1" "${2-}"
      return
    fi
    __awsh_look "$__awsh_hush" ''
  fi
  (($#)) || __awsh_hush=''
}

# The long look: compares what this place wants with what is loaded, and acts. Shares __awsh_precmd's locals.
__awsh_look() {
  local quiet=$1 place=off wanted='' moved=''
  local -i result=0
  # Nothing is settled until this is complete: what is cut short is done at the next prompt.
  __awsh_settled=''
  if [[ -n $__awsh_busy ]]; then
    __awsh_busy=''
    __awsh_rest_from_agent
  fi
  case $__awsh_mode in
    auto) place="auto $file $text" wanted=$file ;;
    pin) place="pin $__awsh_pin$text" wanted=1 ;;
  esac
  if [[ $place != "$__awsh_place" ]]; then
    __awsh_place='' __awsh_pause=10 moved=1
    if [[ -n $wanted ]]; then
      __awsh_ask "$2"
    else
      __awsh_unload
      [[ $__awsh_mode == auto ]] || builtin export AWSH_LOADED="1 off $EUID - -"
    fi
  elif [[ -n $2 && -n $wanted ]]; then
    __awsh_ask "$2"
  elif ((__awsh_renew > 0 && EPOCHSECONDS >= __awsh_renew)) && ! __awsh_overridden; then
    __awsh_ask 'renew 1'
  fi
  # Nobody's while anything of it is changed, so that the next prompt makes good what ^C cuts short.
  __awsh_place=$place
  __awsh_describe
  __awsh_looked=$EPOCHSECONDS
  if ((__awsh_renew > 0 && __awsh_renew < __awsh_next)) && ! __awsh_overridden; then __awsh_next=$__awsh_renew; fi
  __awsh_settled="${AWS_PROFILE-} ${AWS_ACCESS_KEY_ID-} ${psvar[40]-} $file $text"
  return $result
}

# --- the segment ---------------------------------------------------------------------------------------------------

# Sets AWSH_SEGMENT (`dev 42m`) for whatever prompt wants it, and psvar[40] with __awsh_shown, which refers to it; and
# __awsh_next, the time at which it will say something else.
__awsh_describe() {
  # Minutes are whole; `emulate` leaves this option as it is.
  setopt no_force_float
  local show=$__awsh_label left='' colour=green
  local -i seconds
  __awsh_next=999999999999
  if __awsh_overridden; then
    show=overridden colour=yellow
  elif [[ $__awsh_kind == blocked || -n $__awsh_protected || (-z $__awsh_kind && $__awsh_mode != off) ]]; then
    colour=red
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
    if ((seconds < 300)); then
      colour=red
    elif ((seconds < 900)) && [[ $colour == green ]]; then
      colour=yellow
    fi
  fi
  show=${show[1,40-$#left]}$left
  __awsh_shown=''
  if [[ -n $show ]]; then builtin export AWSH_SEGMENT=$show; else builtin unset -v AWSH_SEGMENT; fi
  [[ $show == "${psvar[40]-}" ]] || psvar[40]=$show
  [[ -n $show && ${AWSH_PROMPT-} != off ]] || return 0
  __awsh_shown='%40v'
  [[ -n ${NO_COLOR-} || ${TERM:-dumb} == dumb ]] || __awsh_shown="%F{$colour}%40v%f"
}

# Puts the reference at the end of RPROMPT where there is something to show, and takes it out where there is not. A theme
# with an AWS segment of its own, or a prompt that has AWSH_SEGMENT already, is left alone.
__awsh_mark_prompt() {
  local name bare=${RPROMPT-} mark=''
  [[ -z $__awsh_mark ]] || bare=${bare%"$__awsh_mark"}
  if [[ -n $__awsh_shown && "${PROMPT-}$bare" != *AWSH_SEGMENT* ]]; then
    mark="${bare:+ }$__awsh_shown"
    for name in starship_precmd prompt_starship_precmd p10k _omp_precmd; do
      ! typeset -f $name >/dev/null || mark=''
    done
  fi
  [[ ${RPROMPT-} == "$bare$mark" ]] || builtin typeset -g "RPROMPT=$bare$mark"
  __awsh_mark=$mark __awsh_drawn="$__awsh_shown ${RPROMPT-}"
}

# --- while nothing is typed ------------------------------------------------------------------------------------------

# Where AWSH_TICK is set, before each prompt: plans the event of zsh/sched that draws the segment anew when it will say
# something else. An event leaves $? and $_ as they are, but could not put back a pipestatus of several.
__awsh_tick_later() {
  local -i pipes=${#pipestatus[@]}
  emulate -L zsh -o no_xtrace -o no_force_float
  local -i at=${zsh_scheduled_events[(I)*:__awsh_tick *]} left=$((__awsh_expires - EPOCHSECONDS))
  ((at == 0)) || builtin sched -$at
  ((pipes == 1 && left > 0)) && [[ "${PROMPT-}${RPROMPT-}" == *(%40v|AWSH_SEGMENT)* ]] || return 0
  # In the last minute not each second: there are prompts that start programs.
  builtin sched +$((left > 60 ? left % 60 + 1 : left > 5 ? 5 : left)) '__awsh_tick "$_"'
}

# The event. Of what a prompt does it only tells the time: nobody is asked while a line is typed. zsh itself puts that line,
# a menu or a search back in its place.
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

# --- where it is called --------------------------------------------------------------------------------------------

# After every other precmd function: a theme may have built RPROMPT anew.
__awsh_draw() {
  [[ -o prompt_percent && "$__awsh_shown ${RPROMPT-}" != "$__awsh_drawn" ]] || return 0
  emulate -L zsh -o no_xtrace
  __awsh_mark_prompt
}

# Whenever the directory changes, so that `cd ../prod && terraform apply` runs with prod's keys. Completion functions go
# about the tree and come back: they do not count. A widget may load, but has no place for words.
__awsh_chpwd() {
  emulate -L zsh -o no_xtrace
  ((! ${+compstate})) || return 0
  local quiet=$__awsh_hush
  [[ $ZSH_SUBSHELL == 0 && ${+WIDGET} == 0 ]] || quiet=1
  __awsh_precmd "$quiet"
  return 0
}

# After direnv and mise, which may set AWS_PROFILE, and before a theme, which shows what we load.
__awsh_register() {
  local -i at
  at=${precmd_functions[(I)(_direnv_hook|_mise_hook*)]-0}
  precmd_functions=($precmd_functions[1,at] __awsh_precmd ${precmd_functions[at+1,-1]} __awsh_draw)
  at=${chpwd_functions[(I)(_direnv_hook|_mise_hook*)]-0}
  chpwd_functions=($chpwd_functions[1,at] __awsh_chpwd ${chpwd_functions[at+1,-1]})
  if [[ -n ${AWSH_TICK-} ]] && zmodload zsh/sched 2>/dev/null; then precmd_functions+=(__awsh_tick_later); fi
}

# --- the command ---------------------------------------------------------------------------------------------------

# A function, because these verbs change this shell; all others are the launcher's own.
awsh() {
  case "${1-} $# ${2-}" in
    'off 1 ') __awsh_switch off '' ;;
    'refresh 1 ') __awsh_refresh ;;
    'use 2 --auto') __awsh_switch auto '' ;;
    'use 2 -') __awsh_switch_back ;;
    'use 2 -'* | 'use 2 ') "$__awsh_launcher" "$@" ;;
    'use 2 '*) __awsh_switch pin "$2" ;;
    'use 1 ')
      local name
      name=$("$__awsh_launcher" use) && [[ -n $name ]] && __awsh_switch pin "$name"
      ;;
    allow\ * | deny\ * | init\ *) "$__awsh_launcher" "$@" && { __awsh_switch || : } ;;
    doctor\ *)
      local facts
      __awsh_tell_facts
      AWSH_HOOK=$facts "$__awsh_launcher" "$@"
      ;;
    *) "$__awsh_launcher" "$@" ;;
  esac
}

# Sets the caller's `facts` to what only this shell knows of itself; ARCHITECTURE.md has its form.
__awsh_tell_facts() {
  emulate -L zsh -o no_xtrace
  local run value
  local -a lines=("shell zsh $ZSH_VERSION")
  ! __awsh_encode "$__awsh_launcher" || lines+=("launcher $value")
  lines+=("mode $__awsh_mode")
  [[ -z $__awsh_agent ]] || ! zmodload zsh/net/tcp 2>/dev/null || lines+=('agent 1')
  ((!${+_comps[awsh]})) || lines+=('completion 1')
  for run in $precmd_functions; do
    ! __awsh_encode "$run" || lines+=("runs $value")
  done
  lines+=(end)
  facts=${(F)lines}
}

# From now on this shell follows $1: auto, its directory; pin, the profile $2; off, nothing. Without $1: as before, anew.
__awsh_switch() {
  emulate -L zsh -o no_xtrace
  if (($# > 0)) && [[ "$__awsh_mode $__awsh_pin" != "$1 $2" ]]; then
    __awsh_before="$__awsh_mode $__awsh_pin" __awsh_mode=$1 __awsh_pin=$2
  fi
  __awsh_place='' __awsh_settled=''
  __awsh_precmd ''
}

__awsh_switch_back() {
  emulate -L zsh -o no_xtrace
  if [[ -n $__awsh_before ]]; then
    __awsh_switch "${__awsh_before%% *}" "${__awsh_before#* }"
  else
    __awsh_say 'use -: nothing else was in use in this shell'
    return 2
  fi
}

__awsh_refresh() {
  emulate -L zsh -o no_xtrace
  local -i result
  __awsh_precmd '' 'refresh 1'
  result=$?
  if [[ -z $__awsh_label || $__awsh_mode == off ]]; then
    __awsh_say 'refresh: nothing is loaded here'
    return 1
  fi
  return $result
}

# --- at the start --------------------------------------------------------------------------------------------------

# Splits AWSH_LOADED into the caller's `kind`, `uid`, `who` and `where`. Fails where it is not of version 1.
__awsh_read_loaded() {
  local value
  local -a part=("${(@s: :)AWSH_LOADED}")
  [[ $#part == 5 && $part[1] == 1 ]] || return
  kind=$part[2] uid=$part[3]
  # A lone - stands for nothing.
  __awsh_decode "${part[4]//\%20/ }" && who=${value#-}
  __awsh_decode "${part[5]//\%20/ }" && where=${value#-}
}

# Takes over what a parent shell has loaded, from AWSH_SAVED, so that this shell can put it back. Sets `text`.
__awsh_read_saved() {
  local line name value
  local -a lines
  for line in "${(@f)AWSH_SAVED-}"; do
    name=${${line#* }%% *}
    case $line in
      'key '*) __awsh_decode "${line#key }" && text="1 $value" ;;
      'protected 1') __awsh_protected=1 ;;
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
  [[ -z $__awsh_key_id ]] || __awsh_secrets_set=(AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)
}

# Fails where this shell is to be left alone: another user's (sudo -E), or a newer awsh's.
__awsh_start() {
  emulate -L zsh -o no_xtrace
  local kind='' uid=$EUID who='' where='' text=''
  zmodload zsh/datetime zsh/system 2>/dev/null || return

  # This shell follows: auto, its directory; pin, the profile __awsh_pin; off, nothing.
  typeset -g __awsh_mode=auto __awsh_pin='' __awsh_before=''
  # What is in place: dir, pin, blocked or nothing; whose it is, and until when; what of it awsh itself compares; the
  # names of secrets that were there, and that only a parent shell can put back.
  typeset -g __awsh_kind='' __awsh_who='' __awsh_protected='' __awsh_key_id='' __awsh_profile=''
  typeset -gi __awsh_expires=0
  typeset -ga __awsh_lost=()
  # The place that was last asked about, when to ask again, and how long to wait after a failure.
  typeset -g __awsh_place=''
  typeset -gi __awsh_renew=0 __awsh_pause=10
  # Where the directory file may be, and for which directory that was listed; the lock's mark.
  typeset -ga __awsh_files=('')
  typeset -g __awsh_listed='' __awsh_lock=${${(M)XDG_STATE_HOME:#/*}:-$HOME/.local/state}/awsh/locked
  # The agent's state file, where it may be asked; a call is under way; until when it is left alone, and for how long the
  # next time. What this shell waits for: wait, person or nothing.
  typeset -g __awsh_agent='' __awsh_busy='' __awsh_waits=''
  typeset -gi __awsh_rest=0 __awsh_rest_seconds=10
  [[ ${AWSH_AGENT-} == off ]] || __awsh_agent=${${${(M)XDG_RUNTIME_DIR:#/*}:+$XDG_RUNTIME_DIR/awsh}:-${__awsh_lock:h}}/agent
  # What the last long look found and when it was; when the next is due without anything else.
  typeset -g __awsh_settled=''
  typeset -gi __awsh_looked=0 __awsh_next=0
  # The segment's name, the reference to it, what stands of that in RPROMPT, and how all was left.
  typeset -g __awsh_label='' __awsh_shown='' __awsh_mark='' __awsh_drawn=''
  # 1 until a prompt has been shown; the request's env lines; this package's launcher, by its absolute path: PATH may name a
  # directory that a repository owns. A link to the package stays one, for another Node's awsh to come.
  typeset -g __awsh_hush=1 __awsh_launcher=${${(%):-%x}:a:h:h}/bin/awsh
  [[ -f $__awsh_launcher ]] || __awsh_launcher=${${(%):-%x}:A:h:h}/bin/awsh
  typeset -ga __awsh_fixed

  if [[ -n ${AWSH_LOADED-} ]]; then
    __awsh_read_loaded && [[ $uid == "$EUID" ]] || return
  fi
  __awsh_fix_environment
  __awsh_read_saved
  case "$kind:${__awsh_set:+records}" in
    off:*) __awsh_mode=off ;;
    dir:records | pin:records | blocked:records)
      __awsh_kind=$kind __awsh_who=$who
      if [[ -n $where ]]; then
        __awsh_place="auto $where $text"
      else
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
  # What `awsh exec` or aws-vault has started stays what it is, wherever it goes.
  if [[ -n ${AWS_VAULT-} ]] && { [[ -z $__awsh_kind ]] || __awsh_overridden }; then
    __awsh_set=() __awsh_secrets_set=() __awsh_had=() __awsh_was=() __awsh_kind='' __awsh_expires=0 __awsh_renew=0
    __awsh_mode=off __awsh_place=off
    __awsh_call_it "$AWS_VAULT"
  fi
  __awsh_register
}

if __awsh_start; then
  builtin typeset -g __awsh_shell=$$
else
  unfunction awsh
fi
[[ ${#__awsh_aside[@]} == 0 ]] || 'builtin' 'setopt' "${__awsh_aside[@]}"
'builtin' 'unset' '__awsh_aside'
