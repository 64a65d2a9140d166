#!/bin/bash
# Takes the way that way-over-ssh.sh set back, now and for the next boot.
set -euo pipefail
systemctl disable --quiet --now way-to-quagga-net 2>/dev/null || true
rm -f /etc/systemd/system/way-to-quagga-net.service
systemctl daemon-reload
