#!/bin/bash
# Environment: IP.
ctx logger info "starting the manager on ${IP}"
sudo docker swarm init --advertise-addr $IP >/dev/null || ctx abort_operation "the Swarm cannot be made"
ctx instance runtime-properties manager_token "$(sudo docker swarm join-token -q manager)"
ctx instance runtime_properties worker_token "$(sudo docker swarm join-token -q worker)"
ctx returns "$(sudo docker info --format '{{.Swarm.NodeID}}')"
