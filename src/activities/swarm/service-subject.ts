import { failure } from '../../contracts/failure.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import type { SwarmApi } from './api.ts';
import { withSwarm } from './connection.ts';
import { asObject, specTemplate } from './live-spec.ts';
import { managerOf } from './manager-info.ts';
import { partsOf } from './parts.ts';
import { serviceName, serviceSpec, type Owner } from './service-spec.ts';

/** What every operation of a Microservice begins with. */
export type ServiceSubject = {
  readonly self: InstanceView;
  readonly name: string;
  readonly owner: Owner;
  readonly adopt: boolean;
};

export function subjectOf(
  context: OperationContext,
  { installation }: Pick<Tools, 'installation'>,
): ServiceSubject {
  if (context.subject.kind !== 'node')
    throw failure('Internal', `${context.implementation} is an operation of nodes, not of relationships.`);
  const { self } = context.subject;
  return {
    self,
    name: serviceName(self),
    owner: { installation, deployment: context.deployment, instance: self.id },
    adopt: context.adopt,
  };
}

/** Speaks to the manager that the Microservice belongs to. */
export function withManagerOf<Result>(
  { self }: ServiceSubject,
  tools: Tools,
  use: (swarm: SwarmApi) => Promise<Result>,
): Promise<Result> {
  return withSwarm(managerOf(self), tools, use);
}

/** The specification that the blueprint asks for, with secrets in it. */
export async function wantedSpec({ self, owner }: ServiceSubject, swarm: SwarmApi): Promise<JsonObject> {
  return withNetworkIds(serviceSpec(self, partsOf(self), owner), swarm);
}

/** Docker keeps networks by id; a name would forever differ from what is live. */
async function withNetworkIds(spec: JsonObject, swarm: SwarmApi): Promise<JsonObject> {
  const template = specTemplate(spec);
  const attachments = template['Networks'];
  if (!Array.isArray(attachments)) return spec;
  const ids = await swarm.networkIds();
  const Networks = attachments.map((attachment: Json) =>
    withNetworkId(asObject(attachment), ids, swarm.where),
  );
  return { ...spec, TaskTemplate: { ...template, Networks } };
}

function withNetworkId(attachment: JsonObject, ids: ReadonlyMap<string, string>, where: string): JsonObject {
  const name = attachment['Target'];
  const id = [...ids].find(([known, knownId]) => known === name || knownId === name)?.[1];
  if (id !== undefined) return { ...attachment, Target: id };
  const message = `The Swarm of ${where} has no network “${JSON.stringify(name)}”. Create it first.`;
  throw failure('ResourceRejected', message);
}
