#!/bin/bash
# A worker of the Swarm. What it makes known: node_id.
# Environment: address (its own), manager_address, cluster_id, token (a secret: it goes to Docker's API, not onto a command line).
set -euo pipefail

swarm() { docker info --format "{{.Swarm.$1}}"; }

main() {
  # After a reboot it is `pending` until the manager answers; a manager that was made anew never does.
  [ "$(swarm LocalNodeState)" != pending ] || wait_until_active 15 || true
  case $(swarm LocalNodeState) in
    inactive) join ;;
    active) [ "$(member_of)" = "$cluster_id" ] || rejoin ;;
    *) rejoin ;;
  esac
  if ! wait_until_active 60; then
    echo "this machine is not active in the Swarm: $(swarm Error)" >&2
    exit 1
  fi
  ctx instance runtime-properties node_id "$(swarm NodeID)"
}

rejoin() {
  docker swarm leave --force >/dev/null
  join
}

# The Swarm's id, which a node's certificate tells as the organization.
member_of() {
  openssl x509 -noout -subject -nameopt multiline -in /var/lib/docker/swarm/certificates/swarm-node.crt |
    awk '$1 == "organizationName" {print $3}'
}

join() {
  local answer
  answer=$(join_request | curl --silent --show-error --unix-socket /var/run/docker.sock \
    --header 'Content-Type: application/json' --data @- --write-out '%{http_code}' http://docker/swarm/join)
  [ "$answer" = 200 ] || { echo "cannot join the Swarm at $manager_address: $answer" >&2; exit 1; }
}

join_request() {
  printf '{"ListenAddr": "%s:2377", "AdvertiseAddr": "%s", "RemoteAddrs": ["%s:2377"], "JoinToken": "%s"}' \
    "$address" "$address" "$manager_address" "$token"
}

# For as many seconds as are given.
wait_until_active() {
  local deadline=$((SECONDS + $1))
  until [ "$(swarm LocalNodeState)" = active ]; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

main
