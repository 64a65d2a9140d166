#!/bin/bash
# Ends well while the machine is active in the Swarm that is meant; one that was made anew has another id, and its
# former workers do not notice. Environment: cluster_id.
set -euo pipefail
state=$(timeout 10 docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}')
[ "${state%% *}" = active ] || { echo "this machine is not active in the Swarm: $state" >&2; exit 1; }
# A node's certificate tells its Swarm as the organization.
member_of=$(openssl x509 -noout -subject -nameopt multiline -in /var/lib/docker/swarm/certificates/swarm-node.crt |
  awk '$1 == "organizationName" {print $3}')
[ "$member_of" = "$cluster_id" ] || { echo "this machine is in another Swarm, $member_of instead of $cluster_id" >&2; exit 1; }
