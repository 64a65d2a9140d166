#!/bin/bash
# The service chain by hand: what `hybrid-service-chain/chain.yaml` makes of nothing, by docker, ssh, kubectl and curl
# alone, each step as soon as what it needs is there. The floor that Braid is measured against.
#
#   chain.sh install    ends when the chain is proven; run again, it finds that nothing is to be done
#   chain.sh heal       makes the router anew, ends when both pages come through it
#   chain.sh uninstall
#
#   NAME        what machines and networks are called, and the lab that they belong to
#   NETWORK     first two numbers of all addresses, 10.100
#   STATE       a folder for keys and notes
#   STEPS       a file that tells when each step began and ended
#   BLUEPRINTS  where the router's manifests are
set -euo pipefail

pages=('<h1>Apache 1</h1>' '<h1>Apache 2</h1>')
kubernetes_address=$NETWORK.101.2 apache_side_address=$NETWORK.102.2
apaches=$NETWORK.102.11,$NETWORK.102.12

install() {
  mkdir -p "$STATE"
  rm -f "$STATE"/{manager,worker,kubernetes,nginx,apache1,apache2}.done
  [ -e "$STATE/key" ] || step key ssh-keygen -q -t ed25519 -N '' -f "$STATE/key"
  together 'step network_swarm network swarm 100' 'step network_cluster network cluster 101' 'step network_web network web 102'
  together kubernetes 'apache 1' 'apache 2' manager worker nginx_and_control router proof
}

# ---- Order: what needs something waits for the mark that it leaves.

step() {
  local name=$1 began=$EPOCHREALTIME
  shift
  "$@"
  echo "$name $began $EPOCHREALTIME" >>"$STEPS"
}

together() {
  local command processes=()
  for command in "$@"; do
    $command &
    processes+=($!)
  done
  for command in "${processes[@]}"; do wait "$command" || { kill "${processes[@]}" 2>/dev/null; exit 1; }; done
}

is_done() { touch "$STATE/$1.done"; }
await() { for mark in "$@"; do until [ -e "$STATE/$mark.done" ]; do sleep 0.02; done; done; }

# ---- Machines

network() {
  docker network inspect "$NAME-$1" >/dev/null 2>&1 ||
    docker network create --label "io.braid.lab=$NAME" --subnet "$NETWORK.$2.0/24" "$NAME-$1" >/dev/null
}

# NAME NETWORK ADDRESS [NETWORK ADDRESS], userdata on standard input
machine() {
  local machine=$NAME-$1 modules=() userdata
  userdata=$(cat)
  if ! docker inspect "$machine" >/dev/null 2>&1; then
    [ ! -d /lib/modules ] || modules=(--volume /lib/modules:/lib/modules:ro)
    docker create --name "$machine" --hostname "$1" --label "io.braid.lab=$NAME" --network "$NAME-$2" --ip "$3" \
      --cap-add ALL --cap-drop SYS_RESOURCE --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
      --security-opt systempaths=unconfined --device-cgroup-rule 'a *:* rwm' --cgroupns private \
      --tmpfs /run:exec,mode=755 --tmpfs /run/lock --volume /var/lib/docker --volume /var/lib/containerd \
      --volume /var/lib/kubelet --volume /var/lib/etcd "${modules[@]}" --restart unless-stopped \
      --stop-signal SIGRTMIN+3 braid/machine >/dev/null
    [ $# -lt 5 ] || docker network connect --ip "$5" "$NAME-$4" "$machine"
    first_boot_files "$userdata" | docker cp - "$machine:/"
    docker start "$machine" >/dev/null
    until docker cp "$machine:/etc/ssh/ssh_host_ed25519_key.pub" - 2>/dev/null | tar -xO >"$STATE/$1.pub" && [ -s "$STATE/$1.pub" ]; do
      sleep 0.1
    done
    echo "$3 $(cut -d' ' -f1,2 "$STATE/$1.pub")" >"$STATE/$1.known"
  fi
  until on "$1" "$3" true 2>/dev/null; do sleep 0.1; done
  on "$1" "$3" 'until [ -s /var/lib/braid/userdata.status ]; do sleep 0.1; done; [ "$(cat /var/lib/braid/userdata.status)" = 0 ]'
}

first_boot_files() {
  local root
  root=$(mktemp -d)
  mkdir -p "$root/var/lib/braid" "$root/home/debian/.ssh"
  printf '#!/bin/sh\nset -eu\n%s\n' "$1" >"$root/var/lib/braid/userdata"
  cp "$STATE/key.pub" "$root/home/debian/.ssh/authorized_keys"
  chown -R 1000:1000 "$root/home/debian"
  chmod 700 "$root/home/debian/.ssh" "$root/var/lib/braid/userdata"
  tar -C "$root" -c var/lib/braid/userdata home/debian/.ssh
  rm -r "$root"
}

# NAME ADDRESS COMMAND, as root, over one connection a machine
on() {
  ssh -i "$STATE/key" -o UserKnownHostsFile="$STATE/$1.known" -o StrictHostKeyChecking=yes -o BatchMode=yes \
    -o ConnectTimeout=5 -o ControlMaster=auto -o ControlPath="$STATE/$1.ssh" -o ControlPersist=60 \
    "debian@$2" "sudo sh -euc $(printf %q "$3")"
}

# ---- Kubernetes

kubernetes() {
  step machine_kubernetes machine kubernetes cluster "$kubernetes_address" web "$apache_side_address" < <(between_networks)
  if ! on kubernetes "$kubernetes_address" '[ -e /etc/kubernetes/admin.conf ]'; then
    step container_runtime on kubernetes "$kubernetes_address" "$(container_runtime)"
    together 'kubernetes_images kubernetes' 'kubernetes_images router' kubelet
    step control_plane on kubernetes "$kubernetes_address" "$(control_plane)"
  fi
  step node_ready on kubernetes "$kubernetes_address" \
    'export KUBECONFIG=/etc/kubernetes/admin.conf; until kubectl wait --for=condition=Ready node --all --timeout=180s >/dev/null 2>&1; do sleep 0.2; done'
  is_done kubernetes
}

kubernetes_images() {
  step "images_$1" on kubernetes "$kubernetes_address" "ctr -n k8s.io images import /opt/braid/images/$1.tar >/dev/null"
}

between_networks() {
  cat <<END
cat >/usr/local/sbin/between-networks <<'SCRIPT'
#!/bin/sh
set -eu
sysctl -q -w net.ipv4.ip_forward=1
until device=\$(ip -4 -o address show to $apache_side_address | awk '{print \$2; exit}') && [ -n "\$device" ]; do sleep 0.2; done
ip address replace $apache_side_address/32 dev "\$device"
ip address delete $apache_side_address/24 dev "\$device"
ip route replace unreachable $NETWORK.102.0/24 metric 4278198272
SCRIPT
$(at_boot between-networks 'Before=kubelet.service')
END
}

# NAME LINE: a unit that runs the program of that name now and at each boot
at_boot() {
  cat <<END
chmod 755 /usr/local/sbin/$1
printf '%s\n' '[Unit]' 'After=network-online.target' '$2' '[Service]' Type=oneshot RemainAfterExit=true \
  ExecStart=/usr/local/sbin/$1 '[Install]' WantedBy=multi-user.target >/etc/systemd/system/$1.service
systemctl daemon-reload
systemctl enable --quiet --now $1
END
}

container_runtime() {
  cat <<'END'
mkdir -p /etc/containerd /etc/cni/net.d
cat >/etc/containerd/config.toml <<'CONFIG'
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10.1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
CONFIG
cat >/etc/cni/net.d/10-pods.conflist <<'CONFIG'
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CONFIG
systemctl enable --quiet --now containerd
until ctr version >/dev/null 2>&1; do sleep 0.1; done
END
}

kubelet() {
  step kubelet on kubernetes "$kubernetes_address" 'cat >/etc/systemd/system/kubelet.service <<"UNIT"
[Unit]
After=network-online.target containerd.service
ConditionPathExists=/var/lib/kubelet/config.yaml
[Service]
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=/usr/local/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml $KUBELET_KUBEADM_ARGS
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --quiet kubelet'
}

control_plane() {
  cat <<END
cat >/root/kubeadm.yaml <<'CONFIG'
{"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": "InitConfiguration", "skipPhases": ["addon/coredns"],
 "localAPIEndpoint": {"advertiseAddress": "$kubernetes_address", "bindPort": 6443},
 "nodeRegistration": {"criSocket": "unix:///run/containerd/containerd.sock", "taints": [], "ignorePreflightErrors": ["all"],
  "kubeletExtraArgs": [{"name": "node-ip", "value": "$kubernetes_address"}]}}
---
{"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": "ClusterConfiguration", "kubernetesVersion": "v1.34.4",
 "controlPlaneEndpoint": "$kubernetes_address:6443",
 "networking": {"podSubnet": "10.244.0.0/24", "serviceSubnet": "10.96.0.0/16"}}
---
{"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", "cgroupDriver": "cgroupfs",
 "cgroupsPerQOS": false, "enforceNodeAllocatable": ["none"], "failCgroupV1": false, "failSwapOn": false,
 "localStorageCapacityIsolation": false, "oomScoreAdj": 0}
---
{"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration", "clusterCIDR": "10.244.0.0/24",
 "mode": "iptables", "oomScoreAdj": 0, "conntrack": {"maxPerCore": 0, "min": 0}}
CONFIG
kubeadm init --config /root/kubeadm.yaml --skip-token-print >/root/kubeadm.log 2>&1
END
}

kubectl_there() { on kubernetes "$kubernetes_address" "KUBECONFIG=/etc/kubernetes/admin.conf kubectl $1"; }

# ---- Apache

apache() {
  local address=$NETWORK.102.1$1
  step "machine_apache$1" machine "apache$1" web "$address" </dev/null
  step "apache$1" on "apache$1" "$address" "
    [ \"\$(cat /var/www/html/index.html)\" = '${pages[$1 - 1]}' ] || echo '${pages[$1 - 1]}' >/var/www/html/index.html
    systemctl enable --quiet --now apache2
    cat >/usr/local/sbin/way-back <<'SCRIPT'
#!/bin/sh
exec ip route replace $NETWORK.101.0/24 via $apache_side_address
SCRIPT
    $(at_boot way-back '')
    until [ \"\$(curl -fs http://127.0.0.1/)\" = '${pages[$1 - 1]}' ]; do sleep 0.1; done"
  is_done "apache$1"
}

# ---- Swarm

manager() {
  swarm_machine manager 11
  step swarm_init on manager "$NETWORK.100.11" "
    docker swarm join-token --quiet worker 2>/dev/null || {
      docker swarm init --advertise-addr $NETWORK.100.11 --listen-addr $NETWORK.100.11 --default-addr-pool 10.20.0.0/16 >/dev/null
      docker swarm join-token --quiet worker
    }" >"$STATE/token"
  is_done manager
}

worker() {
  swarm_machine worker 12
  await manager
  step swarm_join on worker "$NETWORK.100.12" "
    [ \"\$(docker info --format '{{.Swarm.LocalNodeState}}')\" = active ] ||
      docker swarm join --token $(cat "$STATE/token") --advertise-addr $NETWORK.100.12 $NETWORK.100.11:2377 >/dev/null"
  is_done worker
}

swarm_machine() {
  step "machine_$1" machine "$1" swarm "$NETWORK.100.$2" cluster "$NETWORK.101.$2" < <(
    echo "printf '#!/bin/sh\nuntil ip route replace $NETWORK.102.0/24 via $kubernetes_address; do sleep 0.2; done\n' >/usr/local/sbin/way"
    at_boot way 'Before=docker.service'
  )
  step "docker_$1" on "$1" "$NETWORK.100.$2" 'systemctl enable --quiet --now docker; until docker info >/dev/null 2>&1; do sleep 0.1; done'
  step "images_$1" on "$1" "$NETWORK.100.$2" '
    docker image inspect braid/load-balancer:1 >/dev/null 2>&1 || docker load --quiet --input /opt/braid/images/load-balancer.tar >/dev/null'
}

# ---- The service, without and with the router

nginx_and_control() {
  await manager worker
  step nginx on manager "$NETWORK.100.11" "
    docker service inspect nginx >/dev/null 2>&1 ||
      docker service create --detach --name nginx --no-resolve-image --endpoint-mode dnsrr --env SERVERS=$apaches \
        --publish mode=host,published=8080,target=80 braid/load-balancer:1 >/dev/null
    until docker service ps --filter desired-state=running --format '{{.CurrentState}} {{.Node}}' nginx | grep ^Running; do sleep 0.1; done" >"$STATE/task"
  # What there is to be proven by it was proven by the first install.
  [ -e "$STATE/router" ] || step control refused
  is_done nginx
}

refused() {
  local request
  for request in 1 2 3 4; do
    ! curl -fsS --max-time 5 "$(entry)" >/dev/null 2>&1 || { echo 'traffic passes without the router' >&2; exit 1; }
  done
}

entry() { grep -q manager "$STATE/task" && echo "http://$NETWORK.100.11:8080/" || echo "http://$NETWORK.100.12:8080/"; }

router() {
  await nginx kubernetes
  step router make_router
  is_done router
}

make_router() {
  touch "$STATE/router"
  sed "/image:/a\\          env: [{name: ROUTES, value: '$NETWORK.102.0/24 dev:$apache_side_address'}]" \
    "$BLUEPRINTS/hybrid-service-chain/manifests/quagga-rc.yaml" | cat - <(echo ---) \
    "$BLUEPRINTS/hybrid-service-chain/manifests/quagga-service.yaml" | kubectl_there 'apply -f -' >/dev/null
  kubectl_there "wait --for=jsonpath='{.status.readyReplicas}'=1 rc/quagga --timeout=60s" >/dev/null
}

proof() {
  await router apache1 apache2
  step proof both_pages
}

# Twelve good answers in a row, both pages among them.
both_pages() {
  local good=0 answers='' answer until=$((SECONDS + 60))
  while [ $good -lt 12 ]; do
    if answer=$(curl -fs --max-time 5 "$(entry)"); then
      good=$((good + 1)) answers+=$answer
    else
      good=0 answers=''
      sleep 0.2
    fi
    [ $SECONDS -lt $until ] || { echo 'the pages do not come' >&2; exit 1; }
  done
  [[ $answers == *"${pages[0]}"* && $answers == *"${pages[1]}"* ]] || { echo "one page is missing: $answers" >&2; exit 1; }
}

# ---- Afterwards

heal() {
  step router make_router
  step proof both_pages
}

uninstall() {
  step router_gone kubectl_there 'delete rc/quagga service/quagga --cascade=foreground' >/dev/null
  step nginx_gone on manager "$NETWORK.100.11" \
    'docker service rm nginx >/dev/null; while [ -n "$(docker ps -q)" ]; do sleep 0.1; done' >/dev/null
  step leave on worker "$NETWORK.100.12" 'docker swarm leave >/dev/null'
  step machines_gone machines_gone
  docker network rm "$NAME-swarm" "$NAME-cluster" "$NAME-web" >/dev/null
  rm -rf "$STATE"
}

machines_gone() {
  local machine
  for machine in kubernetes apache1 apache2 manager worker; do
    ssh -o ControlPath="$STATE/$machine.ssh" -O exit - 2>/dev/null || true
    docker rm -fv "$NAME-$machine" >/dev/null &
  done
  wait
}

"$1"
