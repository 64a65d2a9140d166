#!/bin/bash
# Ends well while the manager has the Swarm's state to answer from, and it is the Swarm that the others know.
# Environment: cluster_id.
set -euo pipefail
timeout 10 docker node ls --quiet >/dev/null
live=$(timeout 10 docker info --format '{{.Swarm.Cluster.ID}}')
[ "$live" = "$cluster_id" ] || { echo "this machine manages another Swarm, $live instead of $cluster_id" >&2; exit 1; }
