#!/bin/bash
# The Swarm's first manager. What it makes known: manager_ip, node_id, cluster_id, and the workers' token as a secret.
# Environment: address, address_pool (where overlay networks get their subnets).
set -euo pipefail

swarm() { docker info --format "{{.Swarm.$1}}"; }

if [ "$(swarm ControlAvailable)" != true ]; then
  # It prints the token.
  docker swarm init --advertise-addr "$address" --listen-addr "$address" --default-addr-pool "$address_pool" >/dev/null
fi

ctx instance runtime-properties manager_ip "$address"
ctx instance runtime-properties node_id "$(swarm NodeID)"
ctx instance runtime-properties cluster_id "$(swarm Cluster.ID)"
docker swarm join-token --quiet worker | ctx instance secret worker_token
