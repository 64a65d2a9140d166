#!/bin/sh
# Serves the page; may run any number of times. Environment: page, port, address.
set -eu
mkdir -p /srv/hello
printf '%s\n' "$page" > /srv/hello/index.html
systemctl is-active --quiet hello ||
  systemd-run --quiet --collect --unit=hello python3 -m http.server --directory /srv/hello "$port"
ctx instance runtime-properties url "http://$address:$port/"
