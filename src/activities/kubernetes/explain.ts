import type { JsonObject } from '../../contracts/json.ts';
import { select } from './cluster/api.ts';
import { callText, type Cluster } from './cluster/cluster.ts';
import { count, type KubeObject, nameOf, referenceOf, shortened, text } from './objects.ts';
import { type Trouble, troublesOf } from './pod-trouble.ts';

/** In bytes; the API server is asked for no more, and is not believed to heed it. */
const longestLog = 2000;
/** Of a message, and of all that is told of a pod. */
const longest = { message: 500, pod: 8000 } as const;

/** For people: what a pod says of itself, its last log lines, and the warnings of the cluster about it. */
export async function explainPod(cluster: Cluster, pod: KubeObject, signal: AbortSignal): Promise<string> {
  const troubles = await Promise.all(
    troublesOf(pod, 0, new Date())
      .slice(0, 5)
      .map((trouble) => explainTrouble(cluster, pod, trouble, signal)),
  );
  const where = text(pod, 'spec', 'nodeName');
  const title = `Pod ${pod.metadata.name}${where === undefined ? '' : ` on ${where}`}`;
  const state = troubles.length === 0 ? (text(pod, 'status', 'phase') ?? 'Pending') : troubles.join('; ');
  return shortened(`${title}: ${state}.${await explainEvents(cluster, pod, signal)}`, longest.pod);
}

/** The latest warnings about an object, such as why a controller cannot make its pods. */
export async function explainEvents(
  cluster: Cluster,
  object: KubeObject,
  signal: AbortSignal,
): Promise<string> {
  const events = await select(
    cluster,
    {
      apiVersion: 'v1',
      kind: 'Event',
      namespace: referenceOf(object).namespace ?? 'default',
      fields: `involvedObject.uid=${text(object, 'metadata', 'uid') ?? ''},type=Warning`,
    },
    signal,
  );
  const latest = [...events].sort((a, b) => timeOf(a).localeCompare(timeOf(b))).slice(-3);
  if (latest.length === 0) return '';
  return ` Events of ${nameOf(referenceOf(object))}: ${latest.map(describeEvent).join('; ')}.`;
}

async function explainTrouble(
  cluster: Cluster,
  pod: KubeObject,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<string> {
  if (trouble.log === null) return trouble.reason;
  const query = new URLSearchParams({
    container: trouble.log.container,
    previous: String(trouble.log.previous),
    tailLines: '8',
    limitBytes: String(longestLog),
  });
  const namespace = encodeURIComponent(text(pod, 'metadata', 'namespace') ?? 'default');
  const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod.metadata.name)}/log?${query.toString()}`;
  const what = `read the log of ${pod.metadata.name}`;
  const log = await callText(cluster, { method: 'GET', path, what }, longestLog, signal);
  const lines = log?.trim() ?? '';
  return lines === '' ? trouble.reason : `${trouble.reason}, its last words: «${lines}»`;
}

function describeEvent(event: JsonObject): string {
  const times = count(event, 'count') ?? 1;
  const told = `${text(event, 'reason') ?? ''}: ${text(event, 'message') ?? ''}`;
  return `${shortened(told, longest.message)}${times > 1 ? ` (${times} times)` : ''}`;
}

function timeOf(event: JsonObject): string {
  return text(event, 'lastTimestamp') ?? text(event, 'eventTime') ?? '';
}
