import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../contracts/json.ts';
import { readRefusal, refusalFailure } from '../errors.ts';
import { type ClusterAccess, readKubeconfig } from './access.ts';
import { type Channel, exchange, openChannel, type Request } from './http.ts';

/** A cluster that is spoken to, with what is known of its API. */
export type Cluster = {
  readonly access: ClusterAccess;
  readonly channel: Channel;
  /** Kinds by `apiVersion/kind`, filled as they are asked for. */
  readonly kinds: Map<string, KindDescription>;
};
export type KindDescription = { readonly plural: string; readonly namespaced: boolean };

const clusters = new Map<string, Promise<Cluster>>();

/** The cluster of a kubeconfig; kept by the hash of its text, so that connections are used again. */
export async function clusterOf(kubeconfig: string): Promise<Cluster> {
  const key = createHash('sha256').update(kubeconfig).digest('hex');
  const known = clusters.get(key);
  if (known !== undefined) return await known;
  const opening = open(kubeconfig);
  clusters.set(key, opening);
  try {
    return await opening;
  } catch (error) {
    clusters.delete(key);
    throw error;
  }
}

/** Closes every kept connection; for the end of a worker. */
export async function closeClusters(): Promise<void> {
  const kept = [...clusters.values()];
  clusters.clear();
  for (const cluster of await Promise.all(kept)) cluster.channel.agent.destroy();
}

/** Sends and returns the answer's object; undefined for 404. Anything else that is no success fails. */
export async function call(
  cluster: Cluster,
  request: Request,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const answer = await exchange(cluster.channel, request, signal);
  if (answer.status === 404) return undefined;
  if (answer.status < 200 || answer.status > 299) {
    const refusal = readRefusal(answer.status, answer.body);
    const isStarting = answer.status === 403 && !(await isReady(cluster, signal));
    throw refusalFailure(
      request.what,
      cluster.channel.server,
      isStarting ? { ...refusal, status: 503 } : refusal,
    );
  }
  return readObject(cluster, request, answer.body);
}

/** The plain text of a log; undefined when there is none. */
export async function callText(
  cluster: Cluster,
  request: Request,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await exchange(cluster.channel, request, signal);
  return answer.status === 200 ? answer.body : undefined;
}

/** An API server that has just started forbids everything until it has read its rules. */
async function isReady(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const request = { method: 'GET', path: '/readyz', what: 'tell whether it is ready' } as const;
  return (await exchange(cluster.channel, request, signal)).status === 200;
}

async function open(kubeconfig: string): Promise<Cluster> {
  const access = await readKubeconfig(kubeconfig);
  return { access, channel: openChannel(access.server, access.tls, access.headers), kinds: new Map() };
}

function readObject(cluster: Cluster, request: Request, body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below like any other answer that is not the API server's.
  }
  const refusal = { status: 502, reason: '', message: 'the answer is no JSON object' };
  throw refusalFailure(request.what, cluster.channel.server, refusal);
}
