#!/bin/bash
# The way to the network behind the router, as the machine's own unit makes it at each boot.
# Environment: quagga_net, quagga_host.
set -euo pipefail
systemctl enable --quiet way-to-quagga-net
systemctl restart way-to-quagga-net
