#!/bin/bash
set -e
command -v dockerd >/dev/null || { apt-get update -qq && apt-get install -y -qq docker.io; }
systemctl enable --quiet docker
systemctl start docker
