#!/bin/bash
# Loads image archives that the machine brings along, so that nothing is pulled; archives that are not there are
# passed over. Environment: image_archives (a JSON list of paths).
set -euo pipefail

mapfile -t archives < <(python3 -c 'import json, os; print(*json.loads(os.environ["image_archives"]), sep="\n")')
marks=/var/lib/docker/loaded-archives
mkdir -p "$marks"

for archive in "${archives[@]}"; do
  [ -r "$archive" ] || continue
  mark=$marks/$(stat -c '%s-%Y' "$archive")-$(basename "$archive")
  [ -e "$mark" ] && continue
  docker load --quiet --input "$archive" | sed -n 's/^Loaded image: //p' >"$mark.new"
  mv "$mark.new" "$mark"
done
