#!/bin/bash
# Sets the way to the network behind the router on a machine that runs, now and at each boot, in the place of a former
# one. Environment: quagga_net, quagga_host.
set -euo pipefail
unit=/etc/systemd/system/way-to-quagga-net.service

ip route replace "$quagga_net" via "$quagga_host"
# At boot the interface may get its address only later.
cat >"$unit.new" <<END
[Unit]
Description=The way to the network behind the router
Wants=network-online.target
After=network-online.target
Before=docker.service
[Service]
Type=oneshot
RemainAfterExit=true
ExecStart=/bin/sh -c 'until ip route replace $quagga_net via $quagga_host; do sleep 0.2; done'
ExecStop=-/bin/sh -c 'ip route delete $quagga_net via $quagga_host'
TimeoutStartSec=120
[Install]
WantedBy=multi-user.target
END
if ! cmp --silent "$unit.new" "$unit"; then
  # Takes the former way back.
  systemctl stop way-to-quagga-net 2>/dev/null || true
  mv "$unit.new" "$unit"
  systemctl daemon-reload
fi
rm -f "$unit.new"
systemctl enable --quiet --now way-to-quagga-net
