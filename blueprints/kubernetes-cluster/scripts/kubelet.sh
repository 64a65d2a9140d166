#!/bin/bash
# Kubernetes' programs and the kubelet's unit. The kubelet starts when kubeadm has given it a configuration, and at
# each boot from then on. Environment: kubernetes_version (v1.34.4).
set -euo pipefail

main() {
  install_packages
  install_programs
  install_unit
  systemctl enable --quiet kubelet
}

install_packages() {
  local packages=() command
  for command in conntrack curl ethtool python3 socat; do
    command -v "$command" >/dev/null || packages+=("$command")
  done
  [ ${#packages[@]} -eq 0 ] && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "${packages[@]}" ca-certificates
}

install_programs() {
  local program
  for program in kubelet kubeadm kubectl; do
    command -v "$program" >/dev/null || download "$program"
  done
}

download() {
  local program=$1 origin
  origin=https://dl.k8s.io/release/$kubernetes_version/bin/linux/$(dpkg --print-architecture)/$program
  curl --fail --silent --show-error --location --retry 3 --output "/usr/local/bin/$program.new" "$origin"
  echo "$(curl --fail --silent --show-error --location --retry 3 "$origin.sha256")  /usr/local/bin/$program.new" |
    sha256sum --check --quiet
  chmod 755 "/usr/local/bin/$program.new"
  mv "/usr/local/bin/$program.new" "/usr/local/bin/$program"
}

install_unit() {
  [ -e /lib/systemd/system/kubelet.service ] && return
  local unit=/etc/systemd/system/kubelet.service
  unit_text | cmp --silent - "$unit" && return
  unit_text >"$unit"
  systemctl daemon-reload
}

unit_text() {
  cat <<END
[Unit]
Description=Kubernetes node agent
Wants=network-online.target containerd.service
After=network-online.target containerd.service
ConditionPathExists=/var/lib/kubelet/config.yaml
StartLimitIntervalSec=0

[Service]
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=$(command -v kubelet) \\
  --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf \\
  --config=/var/lib/kubelet/config.yaml \$KUBELET_KUBEADM_ARGS
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
END
}

main
