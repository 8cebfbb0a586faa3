#!/bin/bash -p
# Asks the agent for fish, which has no sockets of its own: sends the request in AWSH_REQUEST to the
# agent that the state file $1 names, and prints its reply with a `-` in place of the proof, the
# same form as Node's replies. Uses builtins only. The token and the proof stay in this process: in
# no argument, no variable of fish and no environment.
#
# Waits for a quarter of a second, or for $2 seconds. While the agent is busy, it waits once more
# for twice that time.
#
# Exit status: 0 with a complete reply. 1 if no agent listens there or if, with $2, the agent has
# closed the connection. 2 if the listener does not answer as an agent does. With 1 and 2 nothing is
# printed.
#
# -p keeps the caller's BASH_ENV, exported functions and SHELLOPTS out of this shell. Runs in bash
# 3.2.
{ set +x; } 2>/dev/null
LC_ALL=C
lf=$'\n' port='' pid='' version='' token='' proof='' more='' reply='' connected=''

# The state file is one line, `PORT PID VERSION TOKEN PROOF`. The file and its folder must belong to
# the user.
state=${1-}
[[ -O ${state%/*} && -f $state && ! -L $state && -O $state && -r $state ]] || exit 1
# <state-line: npm run generate>
IFS=' ' read -r -n 256 port pid version token proof more <"$state" || exit 1
[[ $port$pid != *[!0-9]* && $port == [1-9]* && $pid == [1-9]* &&
  ${#port} -le 5 && $port -le 65535 && ${#pid} -le 10 && ! $more &&
  $version && $version != *[!0-9A-Za-z.+-]* && ${#version} -le 40 &&
  ${#token}${#proof} == 6464 && $token$proof != *[!0-9a-f]* ]] || exit 1
# </state-line>

# An agent of an older awsh is replaced by Node: here it counts as no agent.
package=${BASH_SOURCE[0]%/*}/../package.json name='' own=''
if [[ -f $package && -r $package ]]; then
  { read -r name && read -r name && read -r own; } <"$package"
  own=${own#'"version": "'}
  own=${own%'",'}
  if [[ $name == '"name": "awsh",' && $own != "$version" ]]; then
    # <newer-version: npm run generate>
    [[ "$own $version" =~ ^([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?)[^\ ]*\ ([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?) ]] &&
      ((2 * (10#${BASH_REMATCH[1]} * 100000000 + 10#${BASH_REMATCH[2]} * 10000 + 10#${BASH_REMATCH[3]}) - ${#BASH_REMATCH[4]} > \
      2 * (10#${BASH_REMATCH[5]} * 100000000 + 10#${BASH_REMATCH[6]} * 10000 + 10#${BASH_REMATCH[7]}) - ${#BASH_REMATCH[8]})) && exit 1
    # </newer-version>
  fi
fi

# Succeeds if the agent's process is in the kernel's state $1: R (running) means it is busy, T means
# it was stopped.
is_in_state() {
  local stat=''
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null
  [[ ${stat##*') '} == "$1"* ]]
}

# A stopped process cannot answer.
! is_in_state T || exit 2

# The time limit is for the whole reply. -N reads blocks, and -d reads single bytes; bash 3.2 only
# knows whole seconds. The listener may already have closed the connection; without the trap,
# writing to it would end this shell.
trap '' PIPE
request=${AWSH_REQUEST#- }
{
  connected=1
  printf '%s\n' "$token ${request%"$lf"}" >&9
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 401)); then
    IFS= read -r -t "${2:-0.25}" -N 65536 -u 9 reply
    status=$?
    if [[ ! $reply && ${2-} && $status -gt 128 ]] && is_in_state R; then
      IFS= read -r -t "$((2 * $2))" -N 65536 -u 9 reply
      status=$?
    fi
    [[ $reply || ! ${2-} || $status -gt 128 ]] || connected=''
  elif ((BASH_VERSINFO[0] >= 4)); then
    IFS= read -r -t "${2:-0.25}" -d '' -u 9 reply
  else
    IFS= read -r -t 1 -d '' -u 9 reply
  fi
} 2>/dev/null 9<>"/dev/tcp/127.0.0.1/$port"
[[ $connected ]] || exit 1
[[ $reply == "$proof "*"${lf}end$lf" ]] || exit 2
printf '%s' "-${reply#"$proof"}"
