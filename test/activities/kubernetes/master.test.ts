import { expect, it } from 'vitest';
import { operations } from '../../../src/activities/kubernetes/index.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { OperationResult } from '../../../src/contracts/operation.ts';
import { secretReference } from '../../../src/contracts/sealed.ts';
import { contextOf, microservice, toolsWith } from '../../support/kubernetes.ts';

async function connect(
  runtimeProperties: JsonObject,
  properties: JsonObject = {},
): Promise<OperationResult | undefined> {
  const source = microservice();
  const context = contextOf(source, {
    subject: {
      kind: 'relationship',
      side: 'source',
      relationship: { type: 'connected_to_master', typeHierarchy: [], properties: {} },
      source,
      target: microservice({ id: 'proxy_1', node: 'proxy', properties, runtimeProperties }),
    },
  });
  return await operations['kubernetes.master.connect']?.(context, toolsWith({}));
}

const kubeconfig = { get_secret: 'made/cluster/machine_1/script/kubeconfig' };
const told = { url: 'https://10.0.0.1:6443', kubeconfig };
const connected = {
  sourceRuntimeProperties: {
    kubernetes: { url: told.url, kubeconfig: secretReference(kubeconfig.get_secret) },
  },
};

it('tells the source the cluster and the reference to its secret, never the secret', async () => {
  expect(await connect({ kubernetes_info: told })).toEqual(connected);
  expect(await connect({ deployment: { outputs: { kubernetes_info: told } } })).toEqual(connected);
  expect(await connect({}, told)).toEqual(connected);
});

it('fails when the target tells none', async () => {
  await expect(connect({ kubernetes_info: { url: told.url } })).rejects.toMatchObject({
    type: 'CapabilityMissing',
  });
});

it('tells that an instance has no cluster', async () => {
  const apply = operations['kubernetes.microservice.apply'];
  await expect(apply?.(contextOf(microservice()), toolsWith({}))).rejects.toThrow('connected_to_master');
});
