#!/bin/bash
# Takes from a host that is given back what Kubernetes left on it. Packages stay. What was there before of files and
# services is put back by Braid itself. May run twice.
set -euo pipefail

main() {
  reset_node
  remove_containers_and_images
  remove_pod_network
  [ ! -x /usr/local/sbin/between-networks ] || be_no_router
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
  local tool
  for tool in iptables ip6tables; do
    command -v $tool-save >/dev/null || continue
    $tool-save 2>/dev/null | grep -Eq 'KUBE-|CNI-' || continue
    $tool-save | grep -Ev 'KUBE-|CNI-' | $tool-restore
  done
  ! ip link show cni0 >/dev/null 2>&1 || ip link delete cni0
}

be_no_router() {
  set -a
  . /etc/default/between-networks
  /usr/local/sbin/between-networks undo
  systemctl disable --quiet --now between-networks 2>/dev/null || true
}

main
