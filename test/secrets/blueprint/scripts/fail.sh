#!/bin/bash
set -ux
echo "noted $note"
base64 <<<"$given"
echo "made $made"
echo "wished $wish $joined_wish" | tee /tmp/wish
exit 1
