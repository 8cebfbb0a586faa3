#!/bin/bash -p
# keep-port.bash NODE PROGRAM PID ORDERS: keeps the port of one `exec --server`. Descriptor 3 is the
# listening socket. Stdin is a pipe from the server, which writes `over` before it ends with the
# command (PID). If the pipe ends without that word, the server has died or awsh was locked. Then a
# program without credentials takes over the socket and answers 403 until the command and all its
# children that have the token have ended. While this shell has the socket, no other user can listen
# on its port (security rule 25).
set +x
trap '' HUP INT TERM
[[ $# == 4 && -S /dev/fd/3 ]] || exit 1
echo ready
exec >/dev/null 2>&1
while IFS= read -r keep_port_word; do
  [[ $keep_port_word != over ]] || exit 0
done
exec </dev/null
# Status 0: every process that may ask here has ended.
until echo "$4" | "$1" --inspect-port=192.0.2.1:9229 --v8-pool-size=1 "$2" _serve; do
  kill -0 "$3" || exit 0
  command -p sleep 1
done
