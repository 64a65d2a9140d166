#!/bin/sh
# Ends well while the page is served. Environment: page, port.
set -eu
[ "$(curl --fail --silent --max-time 5 "http://127.0.0.1:$port/")" = "$page" ]
