#!/bin/bash
# Docker: installed, configured, running now and after a reboot.
# Environment: docker_configuration (a JSON object: what to add to daemon.json).
set -euo pipefail

main() {
  install_what_lacks
  local changed=false
  configure && changed=true
  systemctl enable --quiet docker
  if $changed; then systemctl restart docker; else systemctl start docker; fi
  timeout 60 sh -c 'until docker info >/dev/null 2>&1; do sleep 0.1; done'
}

install_what_lacks() {
  local packages=() command
  command -v dockerd >/dev/null || packages+=(docker.io)
  for command in curl iptables openssl python3; do
    command -v "$command" >/dev/null || packages+=("$command")
  done
  [ ${#packages[@]} -eq 0 ] && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "${packages[@]}" ca-certificates
}

# Succeeds when that changed the configuration.
configure() {
  python3 - <<'END'
import json, os, pathlib, sys

file = pathlib.Path('/etc/docker/daemon.json')
present = json.loads(file.read_text()) if file.exists() else {}
wanted = {**present, **json.loads(os.environ['docker_configuration'])}
if wanted == present:
    sys.exit(1)
file.parent.mkdir(exist_ok=True)
file.write_text(json.dumps(wanted, indent=2) + '\n')
END
}

main
