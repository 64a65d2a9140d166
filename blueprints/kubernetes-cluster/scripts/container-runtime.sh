#!/bin/bash
# containerd for the kubelet: installed, configured with the pods' network, running now and after a reboot.
# Environment: sandbox_image, cgroup_driver, restrict_oom_score_adj (true|false), pod_subnet.
set -euo pipefail

main() {
  install_what_lacks
  local changed=false
  containerd_configuration | write /etc/containerd/config.toml && changed=true
  pod_network | write /etc/cni/net.d/10-pods.conflist || true
  systemctl enable --quiet containerd
  if $changed; then systemctl restart containerd; else systemctl start containerd; fi
  timeout 60 sh -c 'until ctr version >/dev/null 2>&1; do sleep 0.1; done'
}

install_what_lacks() {
  local packages=()
  command -v containerd >/dev/null || packages+=(containerd)
  command -v iptables >/dev/null || packages+=(iptables)
  [ -x /usr/lib/cni/bridge ] || packages+=(containernetworking-plugins)
  [ ${#packages[@]} -eq 0 ] && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "${packages[@]}"
}

containerd_configuration() {
  local systemd_cgroup=false
  [ "$cgroup_driver" = systemd ] && systemd_cgroup=true
  cat <<END
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$sandbox_image"
  restrict_oom_score_adj = $restrict_oom_score_adj
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    # Not even privileged pods get the host's disks and memory.
    privileged_without_host_devices = true
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = $systemd_cgroup
END
}

pod_network() {
  cat <<END
{
  "cniVersion": "1.0.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pod_subnet"}]], "routes": [{"dst": "0.0.0.0/0"}]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
END
}

# Puts standard input into a file. Succeeds when that changed the file.
write() {
  local content
  content=$(cat)
  [ "$content" != "$(cat "$1" 2>/dev/null || true)" ] || return 1
  mkdir -p "$(dirname "$1")"
  printf '%s\n' "$content" >"$1.new"
  mv "$1.new" "$1"
}

main
