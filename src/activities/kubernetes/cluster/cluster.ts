import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeconfigRight } from '../../../connection/settings.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../../contracts/json.ts';
import { type ApiRefusal, readRefusal, refusalFailure } from '../errors.ts';
import { type ClusterAccess, readKubeconfig } from './access.ts';
import { partsOf } from './answer.ts';
import { type Channel, exchange, openChannel, type Request } from './http.ts';

/** A cluster that is spoken to, with what is known of its API. */
export type Cluster = {
  readonly access: ClusterAccess;
  readonly channel: Channel;
  /** Kinds by `apiVersion/kind`, filled as they are asked for. */
  readonly kinds: Map<string, KindDescription>;
};
export type KindDescription = { readonly plural: string; readonly namespaced: boolean };

/** Shorter ones would blot out ordinary words. */
const shortestCredentials = 6;

const clusters = new Map<string, Cluster>();

/** The cluster of a kubeconfig; kept while that says the same, so that connections are used again. */
export async function clusterOf(
  kubeconfig: string,
  allowed: ReadonlySet<KubeconfigRight>,
  signal: AbortSignal,
): Promise<Cluster> {
  // Read anew each time: files that it names, and what its command gives, change.
  const access = await readKubeconfig(kubeconfig, allowed, signal);
  const key = createHash('sha256').update(kubeconfig).digest('hex');
  const known = clusters.get(key);
  if (known !== undefined && isDeepStrictEqual(known.access, access)) return known;
  const cluster: Cluster = { access, channel: openChannel(access), kinds: new Map() };
  clusters.set(key, cluster);
  return cluster;
}

/** Closes every kept connection; for the end of a worker. */
export function closeClusters(): void {
  for (const { channel } of clusters.values()) channel.agent.destroy();
  clusters.clear();
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
    const refusal = withoutCredentials(cluster, readRefusal(answer.status, answer.body));
    const isStarting = answer.status === 403 && !(await isReady(cluster, signal));
    throw refusalFailure(
      request.what,
      cluster.channel.server,
      isStarting ? { ...refusal, status: 503 } : refusal,
    );
  }
  return readObject(cluster, request, answer.body);
}

/** A server knows what it was sent, and could tell it to whoever reads errors. */
function withoutCredentials({ access }: Cluster, refusal: ApiRefusal): ApiRefusal {
  const [, credentials = ''] = (access.headers.Authorization ?? '').split(' ');
  if (credentials.length < shortestCredentials) return refusal;
  return { ...refusal, message: refusal.message.replaceAll(credentials, '[secret]') };
}

/** The first so many bytes of a text, such as a log; undefined when there is none. */
export async function callText(
  cluster: Cluster,
  request: Request,
  bytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await exchange(cluster.channel, request, signal, { bytes, beyond: 'cut' });
  return answer.status === 200 ? answer.body : undefined;
}

/** An API server that has just started forbids everything until it has read its rules. */
async function isReady(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const request = { method: 'GET', path: '/readyz', what: 'tell whether it is ready' } as const;
  return (await exchange(cluster.channel, request, signal)).status === 200;
}

/** A hundred thousand empty objects are a short text, and long work. */
const mostParts = 400_000;

function readObject(cluster: Cluster, request: Request, body: string): JsonObject {
  const value = partsOf(body) > mostParts ? undefined : parseJson(body);
  if (isJsonObject(value)) return value;
  const refusal = {
    status: 502,
    reason: '',
    message: 'the answer is no JSON object, or one that is too much to read',
  };
  throw refusalFailure(request.what, cluster.channel.server, refusal);
}
