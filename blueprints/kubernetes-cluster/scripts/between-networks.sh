#!/bin/bash
# Forwarding and the bare address on the Apache side, as the machine's own unit makes them at each boot.
set -euo pipefail
systemctl enable --quiet between-networks
systemctl restart between-networks
