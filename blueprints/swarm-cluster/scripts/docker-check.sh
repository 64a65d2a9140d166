#!/bin/bash
# Ends well while Docker answers.
set -euo pipefail
timeout 10 docker info --format '{{.ServerVersion}}' >/dev/null
