#!/bin/bash -p
# Asks the agent for fish, which has no sockets of its own: writes the request of AWSH_REQUEST to the agent that the state
# file $1 names, and prints its reply with a `-` in place of the proof, as Node's replies have it. Builtins alone. What
# the agent knows us by, and we the agent, stays in here: it is in no argument, no variable of fish, no environment.
#
# Waits for a quarter of a second, or for $2 seconds, and then twice as long again while the agent is busy.
#
# Exit status: 0 with a whole reply. 1 if no agent listens there, or if, with $2, the agent has closed the connection. 2 if what
# listens there does not answer as an agent does. With 1 and 2 it has printed nothing.
#
# -p keeps BASH_ENV, exported functions and SHELLOPTS of the caller out of this shell. Runs in bash 3.2.
{ set +x; } 2>/dev/null
LC_ALL=C
lf=$'\n' port='' pid='' version='' token='' proof='' more='' reply='' connected=''

# The state file is one line, `PORT PID VERSION TOKEN PROOF`, and our own in a folder of our own.
state=${1-}
[[ -O ${state%/*} && -f $state && ! -L $state && -O $state && -r $state ]] || exit 1
IFS=' ' read -r -n 300 port pid version token proof more <"$state" || exit 1
[[ -z $more && $pid == [1-9]* && $pid != *[!0-9]* && $version && $version != *[!0-9A-Za-z.+-]* &&
  $port == [1-9]* && $port != *[!0-9]* && ${#port} -le 5 &&
  ${#token} == 64 && ${#proof} == 64 && $token$proof != *[!0-9a-f]* ]] || exit 1

# An agent of an older awsh is Node's to replace: it counts as nobody here.
package=${BASH_SOURCE[0]%/*}/../package.json name='' own=''
if [[ -f $package && -r $package ]]; then
  { read -r name && read -r name && read -r own; } <"$package"
  own=${own#'"version": "'}
  own=${own%'",'}
  [[ $name == '"name": "awsh",' && $own != "$version" &&
    "$own $version" =~ ^([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?)[^\ ]*\ ([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(-?) ]] &&
    ((2 * (10#${BASH_REMATCH[1]} * 100000000 + 10#${BASH_REMATCH[2]} * 10000 + 10#${BASH_REMATCH[3]}) - ${#BASH_REMATCH[4]} > \
    2 * (10#${BASH_REMATCH[5]} * 100000000 + 10#${BASH_REMATCH[6]} * 10000 + 10#${BASH_REMATCH[7]}) - ${#BASH_REMATCH[8]})) && exit 1
fi

# True if the agent's process is in the state $1, as the kernel knows it: R, it has work to do; T, it was stopped.
is_in_state() {
  local stat=''
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null
  [[ ${stat##*') '} == "$1"* ]]
}

# It cannot answer.
! is_in_state T || exit 2

# The time is for the whole reply. -N reads blocks where -d reads single bytes; bash 3.2 knows whole seconds
# alone. Whoever has the port may have closed it already, and a write to that would end this shell.
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
