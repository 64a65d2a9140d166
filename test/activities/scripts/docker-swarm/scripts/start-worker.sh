#!/bin/bash
# Environment: IP, MASTERIP, TOKEN, LABEL.
[ -n "$TOKEN" ] || ctx retry_operation "the manager has not told its token yet"
ctx logger info "$(ctx node name) joins ${MASTERIP} as $(ctx instance id)"
sudo docker swarm join --token $TOKEN --advertise-addr $IP $MASTERIP:2377 || exit 7
ctx instance runtime-properties swarm.node_id $(sudo docker info --format '{{.Swarm.NodeID}}')
ctx instance runtime-properties swarm.label "$LABEL"
