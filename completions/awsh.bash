# shellcheck shell=bash
#
# awsh's completion for bash 3.2 and newer. `awsh setup` sources it; it may also lie in bash-completion's folder, and
# needs nothing of it. No process is started on Tab: profile names come from a small file that awsh keeps, or from the
# AWS config file itself.
#
# The functions share the locals of __awsh_tab, which begin with _a_. No name ever reaches eval or compgen -W.

# Aliases would be expanded while this file is parsed.
__awsh_tab_aside=''
if \shopt -q expand_aliases; then
  \shopt -u expand_aliases
  __awsh_tab_aside='aliases'
fi

# >>> made from the command table by `npm run completions` >>>
__awsh_tab_verbs='add list ls remove rm clear rotate import migrate-backend exec export explain login use off refresh status init allow deny setup hook completion prompt config demo doctor agent lock unlock'
__awsh_tab_options='--backend --prompt --keychain --secret-service-collection --file-dir --pass-dir --pass-cmd --pass-prefix --debug --help -h --version'
__awsh_tab_values='--backend=keychain,file,pass,secret-service --prompt=terminal,zenity,kdialog,osascript,ykman,pass-otp,pass --keychain=:none --secret-service-collection=:none --file-dir=:directory --pass-dir=:directory --pass-cmd=:command --pass-prefix=:none'

# Sets what the verb $1 takes: its options, those of them with a value, its arguments, and whether a command follows.
__awsh_tab_verb() {
  _a_options='' _a_values='' _a_arguments='' _a_command=''
  case $1 in
    add)
      _a_options='--env --stdin --no-add-config --force -f'
      _a_arguments=':profile'
      ;;
    list | ls)
      _a_options='--json --profiles --credentials --sessions'
      ;;
    remove | rm)
      _a_options='--sessions-only -s --force -f'
      _a_arguments=':stored-profile'
      ;;
    clear)
      _a_arguments=':profile'
      ;;
    rotate)
      _a_options='--no-session -n --mfa-token -t --all --older-than'
      _a_values='--mfa-token=:none -t=:none --older-than=:none'
      _a_arguments=':stored-profile'
      ;;
    import)
      _a_options='--all --dry-run --keep --yes -y --overwrite --no-add-config --csv --aws-vault --aws-vault-file --aws-vault-keyring --dir'
      _a_values='--csv=:file --dir=:directory'
      _a_arguments=':profile'
      ;;
    migrate-backend)
      _a_options='--from --to --profile --dry-run --overwrite --delete-source'
      _a_values='--from=keychain,file,pass --to=keychain,file,pass --profile=:stored-profile'
      ;;
    exec)
      _a_options='--duration -d --no-session -n --region --mfa-token -t --server -s --lazy --profile-env'
      _a_values='--duration=:none -d=:none --region=:region --mfa-token=:none -t=:none'
      _a_arguments=':profile'
      _a_command='yes'
      ;;
    export)
      _a_options='--duration -d --no-session -n --region --mfa-token -t --format --no-ask --ask'
      _a_values='--duration=:none -d=:none --region=:region --mfa-token=:none -t=:none --format=env,export-env,json,ini,process,env-no-export,powershell,windows-cmd,bash,zsh,fish'
      _a_arguments=':profile'
      ;;
    explain)
      _a_options='--duration -d --no-session -n --region --json'
      _a_values='--duration=:none -d=:none --region=:region'
      _a_arguments=':profile'
      ;;
    login)
      _a_options='--service --path --region --browser --container --stdout -s --duration -d --no-session -n --mfa-token -t --auto-logout -a'
      _a_values='--service=:none --path=:none --region=:region --browser=:none --container=:none --duration=:none -d=:none --mfa-token=:none -t=:none'
      _a_arguments=':profile'
      ;;
    use)
      _a_options='--auto'
      _a_arguments=':profile'
      ;;
    off)
      :
      ;;
    refresh)
      :
      ;;
    status)
      _a_options='--json --verify'
      ;;
    init)
      _a_arguments=':profile'
      ;;
    allow)
      _a_options='--list --prune'
      _a_arguments=':directory'
      ;;
    deny)
      _a_arguments=':directory'
      ;;
    setup)
      _a_options='--remove --dry-run --yes -y --shell'
      _a_values='--shell=bash,zsh,fish'
      ;;
    hook)
      _a_arguments='bash,zsh,fish'
      ;;
    completion)
      _a_arguments='bash,zsh,fish'
      ;;
    prompt)
      _a_options='--shell'
      _a_values='--shell=bash,zsh,fish,tmux'
      ;;
    config)
      _a_options='--json'
      _a_arguments='list,get,set,unset,aws agent,backend,file_dir,lock_after,pass_prefix,picker,prompt,protected,theme_variable,trusted_dirs :none'
      ;;
    demo)
      :
      ;;
    doctor)
      _a_options='--offline --json'
      ;;
    agent)
      _a_options='--json'
      _a_arguments='start,stop,status'
      ;;
    lock)
      :
      ;;
    unlock)
      :
      ;;
    *) return 1 ;;
  esac
}
# <<< made from the command table <<<

__awsh_tab() {
  local IFS=$' \t\n'
  local _a_words _a_current _a_quote _a_verb='' _a_kind='' _a_given=0 _a_literal='' _a_word
  local _a_options='' _a_values='' _a_arguments='' _a_command=''
  COMPREPLY=()
  __awsh_tab_split "${COMP_LINE:0:COMP_POINT}" "$1"
  for _a_word in ${_a_words[@]+"${_a_words[@]}"}; do
    if [[ -n $_a_kind ]]; then
      _a_kind=''
    elif [[ -z $_a_literal && $_a_word == -- ]]; then
      if [[ -n $_a_command ]]; then
        __awsh_tab_hand_over
        return 0
      fi
      _a_literal='yes'
    elif [[ -z $_a_literal && $_a_word == -?* ]]; then
      __awsh_tab_kind_of "$_a_word"
    elif [[ -z $_a_verb ]]; then
      _a_verb=$_a_word
      __awsh_tab_verb "$_a_verb" || return 0
    else
      _a_given=$((_a_given + 1))
    fi
  done
  __awsh_tab_candidates
  __awsh_tab_quote
}

# What fits the current word, unquoted, into COMPREPLY.
__awsh_tab_candidates() {
  local _a_before=''
  if [[ -n $_a_kind ]]; then
    __awsh_tab_offer_kind
  elif [[ -z $_a_literal && $_a_current == --*=* ]]; then
    _a_before=${_a_current%%=*}=
    __awsh_tab_kind_of "${_a_before%=}"
    __awsh_tab_offer_kind
  elif [[ -z $_a_literal && $_a_current == -* ]]; then
    __awsh_tab_offer_words "$_a_options $__awsh_tab_options"
    if [[ -n $_a_command ]]; then __awsh_tab_offer --; fi
  elif [[ -z $_a_verb ]]; then
    __awsh_tab_offer_words "$__awsh_tab_verbs"
  else
    local _a_each _a_at=0
    for _a_each in $_a_arguments; do
      if [[ $_a_at -eq $_a_given ]]; then _a_kind=$_a_each; fi
      _a_at=$((_a_at + 1))
    done
    if [[ -n $_a_command && $_a_given -ge $_a_at ]]; then __awsh_tab_offer --; fi
    __awsh_tab_offer_kind
  fi
}

# Cuts the line $1 into _a_words (those before the cursor's, unquoted, after the command's own name $2), _a_current and
# _a_quote: the quote that is open in it.
__awsh_tab_split() {
  local _a_line=$1 _a_name=$2 _a_at=0 _a_char _a_next _a_begun=''
  _a_words=() _a_current='' _a_quote=''
  while [[ $_a_at -lt ${#_a_line} ]]; do
    _a_char=${_a_line:_a_at:1} _a_next=${_a_line:_a_at+1:1}
    _a_at=$((_a_at + 1))
    case ${_a_quote:--}$_a_char in
      "''" | '""') _a_quote='' ;;
      \"\\)
        case $_a_next in
          [\"\\\$\`]) _a_current+=$_a_next _a_at=$((_a_at + 1)) ;;
          *) _a_current+=$_a_char ;;
        esac
        ;;
      [\'\"]*) _a_current+=$_a_char ;;
      -[\'\"]) _a_quote=$_a_char _a_begun='yes' ;;
      -\\) _a_current+=$_a_next _a_begun='yes' _a_at=$((_a_at + 1)) ;;
      -[[:space:]])
        if [[ -n $_a_begun ]]; then
          _a_words[${#_a_words[@]}]=$_a_current
          # What stands before awsh itself (assignments, sudo) is not ours.
          if [[ -n $_a_name && $_a_current == "$_a_name" ]]; then _a_words=() _a_name=''; fi
        fi
        _a_current='' _a_begun=''
        ;;
      *) _a_current+=$_a_char _a_begun='yes' ;;
    esac
  done
}

# Sets _a_kind to what the option $1 wants for a value; to nothing where it wants none. `-nd` wants what `-d` does.
__awsh_tab_kind_of() {
  local _a_option=$1 _a_each
  _a_kind=''
  if [[ $_a_option != --* && ${#_a_option} -gt 2 ]]; then _a_option=-${_a_option:${#_a_option}-1}; fi
  for _a_each in $_a_values $__awsh_tab_values; do
    if [[ ${_a_each%%=*} == "$_a_option" ]]; then _a_kind=${_a_each#*=}; fi
  done
}

__awsh_tab_offer() {
  if [[ $_a_before$1 == "$_a_current"* ]]; then COMPREPLY[${#COMPREPLY[@]}]=$_a_before$1; fi
}

# Each word of $1, which comes from the table above.
__awsh_tab_offer_words() {
  local _a_each
  for _a_each in $1; do __awsh_tab_offer "$_a_each"; done
}

__awsh_tab_offer_kind() {
  case $_a_kind in
    :profile) __awsh_tab_offer_names 'any' ;;
    :stored-profile) __awsh_tab_offer_names 'stored' ;;
    :region) __awsh_tab_offer_names 'region' ;;
    :directory) __awsh_tab_offer_folders ;;
    '' | :*) ;;
    *) __awsh_tab_offer_words "${_a_kind//,/ }" ;;
  esac
}

# Folders below what is typed, with their slash; a leading ~/ stays as it is.
__awsh_tab_offer_folders() {
  local _a_typed=${_a_current#"$_a_before"} _a_home='' _a_each
  case $_a_typed in
    \~/*) _a_home=${HOME-} _a_typed=$_a_home${_a_typed#\~} ;;
  esac
  for _a_each in "$_a_typed"*/; do
    if [[ -d $_a_each ]]; then
      if [[ -n $_a_home ]]; then _a_each=\~${_a_each#"$_a_home"}; fi
      __awsh_tab_offer "$_a_each"
    fi
  done
  if type compopt >/dev/null 2>&1; then compopt -o nospace 2>/dev/null; fi
}

# $1: any (all profiles), stored (those with a stored key) or region (the regions that profiles have).
__awsh_tab_offer_names() {
  local _a_cache=${XDG_CACHE_HOME-} _a_config _a_credentials _a_head _a_name _a_who _a_region _a_stored
  [[ $_a_cache == /* ]] || _a_cache=${HOME-}/.cache
  _a_cache=$_a_cache/awsh/profiles
  __awsh_tab_path "${AWS_CONFIG_FILE-}" config && _a_config=$_a_path
  __awsh_tab_path "${AWS_SHARED_CREDENTIALS_FILE-}" credentials && _a_credentials=$_a_path
  # Only a cache of ours that is newer than what it was made from; what is stored is written anew with each change.
  if [[ -O $_a_cache && -r $_a_cache ]] &&
    [[ $1 == stored || ! ($_a_config -nt $_a_cache || $_a_credentials -nt $_a_cache) ]]; then
    {
      IFS= read -r _a_head
      if [[ $1 == stored || $_a_head == "1"$'\t'"$_a_config"$'\t'"$_a_credentials" ]]; then
        while IFS=$'\t' read -r _a_name _a_who _a_region _a_stored; do
          case $1,$_a_stored,$_a_region in
            any,* | stored,stored,*) __awsh_tab_offer "$_a_name" ;;
            region,*,-) ;;
            region,*) __awsh_tab_offer "$_a_region" ;;
          esac
        done
        return 0
      fi
    } <"$_a_cache"
  fi
  if [[ $1 == any ]]; then
    __awsh_tab_offer_headers "$_a_config" 'profile'
    __awsh_tab_offer_headers "$_a_credentials" ''
  fi
}

# Sets _a_path to the AWS file $1, or to the default one called $2, as Node names it.
__awsh_tab_path() {
  case $1 in
    '') _a_path=${HOME-}/.aws/$2 ;;
    \~/*) _a_path=${HOME-}${1#\~} ;;
    /*) _a_path=$1 ;;
    *) _a_path=$PWD/$1 ;;
  esac
}

# The profiles whose headers stand in the file $1; in the config file they begin with the word $2.
__awsh_tab_offer_headers() {
  local _a_line
  [[ -f $1 && -r $1 ]] || return 0
  while IFS= read -r _a_line || [[ -n $_a_line ]]; do
    [[ $_a_line == *\[*\]* ]] || continue
    _a_line=${_a_line#$'\xef\xbb\xbf'}
    [[ $_a_line == \[* ]] || continue
    _a_line=${_a_line#\[} _a_line=${_a_line%%\]*}
    __awsh_tab_trim
    case $2,$_a_line in
      ,* | profile,default) ;;
      profile,profile[[:blank:]]*) _a_line=${_a_line#profile} ;;
      *) continue ;;
    esac
    __awsh_tab_trim
    case $_a_line in
      \"*\" | \'*\') _a_line=${_a_line:1:${#_a_line}-2} ;;
    esac
    [[ -z $_a_line || $_a_line == *[[:cntrl:]]* ]] || __awsh_tab_offer "$_a_line"
  done <"$1"
}

# Takes the blanks off both ends of _a_line.
__awsh_tab_trim() {
  _a_line=${_a_line#"${_a_line%%[![:blank:]]*}"}
  _a_line=${_a_line%"${_a_line##*[![:blank:]]}"}
}

# Writes COMPREPLY as the line wants it: quoted, and without what stands before the last word break, because there
# readline begins the word that it replaces.
__awsh_tab_quote() {
  local _a_at=0 _a_text _a_cut=0 _a_char
  if [[ -z $_a_quote ]]; then
    for ((_a_at = ${#_a_current}; _a_at > 0; _a_at--)); do
      _a_char=${_a_current:_a_at-1:1}
      if [[ $_a_char == [:=@] && ${COMP_WORDBREAKS-} == *"$_a_char"* ]]; then
        _a_cut=$_a_at
        # An @ is part of the word that it begins, for the sake of host names.
        if [[ $_a_char == @ ]]; then _a_cut=$((_a_at - 1)); fi
        break
      fi
    done
  fi
  for ((_a_at = 0; _a_at < ${#COMPREPLY[@]}; _a_at++)); do
    _a_text=${COMPREPLY[_a_at]:_a_cut}
    case $_a_quote,$_a_text in
      ,\~/?*)
        printf -v _a_text '%q' "${_a_text#\~/}"
        _a_text=\~/$_a_text
        ;;
      ,\~/ | ,) ;;
      ,*) printf -v _a_text '%q' "$_a_text" ;;
      \',*) _a_text=${_a_text//\'/\'\\\'\'} ;;
      *) __awsh_tab_escape ;;
    esac
    COMPREPLY[_a_at]=$_a_text
  done
}

# Escapes what is special inside double quotes in _a_text.
__awsh_tab_escape() {
  local _a_from=$_a_text _a_i
  _a_text=''
  for ((_a_i = 0; _a_i < ${#_a_from}; _a_i++)); do
    case ${_a_from:_a_i:1} in
      [\"\\\$\`]) _a_text+=\\ ;;
    esac
    _a_text+=${_a_from:_a_i:1}
  done
}

# After `exec PROFILE --`: the completion of the command that stands there.
__awsh_tab_hand_over() {
  local _a_at=0 _a_spec='' _a_function=' -F ([^[:space:]]+)'
  while [[ $_a_at -lt $COMP_CWORD && ${COMP_WORDS[_a_at]} != -- ]]; do _a_at=$((_a_at + 1)); done
  _a_at=$((_a_at + 1))
  if declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$_a_at"
    return
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$_a_at"
    return
  fi
  if [[ $COMP_CWORD -le $_a_at ]]; then
    while IFS= read -r _a_word; do COMPREPLY[${#COMPREPLY[@]}]=$_a_word; done < <(compgen -c -- "$_a_current")
    return
  fi
  _a_spec=$(complete -p "${COMP_WORDS[_a_at]##*/}" 2>/dev/null)
  if [[ $_a_spec =~ $_a_function ]]; then
    __awsh_tab_delegate "${BASH_REMATCH[1]}" "$_a_at"
  else
    __awsh_tab_default_files
  fi
}

# Calls the completion function $1 of the command that begins at COMP_WORDS[$2], as if it stood there alone.
__awsh_tab_delegate() {
  local _a_call=$1 _a_line=${COMP_LINE#*" -- "} _a_all=${#COMP_LINE} _a_point=$COMP_POINT _a_index=$COMP_CWORD
  local COMP_WORDS=("${COMP_WORDS[@]:$2}") COMP_LINE COMP_POINT COMP_CWORD
  COMP_CWORD=$((_a_index - $2)) COMP_LINE=$_a_line COMP_POINT=$((_a_point - _a_all + ${#_a_line}))
  "$_a_call" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
}

# Files, as for a command without a completion of its own. bash 3.2 has no compopt, and gets them without quoting help.
__awsh_tab_default_files() {
  if type compopt >/dev/null 2>&1; then
    compopt -o bashdefault -o default 2>/dev/null
  else
    while IFS= read -r _a_word; do COMPREPLY[${#COMPREPLY[@]}]=$_a_word; done < <(compgen -f -- "$_a_current")
    __awsh_tab_quote
  fi
}

complete -F __awsh_tab awsh

if [[ -n $__awsh_tab_aside ]]; then shopt -s expand_aliases; fi
unset __awsh_tab_aside
