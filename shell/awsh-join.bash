# shellcheck shell=bash disable=SC2034,SC2154 # sourced by bin/awsh, which sets and uses these names
# Sourced by the launcher for a hook's cold load. Prints the agent's reply and ends the launcher, or
# leaves everything to Node. Uses builtins only. Runs in bash 3.2.
#
# An agent that was too slow for the hook is asked once more with a longer limit: on a machine that
# slow, Node takes seconds to start. While the agent is gone, the load of one shell starts the next
# agent and opens the vault. The loads of other shells wait here for three seconds at most and then
# ask that agent.
#
# leases/load contains the id of the process that the others wait for, first the launcher and then
# Node. Node removes the file when it has answered, or before it asks the user. If two run at once,
# the work is only done twice.

# <wait-reply: npm run generate>
awsh_wait_reply='- wait 0 wait
set AWS_PROFILE awsh-blocked
set AWS_EC2_METADATA_DISABLED true
set AWS_REGION awsh-blocked
set AWS_DEFAULT_REGION awsh-blocked
shared 1
state wait
reason another command is fetching the session; this shell takes the session at its next prompt
next awsh refresh
end
'
# </wait-reply>

# Sets awsh_number to the number at the beginning of the file $1, if the file belongs to this user
# and is not a link.
awsh_read_number() {
  local IFS=' ' awsh_more
  awsh_number=''
  [[ -f $1 && -O $1 && ! -L $1 && -r $1 ]] && read -r -n 300 awsh_number awsh_more <"$1"
  [[ $awsh_number == [1-9]* && $awsh_number != *[!0-9]* && ${#awsh_number} -le 10 ]]
}

# Succeeds if another process leads the load and is still running.
awsh_is_led() {
  awsh_read_number "$awsh_gate" && kill -0 "$awsh_number"
}

# Prints the agent's reply and ends the launcher. Returns 0 if the agent has no reply, 1 if there is
# no agent, 2 if it does not answer.
awsh_ask_agent() {
  awsh_answer=$(
    set -- "$awsh_folder/agent" 1
    # shellcheck source=/dev/null
    . "$awsh_home/shell/awsh-ask.bash"
  ) || return
  [[ $awsh_answer == '- '* && $awsh_answer != '- cold '* ]] || return 0
  printf '%s\n' "$awsh_answer"
  exit 0
}

# Succeeds if this load leads and the others wait for it. Also succeeds if the file cannot be
# written: then each load proceeds by itself. A file left by a process that has died is overwritten.
awsh_lead_load() {
  if [[ -e $awsh_gate ]]; then
    # Another process may have come first while the agent was asked, and may not have written its
    # number yet.
    awsh_is_led && return 1
    [[ $awsh_number ]] || awsh_wait_step
    awsh_is_led && return 1
    echo "$$" >|"$awsh_gate" || return 0
  else
    set -C
    echo "$$" >"$awsh_gate"
    set +C
  fi
  awsh_read_number "$awsh_gate" && [[ $awsh_number == "$$" ]] && return
  # No number: another process is about to write its own, or the disk is full.
  [[ $awsh_number ]] || awsh_wait_step
  ! awsh_is_led
}

# Succeeds as long as this load has to wait for another one.
awsh_must_wait() {
  if awsh_is_led; then
    awsh_leader=${awsh_leader:-$awsh_number}
    # The first process that has waited too long takes over. The others then have a new leader.
    [[ $awsh_spent -ge 3000 && $awsh_number == "$awsh_leader" ]] || return 0
    echo "$$" >|"$awsh_gate"
    return 1
  fi
  awsh_status=1
  [[ $awsh_has_secret ]] || {
    awsh_ask_agent
    awsh_status=$?
  }
  case $awsh_status in
    # What the agent does not have yet, others may fetch at the same time: its leases prevent double
    # work.
    0) [[ $awsh_spent -gt 0 ]] || return 1 ;;
    # An agent that has gone is started by one load. If none was started because the agent is turned
    # off, do not wait for another load.
    1) [[ $awsh_spent -eq 0 || -e $awsh_folder/agent || -e $awsh_folder/agent.starting ]] || return 1 ;;
    *)
      awsh_waited=1000
      return 1
      ;;
  esac
  ! awsh_lead_load
}

# Waits a tenth of a second without a fork, or a whole second in bash 3.2. awsh_spent is the time
# waited so far, in milliseconds.
awsh_wait_step() {
  # A pipe that never has data and never ends.
  [[ $awsh_spent -gt 0 ]] || command exec 8<> <(:) || awsh_spent=3500
  if [[ ${BASH_VERSINFO[0]} -ge 5 ]]; then
    read -r -t 0.1 -u 8
    awsh_spent=$(((${EPOCHREALTIME/[!0-9]/} - awsh_begun) / 1000))
  elif [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then
    awsh_spent=$((awsh_spent + 100))
    read -r -t 0.1 -u 8
  else
    awsh_spent=$((awsh_spent + 1000))
    read -r -t 1 -u 8
  fi
}

awsh_folder=${XDG_RUNTIME_DIR-}
[[ $awsh_folder == /* && -d $awsh_folder && -O $awsh_folder && -w $awsh_folder && -x $awsh_folder ]] || awsh_folder=${XDG_STATE_HOME-}
[[ $awsh_folder == /* ]] || awsh_folder=${HOME-}/.local/state
awsh_folder+=/awsh
awsh_gate=$awsh_folder/leases/load
awsh_spent=0 awsh_leader='' awsh_begun=${EPOCHREALTIME/[!0-9]/}
# A proxy's password must not be sent to a port before the agent has sent its proof.
awsh_has_secret=''
[[ ${AWSH_REQUEST-} != *_[Pp][Rr][Oo][Xx][Yy]' '*@* ]] || awsh_has_secret=1
if [[ $awsh_folder == /* && -O $awsh_folder && ! -L $awsh_folder && -d $awsh_folder/leases && -O $awsh_folder/leases && ! -L $awsh_folder/leases &&
  ${AWSH_AGENT-} != off && (${CI:-0} == 0 || $CI == false) && ${AWSH_REQUEST-} != *"${awsh_lf}refresh 1$awsh_lf"* ]]; then
  {
    while awsh_must_wait; do
      # If nothing was found, more Node processes would only slow the others down. `awsh use` needs
      # a full answer.
      if [[ $awsh_spent -ge 3500 && ${AWSH_REQUEST-} != *"${awsh_lf}use 1$awsh_lf"* ]]; then
        printf '%s' "$awsh_wait_reply"
        exit 0
      fi
      [[ $awsh_spent -lt 3500 ]] || break
      awsh_wait_step
    done
  } 2>/dev/null
  if [[ $awsh_spent -gt 0 ]]; then
    command exec 8>&-
    awsh_waited=$awsh_spent
  fi
fi
