import { z } from 'zod';
import { type Cluster, closeClusters } from '../../src/activities/kubernetes/cluster/cluster.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { openCluster } from '../support/kubernetes.ts';
import { actAsKubelet, running } from '../support/kubelet.ts';
import { type SocketProxy, startSocketProxy } from '../support/socket-proxy.ts';
import type { SecretStore } from '../../src/store/secrets.ts';

/** A real control plane behind a way that can be disturbed, whose kubeconfig and room a test can change. */
export type KubernetesLab = {
  readonly proxy: SocketProxy;
  /** Puts the kubeconfig by which a worker goes through the proxy into its secret store, now and when that changes. */
  use(secrets: SecretStore): Promise<void>;
  /** Past the proxy. */
  cluster(): Promise<Cluster>;
  /** Whom the worker is to the cluster. */
  become(who: 'administrator' | 'stranger' | 'unknown'): Promise<void>;
  /** What becomes of new pods. */
  let(fate: 'running' | 'pending'): void;
  /** Its etcd takes nothing more, until it is emptied. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  close(): Promise<void>;
};

/** The secret that holds it. */
export const kubeconfigSecret = 'cluster/kubeconfig';

export async function startKubernetesLab(): Promise<KubernetesLab> {
  const plane = await startControlPlane({ etcdBytes: 16 * 1024 * 1024 });
  const { hostname, port } = new URL(plane.url);
  const target = { host: hostname, port: Number(port), tls: true };
  const proxy = await startSocketProxy(undefined, target, plane.identity);
  const through = (kubeconfig: string): string =>
    kubeconfig.replaceAll(plane.url, `https://127.0.0.1:${proxy.port()}`);
  let store: SecretStore | undefined;
  const become: KubernetesLab['become'] = async (who) => {
    const token = { stranger: plane.strangerToken, unknown: 'unknown', administrator: undefined }[who];
    const kubeconfig = token === undefined ? plane.kubeconfig : plane.kubeconfigWith({ token });
    await store?.put(kubeconfigSecret, through(kubeconfig));
  };
  let fate: 'running' | 'pending' = 'running';
  const kubelet = actAsKubelet(plane.kubeconfig, () => (fate === 'running' ? running : undefined));
  return {
    proxy,
    use: (secrets) => {
      store = secrets;
      return become('administrator');
    },
    cluster: () => openCluster(plane.kubeconfig),
    become,
    let: (next) => {
      fate = next;
    },
    fill: () => fillEtcd(plane.etcdUrl),
    empty: () => emptyEtcd(plane.etcdUrl),
    close: async () => {
      await kubelet.stop();
      closeClusters();
      await proxy.close();
      await plane.stop();
    },
  };
}

const filler = Buffer.from('/filler').toString('base64');

/** By its own HTTP gateway; one value over and over, each of which is kept. */
async function fillEtcd(url: string): Promise<void> {
  const value = Buffer.alloc(1024 * 1024, 'x').toString('base64');
  for (let count = 0; count < 40; count += 1) {
    const { status } = await ask(url, 'kv/put', { key: filler, value });
    if (status !== 200) return;
  }
  throw new Error('etcd does not become full');
}

async function emptyEtcd(url: string): Promise<void> {
  const gone = await ask(url, 'kv/deleterange', { key: filler });
  const { header } = answerSchema.parse(await gone.json());
  await ask(url, 'kv/compaction', { revision: header.revision, physical: true });
  await ask(url, 'maintenance/defragment', {});
  const alarm = { action: 'DEACTIVATE', memberID: header.member_id, alarm: 'NOSPACE' };
  const { status } = await ask(url, 'maintenance/alarm', alarm);
  if (status !== 200) throw new Error(`etcd keeps its alarm: ${status}`);
}

const answerSchema = z.object({ header: z.object({ revision: z.string(), member_id: z.string() }) });

function ask(url: string, path: string, body: object): Promise<Response> {
  return fetch(`${url}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
}
