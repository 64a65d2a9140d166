#!/bin/bash
# Over SSH, what the userdata in blueprint.yaml does at the first boot: a unit that, at each boot, forwards packets and
# leaves nothing but the bare address (/32) on the Apache side. What was there is remembered for clean-host.sh.
# Environment: apache_subnet, apache_side_address.
set -euo pipefail

main() {
  remember_before
  put_unit
  systemctl daemon-reload
  systemctl enable --quiet between-networks
  systemctl restart between-networks || {
    journalctl --unit between-networks --lines 5 --no-pager --output cat >&2
    exit 1
  }
}

remember_before() {
  local before=/var/lib/between-networks device
  [ ! -d "$before" ] || return 0
  device=$(ip -4 -o address show to "$apache_side_address" | awk '{print $2; exit}')
  rm -rf "$before.new"
  mkdir "$before.new"
  echo "$device" >"$before.new/device"
  ip -4 -o address show dev "$device" | awk '{print $4}' >"$before.new/addresses"
  ip -4 route show dev "$device" | grep -v 'proto kernel' >"$before.new/routes" || true
  sysctl -n net.ipv4.ip_forward >"$before.new/forward"
  mv "$before.new" "$before"
}

put_unit() {
  cat > /etc/default/between-networks <<END
apache_side_address=$apache_side_address
apache_subnet=$apache_subnet
END
  cat > /usr/local/sbin/between-networks <<'END'
#!/bin/sh
set -eu
sysctl -q -w net.ipv4.ip_forward=1
interface() {
  ip -4 -o address show to "$apache_side_address" | awk '{print $2; exit}'
}
until device=$(interface) && [ -n "$device" ]; do sleep 0.2; done
ip address replace "$apache_side_address/32" dev "$device"
ip -4 -o address show dev "$device" | awk '$4 !~ "/32$" {print $4}' | while read -r wide; do
  ip address delete "$wide" dev "$device"
done
# The highest metric there is to FRR (administrative distance 255): any router's route is better.
ip route replace unreachable "$apache_subnet" metric 4278198272
END
  chmod 755 /usr/local/sbin/between-networks
  cat > /etc/systemd/system/between-networks.service <<'END'
[Unit]
Description=Forwarding between the cluster's and the Apache servers' networks
Wants=network-online.target
After=network-online.target
Before=kubelet.service
[Service]
Type=oneshot
RemainAfterExit=true
EnvironmentFile=/etc/default/between-networks
ExecStart=/usr/local/sbin/between-networks
TimeoutStartSec=120
[Install]
WantedBy=multi-user.target
END
}

main
