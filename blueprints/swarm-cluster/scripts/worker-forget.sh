#!/bin/bash
# On the manager: removes a worker that has left from the list of nodes. Environment: node_id.
set -euo pipefail
[ -n "$node_id" ] || exit 0
if docker node inspect "$node_id" >/dev/null 2>&1; then
  docker node rm --force "$node_id"
fi
