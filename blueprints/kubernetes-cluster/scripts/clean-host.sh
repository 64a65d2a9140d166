#!/bin/bash
# Takes from a host that is given back what Kubernetes left on it. Packages stay. What was there before of files and
# services is put back by Braid itself. May run twice.
set -euo pipefail

main() {
  reset_node
  remove_containers_and_images
  remove_pod_network
  be_no_router
  rm -rf /var/lib/containerd/imported-archives /var/log/pods /var/log/containers
}

reset_node() {
  if [ -e /etc/kubernetes/admin.conf ] || [ -e /var/lib/kubelet/config.yaml ]; then
    systemctl start containerd
    kubeadm reset --force --cri-socket unix:///run/containerd/containerd.sock >/dev/null
  fi
  systemctl stop kubelet 2>/dev/null || true
  rm -rf /var/lib/kubelet/* /var/lib/etcd/*
}

# Of Kubernetes' own name space in containerd.
remove_containers_and_images() {
  command -v ctr >/dev/null && systemctl is-active --quiet containerd || return 0
  local ctr='ctr --namespace k8s.io' each
  for each in $($ctr tasks list --quiet); do $ctr tasks kill --signal SIGKILL "$each" || true; done
  for each in $($ctr tasks list --quiet); do $ctr tasks delete --force "$each" || true; done
  for each in $($ctr containers list --quiet); do $ctr containers delete "$each"; done
  for each in $($ctr images list --quiet); do $ctr images remove "$each" >/dev/null; done
}

# kubeadm leaves rules and interfaces to whoever resets.
remove_pod_network() {
  local tool rules
  # What zebra set and was killed before it took it back.
  ip route flush proto 196
  for tool in iptables ip6tables; do
    command -v $tool-save >/dev/null || continue
    rules=$($tool-save 2>/dev/null)
    grep -Eq 'KUBE-|CNI-' <<<"$rules" || continue
    grep -Ev 'KUBE-|CNI-' <<<"$rules" | $tool-restore
  done
  ! ip link show cni0 >/dev/null 2>&1 || ip link delete cni0
}

# As between-networks-set.sh remembered it.
be_no_router() {
  local before=/var/lib/between-networks device each
  [ -d "$before" ] || return 0
  device=$(cat "$before/device")
  systemctl disable --quiet --now between-networks 2>/dev/null || true
  . /etc/default/between-networks
  while read -r each; do ip address replace "$each" dev "$device"; done <"$before/addresses"
  grep -qx "$apache_side_address/32" "$before/addresses" ||
    ip address delete "$apache_side_address/32" dev "$device" 2>/dev/null || true
  while read -r each; do
    # shellcheck disable=SC2086 # a route is several words
    ip route replace $each dev "$device"
  done <"$before/routes"
  ip route delete unreachable "$apache_subnet" metric 4278198272 2>/dev/null || true
  sysctl -q -w "net.ipv4.ip_forward=$(cat "$before/forward")"
  rm -r "$before"
}

main
