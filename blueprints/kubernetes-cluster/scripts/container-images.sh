#!/bin/bash
# Imports image archives that the machine brings along, so that nothing is pulled; archives that are not there
# are passed over. Environment: image_archives (a JSON list of paths).
set -euo pipefail

mapfile -t archives < <(python3 -c 'import json, os; print(*json.loads(os.environ["image_archives"]), sep="\n")')
marks=/var/lib/containerd/imported-archives
mkdir -p "$marks"

import() {
  local archive=$1 mark
  mark=$marks/$(stat -c '%s-%Y' "$archive")-$(basename "$archive")
  [ -e "$mark" ] && return
  ctr --namespace k8s.io images import "$archive" >/dev/null
  touch "$mark"
}

imports=()
for archive in "${archives[@]}"; do
  [ -r "$archive" ] || continue
  import "$archive" &
  imports+=($!)
done
for process in "${imports[@]}"; do wait "$process"; done
