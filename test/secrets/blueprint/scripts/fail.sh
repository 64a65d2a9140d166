#!/bin/bash
set -ux
echo "noted $note"
base64 <<<"$given"
echo "made $made"
exit 1
