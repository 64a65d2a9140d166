#!/bin/bash
# Ends well while the machine forwards packets, has nothing but its bare address (/32) on the Apache side, and refuses
# what is for that side when no router gives a better way. Environment: apache_subnet, apache_side_address.
set -euo pipefail

lacks() {
  echo "$1" >&2
  exit 1
}

[ "$(sysctl -n net.ipv4.ip_forward)" = 1 ] || lacks 'the machine does not forward packets'
device=$(ip -4 -o address show to "$apache_side_address" | awk '{print $2; exit}')
[ -n "$device" ] || lacks "no interface has $apache_side_address"
addresses=$(ip -4 -o address show dev "$device" | awk '{print $4}' | xargs)
[ "$addresses" = "$apache_side_address/32" ] || lacks "$device has $addresses instead of $apache_side_address/32"
ip route show table all exact "$apache_subnet" | grep -q '^unreachable' || lacks "nothing refuses $apache_subnet without a router"
systemctl is-enabled --quiet between-networks || lacks 'this would not be so after a reboot'
