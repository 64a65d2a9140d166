#!/bin/bash
# Apache with the page given, running now and after a reboot. Ends when it serves the page.
# Environment: page.
set -euo pipefail

if ! command -v apache2 >/dev/null || ! command -v curl >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends apache2 curl
fi

document=/var/www/html/index.html
if [ "$(cat $document 2>/dev/null || true)" != "$page" ]; then
  printf '%s\n' "$page" >$document.new
  mv $document.new $document
fi
systemctl enable --quiet apache2
systemctl start apache2

until [ "$(curl --fail --silent --max-time 2 http://127.0.0.1/ || true)" = "$page" ]; do
  [ $SECONDS -lt 60 ] || { echo 'Apache does not serve the page' >&2; exit 1; }
  sleep 0.1
done
