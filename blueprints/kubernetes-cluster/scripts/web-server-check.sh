#!/bin/bash
# Ends well while Apache serves the page given. Environment: page.
set -euo pipefail
served=$(curl --fail --silent --show-error --max-time 5 http://127.0.0.1/)
[ "$served" = "$page" ] || { echo "Apache serves another page: $served" >&2; exit 1; }
