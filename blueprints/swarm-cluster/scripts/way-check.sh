#!/bin/bash
# Ends well while the machine sends what is for the network behind the router to the router, and will after a reboot.
# Environment: quagga_net, quagga_host.
set -euo pipefail
way=$(ip route show exact "$quagga_net")
case $way in
  *" via $quagga_host "*) ;;
  *) echo "the way to $quagga_net is not via $quagga_host: ${way:-there is none}" >&2; exit 1 ;;
esac
systemctl is-enabled --quiet way-to-quagga-net || { echo 'the way would not be there after a reboot' >&2; exit 1; }
