#!/bin/bash
# Takes the way to the network behind the router back, now and for the next boot.
set -euo pipefail
former=/var/lib/way-to-quagga-net
systemctl disable --quiet --now way-to-quagga-net 2>/dev/null || true
if [ -e "$former" ]; then
  ip route delete "$(cat "$former")" || true
fi
rm -f "$former" /etc/default/way-to-quagga-net /usr/local/sbin/way-to-quagga-net \
  /etc/systemd/system/way-to-quagga-net.service
systemctl daemon-reload
