#!/bin/bash
# Ends well while the API answers and the node is ready for pods.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl get --raw=/readyz --request-timeout=5s >/dev/null
ready=$(kubectl get nodes --request-timeout=5s \
  --output 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}')
[ "$ready" = True ] || { echo "the node is not ready: ${ready:-unknown}" >&2; exit 1; }
