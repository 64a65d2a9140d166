import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import { changedNames } from '../../contracts/same-json.ts';
import type { Deployments } from './deployments.ts';
import { refuseMissingOutputs } from './requirements.ts';

const proxySchema = z.object({
  deployment_id: z.string().default(''),
  inherit_outputs: z.array(z.string()).default([]),
  resource_config: z.object({ deployment: z.object({ id: z.string() }).optional() }).default({}),
});

type Proxy = { readonly deployment: string; readonly outputs: readonly string[] };

/** Becomes a consumer of the deployment and takes over its outputs as runtime properties. */
export async function connectProxy(
  context: OperationContext,
  deployments: Deployments,
  signal: AbortSignal,
): Promise<OperationResult> {
  const proxy = proxyOf(context);
  const { outputs } = await deployments.consume(proxy.deployment, context.deployment, signal);
  return { runtimeProperties: inherited(proxy, outputs) };
}

export async function disconnectProxy(
  context: OperationContext,
  deployments: Deployments,
): Promise<OperationResult> {
  await deployments.release(proxyOf(context).deployment, context.deployment);
  return {};
}

/** Well while the deployment is installed and its outputs are those that were taken over. */
export async function checkProxy(
  context: OperationContext,
  deployments: Deployments,
): Promise<OperationResult> {
  const proxy = proxyOf(context);
  const record = await deployments.read(proxy.deployment);
  if (record.phase === 'incomplete') {
    return unhealthy(`the deployment ${proxy.deployment} is incomplete`);
  }
  const wanted = inherited(proxy, record.outputs);
  const held = context.subject.kind === 'node' ? context.subject.self.runtimeProperties : {};
  const changed = changedNames(held, wanted);
  return changed.length === 0
    ? { result: { healthy: true } }
    : unhealthy(`outputs of ${proxy.deployment} have changed: ${changed.join(', ')}`);
}

function unhealthy(reason: string): OperationResult {
  return { result: { healthy: false, reason } };
}

function inherited({ deployment, outputs: names }: Proxy, outputs: JsonObject): JsonObject {
  refuseMissingOutputs(deployment, names, outputs);
  const taken =
    names.length === 0 ? outputs : Object.fromEntries(names.map((name) => [name, outputs[name] ?? null]));
  return { ...taken, deployment: { id: deployment, outputs: taken } };
}

function proxyOf({ subject }: OperationContext): Proxy {
  const { deployment_id, inherit_outputs, resource_config } = proxySchema.parse(
    subject.kind === 'node' ? subject.self.properties : {},
  );
  const deployment = deployment_id === '' ? resource_config.deployment?.id : deployment_id;
  if (deployment === undefined || deployment === '') {
    throw failure('OperationInputInvalid', 'A deployment proxy needs the property deployment_id.');
  }
  return { deployment, outputs: inherit_outputs };
}
