#!/bin/bash
# Takes from a host that is given back what the Swarm left on it. Packages stay. What was there before of files and
# services is put back by Braid itself. May run twice.
set -euo pipefail

main() {
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    leave_swarm
    remove_images
  fi
  rm -rf /var/lib/docker/loaded-archives
  forget_rules
}

leave_swarm() {
  [ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = inactive ] || docker swarm leave --force
  local containers
  mapfile -t containers < <(docker ps --all --quiet --filter label=com.docker.swarm.service.id)
  [ ${#containers[@]} -eq 0 ] || docker rm --force --volumes "${containers[@]}" >/dev/null
  ! docker network inspect docker_gwbridge >/dev/null 2>&1 || docker network rm docker_gwbridge >/dev/null
}

# Those that the archives brought; their marks tell them.
remove_images() {
  local image
  for image in $(cat /var/lib/docker/loaded-archives/* 2>/dev/null); do
    ! docker image inspect "$image" >/dev/null 2>&1 || docker image rm --force "$image" >/dev/null
  done
}

# A Docker that was there before makes its own anew when it is restarted.
forget_rules() {
  # Not DOCKER_OUTPUT and the like, which an engine around the host may have made.
  local tool rules own='DOCKER([^_]|$)|docker0|docker_gwbridge'
  systemctl stop docker.socket docker.service 2>/dev/null || true
  for tool in iptables ip6tables; do
    command -v $tool-save >/dev/null || continue
    rules=$($tool-save 2>/dev/null)
    grep -Eq "$own" <<<"$rules" || continue
    grep -Ev "$own" <<<"$rules" | $tool-restore
    $tool --policy FORWARD ACCEPT
  done
  ! ip link show docker0 >/dev/null 2>&1 || ip link delete docker0
}

main
