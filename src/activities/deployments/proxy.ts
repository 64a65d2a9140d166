import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { inheritedFrom, type Offers, valuesOffered } from '../../contracts/offers.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import { changedProperties } from '../../contracts/same-json.ts';
import { seal, type ValueMap } from '../../contracts/sealed.ts';
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
  const offers = await deployments.consume(proxy.deployment, context.deployment, signal);
  return { runtimeProperties: inherited(proxy, offers) };
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
  const held = context.referenced.kind === 'node' ? context.referenced.self.runtimeProperties : {};
  const changed = changedProperties(seal(held), seal(inherited(proxy, record)));
  return changed.length === 0
    ? { result: { healthy: true } }
    : unhealthy(`outputs of ${proxy.deployment} have changed: ${changed.join(', ')}`);
}

function unhealthy(reason: string): OperationResult {
  return { result: { healthy: false, reason } };
}

function inherited({ deployment, outputs: names }: Proxy, offers: Offers): ValueMap {
  refuseMissingOutputs(deployment, names, offers.outputs);
  const { outputs } = valuesOffered(offers);
  const taken =
    names.length === 0 ? outputs : Object.fromEntries(names.map((name) => [name, outputs[name] ?? null]));
  return inheritedFrom(deployment, { outputs: taken });
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
