#!/bin/bash
# The control plane, by kubeadm, on a machine that also runs pods. Ends when the API answers and the node is ready.
# What it makes known: url, and the kubeconfig as a secret.
# Environment: address, kubernetes_version, pod_subnet, service_subnet, cgroup_driver,
# kubelet_configuration and kube_proxy_configuration (JSON objects), skip_phases and ignore_preflight_errors (JSON lists).
set -euo pipefail

state=/var/lib/kubernetes-cluster
made=$state/control-plane-made
export KUBECONFIG=/etc/kubernetes/admin.conf

main() {
  if [ ! -e "$made" ]; then
    make_control_plane
    touch "$made"
  fi
  systemctl start kubelet
  wait_until_ready
  ctx instance runtime-properties url "https://$address:6443"
  ctx instance secret kubeconfig <"$KUBECONFIG"
}

make_control_plane() {
  mkdir -p "$state"
  # What an earlier attempt left half made.
  [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || kubeadm reset --force >/dev/null 2>&1
  kubeadm_configuration >"$state/kubeadm.yaml"
  kubeadm init --config "$state/kubeadm.yaml" --skip-token-print | grep "^\["
}

wait_until_ready() {
  until api_answers && node_is_ready; do
    if [ $SECONDS -gt 180 ]; then
      kubectl get --raw='/readyz?verbose' >&2 || true
      kubectl describe nodes >&2 || true
      echo "the Kubernetes API at $address:6443 does not answer, or its node is not ready" >&2
      exit 1
    fi
    sleep 0.2
  done
}

api_answers() {
  kubectl get --raw=/readyz >/dev/null 2>&1
}

# Told of the change by the API itself.
node_is_ready() {
  kubectl wait --for=condition=Ready nodes --all --timeout=10s >/dev/null 2>&1
}

# One JSON document a line: JSON is YAML.
kubeadm_configuration() {
  python3 - <<'END'
import json, os

env = os.environ
given = lambda name: json.loads(env.get(name) or 'null')
kubeadm = 'kubeadm.k8s.io/v1beta4'
documents = [
    {
        'apiVersion': kubeadm, 'kind': 'InitConfiguration',
        'localAPIEndpoint': {'advertiseAddress': env['address'], 'bindPort': 6443},
        'nodeRegistration': {
            'criSocket': 'unix:///run/containerd/containerd.sock',
            'taints': [],  # its only machine runs the pods too
            'ignorePreflightErrors': given('ignore_preflight_errors') or [],
            'kubeletExtraArgs': [{'name': 'node-ip', 'value': env['address']}],
        },
        'skipPhases': given('skip_phases') or [],
        'timeouts': {'kubeletHealthCheck': '1m0s', 'controlPlaneComponentHealthCheck': '2m0s'},
    },
    {
        'apiVersion': kubeadm, 'kind': 'ClusterConfiguration',
        'kubernetesVersion': env['kubernetes_version'],
        'controlPlaneEndpoint': env['address'] + ':6443',
        'networking': {'podSubnet': env['pod_subnet'], 'serviceSubnet': env['service_subnet']},
    },
    {
        'apiVersion': 'kubelet.config.k8s.io/v1beta1', 'kind': 'KubeletConfiguration',
        'cgroupDriver': env['cgroup_driver'],
        **(given('kubelet_configuration') or {}),
    },
    {
        'apiVersion': 'kubeproxy.config.k8s.io/v1alpha1', 'kind': 'KubeProxyConfiguration',
        'clusterCIDR': env['pod_subnet'],
        **(given('kube_proxy_configuration') or {}),
    },
]
print('\n---\n'.join(json.dumps(document) for document in documents))
END
}

main
