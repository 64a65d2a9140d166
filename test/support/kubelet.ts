import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../src/activities/kubernetes/cluster/cluster.ts';
import { select } from '../../src/activities/kubernetes/cluster/api.ts';
import { type KubeObject, text } from '../../src/activities/kubernetes/objects.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { openCluster } from './kubernetes.ts';

/** What a pod becomes; undefined leaves it pending. */
export type Fate = (pod: KubeObject) => JsonObject | undefined;

export const running: JsonObject = {
  phase: 'Running',
  podIP: '10.1.2.3',
  conditions: [{ type: 'Ready', status: 'True' }],
};

/** Stands in for the machines of a control plane without any: gives each new pod its fate. */
export function actAsKubelet(kubeconfig: string, fate: Fate): { stop(): Promise<void> } {
  const ending = new AbortController();
  const acting = act(kubeconfig, fate, ending.signal).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return {
    async stop() {
      ending.abort();
      await acting;
    },
  };
}

async function act(kubeconfig: string, fate: Fate, signal: AbortSignal): Promise<void> {
  const cluster = await openCluster(kubeconfig);
  while (!signal.aborted) {
    const pods = await select(cluster, { apiVersion: 'v1', kind: 'Pod', namespace: null }, signal);
    for (const pod of pods) {
      const status = fate(pod);
      if (status === undefined || text(pod, 'status', 'phase') !== 'Pending') continue;
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      const path = `/api/v1/namespaces/${text(pod, 'metadata', 'namespace')}/pods/${pod.metadata.name}/status`;
      const body = { type: 'application/merge-patch+json', text: JSON.stringify({ status }) };
      await call(cluster, { method: 'PATCH', path, body, what: 'set a status' }, signal);
    }
    await sleep(50, undefined, { signal });
  }
}
