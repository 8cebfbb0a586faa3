# A segment for powerlevel10k: the profile and the time left, or why nothing is loaded. Source it
# from ~/.p10k.zsh or ~/.zshrc, and add `awsh` to POWERLEVEL9K_LEFT_PROMPT_ELEMENTS or
# POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS; the lines are in docs/prompt.md.
#
# Its look is set like that of every segment: POWERLEVEL9K_AWSH_FOREGROUND, or for one of the states
# LOADED, ENDING (under a quarter of an hour) and ALERT (under five minutes, protected, blocked)
# POWERLEVEL9K_AWSH_ALERT_FOREGROUND and so on. There is no instant_prompt_awsh, because it would
# show the profile of an earlier shell.

prompt_awsh() {
  local state=LOADED colour=2
  # The colour that the hook uses in its own prompt.
  case ${__awsh_shown-} in
    (*{yellow}*) state=ENDING colour=3 ;;
    (*{red}*) state=ALERT colour=1 ;;
  esac
  # Expanded each time the prompt is drawn, so that it counts down. % has no special meaning in it.
  p10k segment -s $state -f $colour -c '${AWSH_SEGMENT-}' -e -t '${AWSH_SEGMENT//\%/%%}'
}
