#!/bin/bash
# Says what it is given and what it makes, but never on a command line.
set -eux
echo "given $given"
made=$(head -c 48 /dev/urandom | base64)
ctx instance secret made <<<"$made"
echo "made $made"
# A host that was taken over asks for what is not for it.
ctx instance runtime-properties wish '@{"get_secret": "own/admin"}'
# What is no secret may be seen in a list of processes, and lie about.
sh -c 'sleep 2; true' "$note"
echo "$note" >"/tmp/note"
