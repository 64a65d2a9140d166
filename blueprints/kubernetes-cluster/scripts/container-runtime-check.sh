#!/bin/bash
# Ends well while containerd answers.
set -euo pipefail
systemctl is-active --quiet containerd || { echo 'containerd is not running' >&2; exit 1; }
timeout 10 ctr version >/dev/null
