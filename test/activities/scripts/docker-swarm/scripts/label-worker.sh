#!/bin/bash
# On the manager, for a worker that joined.
node=$(ctx source instance runtime-properties swarm.node_id)
role=$(ctx source instance runtime-properties swarm.label)
sudo docker node update --label-add "role=$role" "$node" >/dev/null
ctx source instance runtime-properties labelled_on "$(ctx target instance host_ip)"
ctx target instance runtime-properties workers "@[\"$node\"]"
