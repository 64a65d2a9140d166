import { failure } from '../../contracts/failure.ts';
import type { Health, OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { call } from './cluster/cluster.ts';
import { clusterOfInstance, kubeconfigIn, urlOf } from './instance-cluster.ts';

/** On a relationship to a cluster's master or to a proxy of its deployment: tells the source where the cluster is. */
export async function connectToMaster({
  implementation,
  subject,
  referenced,
}: OperationContext): Promise<OperationResult> {
  if (subject.kind !== 'relationship' || referenced.kind !== 'relationship')
    throw failure('OperationInputInvalid', `${implementation} is an operation of a relationship.`);
  const { target } = subject;
  const { runtimeProperties, properties } = referenced.target;
  const kubeconfig = kubeconfigIn(runtimeProperties) ?? kubeconfigIn(properties);
  if (kubeconfig === undefined)
    throw failure(
      'CapabilityMissing',
      `${target.id} does not tell a kubeconfig: its deployment needs an output kubernetes_info with url and kubeconfig.`,
    );
  const url = urlOf(target.runtimeProperties) ?? urlOf(target.properties) ?? null;
  return { sourceRuntimeProperties: { kubernetes: { url, kubeconfig } } };
}

/** Whether a cluster that exists answers and is ready. */
export async function checkMaster(context: OperationContext, tools: Tools): Promise<OperationResult> {
  if (context.subject.kind !== 'node')
    throw failure('OperationInputInvalid', `${context.implementation} is an operation of a node.`);
  try {
    const cluster = await clusterOfInstance(context, context.subject.self, tools);
    const version = await call(
      cluster,
      { method: 'GET', path: '/version', what: 'tell its version' },
      tools.signal,
    );
    const health: Health = { healthy: true, facts: { version: version?.gitVersion ?? null } };
    return { result: health };
  } catch (error) {
    tools.signal.throwIfAborted();
    const health: Health = { healthy: false, reason: error instanceof Error ? error.message : 'unknown' };
    return { result: health };
  }
}
