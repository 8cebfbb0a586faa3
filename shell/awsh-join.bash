# shellcheck shell=bash disable=SC2034,SC2154 # sourced by bin/awsh, which sets and uses these names
# Sourced by the launcher for a hook's cold load. While the agent is gone, one shell's load starts the next one and opens the
# vault; those of the others wait here for three seconds at most, by builtins, and then ask that agent. Prints the agent's reply
# and ends the launcher, or leaves everything to Node. Runs in bash 3.2.
#
# leases/load holds the number of the process that the others wait for, which is the launcher's and then Node's. Node removes
# the file when it has answered, or before it asks the user. Nothing depends on it: two at once do the same work twice.

# Sets awsh_number to the number that the file $1 begins with, if it is this user's own, and no link.
awsh_read_number() {
  local IFS=' ' awsh_more
  awsh_number=''
  [[ -f $1 && -O $1 && ! -L $1 && -r $1 ]] && read -r -n 300 awsh_number awsh_more <"$1"
  [[ $awsh_number == [1-9]* && $awsh_number != *[!0-9]* && ${#awsh_number} -le 10 ]]
}

# True if another process has said that it leads, and runs.
awsh_is_led() {
  awsh_read_number "$awsh_gate" && kill -0 "$awsh_number"
}

# True if a process has the port of the agent. The agent's process number proves nothing: a dead agent keeps it until its parent
# has waited for it.
awsh_has_agent() {
  awsh_read_number "$awsh_folder/agent" && [[ $awsh_number -le 65535 ]] && : 9<>"/dev/tcp/127.0.0.1/$awsh_number"
}

# True if others wait for this load now. What one that died has left is overwritten.
awsh_lead_load() {
  if [[ -e $awsh_gate ]]; then
    echo "$$" >|"$awsh_gate"
  else
    awsh_status=1
    set -C
    ! echo "$$" >"$awsh_gate" || awsh_status=0
    set +C
    return "$awsh_status"
  fi
}

# True as long as another load is to be waited for.
awsh_must_wait() {
  awsh_is_led && return
  if awsh_has_agent; then
    # At first this is the one that the hook has asked.
    [[ $awsh_step -gt 0 ]] || return
    awsh_answer=$(/bin/bash -p "$awsh_home/shell/awsh-ask.bash" "$awsh_folder/agent" </dev/null)
    if [[ $awsh_answer == '- '* && $awsh_answer != '- cold '* ]]; then
      printf '%s\n' "$awsh_answer"
      exit 0
    fi
  elif [[ $awsh_step -gt 0 ]]; then
    # It came to nothing: nobody has to wait for another one.
    return 1
  fi
  ! awsh_lead_load
}

# A tenth of a second, without a fork; bash 3.2 knows whole seconds alone.
awsh_wait_step() {
  if [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then
    awsh_step=$((awsh_step + 1))
    read -r -t 0.1 -u 8
  else
    awsh_step=$((awsh_step + 10))
    read -r -t 1 -u 8
  fi
}

awsh_folder=${XDG_RUNTIME_DIR-}
[[ $awsh_folder == /* ]] || awsh_folder=${XDG_STATE_HOME-}
[[ $awsh_folder == /* ]] || awsh_folder=${HOME-}/.local/state
awsh_folder+=/awsh
awsh_gate=$awsh_folder/leases/load
awsh_step=0
if [[ $awsh_folder == /* && -O $awsh_folder && ! -L $awsh_folder && -d $awsh_folder/leases && -O $awsh_folder/leases && ! -L $awsh_folder/leases &&
  ${AWSH_AGENT-} != off && (${CI:-0} == 0 || $CI == false) && ${AWSH_REQUEST-} != *"${awsh_lf}refresh 1$awsh_lf"* ]]; then
  while awsh_must_wait && [[ $awsh_step -lt 30 ]]; do
    # A pipe that nobody writes to, and whose end does not come.
    [[ $awsh_step -gt 0 ]] || command exec 8<> <(:) || break
    awsh_wait_step
  done 2>/dev/null
  if [[ $awsh_step -gt 0 ]]; then
    command exec 8>&-
    awsh_waited=$((awsh_step * 100))
  fi
fi
