import ipaddr from 'ipaddr.js';
import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext, OperationResult } from '../../contracts/operation.ts';
import { healthy, unhealthy } from '../health.ts';
import type { Operation, Tools } from '../operation.ts';
import { networkName } from './names.ts';
import { claim, isOurs, ownerFor, whose } from './ownership.ts';
import type { NetworkDescription } from './provider.ts';
import { selfOf, textOf } from './subject.ts';

/** Makes the network, or looks at the external one. */
export const createNetwork: Operation = async (context, tools) => {
  const self = selfOf(context);
  return isExternal(self) ? observeExternal(self, tools) : ensureNetwork(context, self, tools);
};

/** Removes the network; an external one, and one that is not ours, stays. */
export const deleteNetwork: Operation = async (context, tools) => {
  const self = selfOf(context);
  if (!isExternal(self)) await removeNetwork(context, self, tools);
  return { runtimeProperties: { network_id: null, subnet: null, adopted: null } };
};

/** Looks whether the network is there as it should be. */
export const checkNetwork: Operation = async (context, tools) => {
  const self = selfOf(context);
  const name = isExternal(self) ? externalName(self) : ownName(context, self);
  const found = await tools.machines.networks.describe(name, tools.signal);
  if (found === undefined) return unhealthy(`network ${name} is absent`);
  if (!isExternal(self) && !isOurs(found, context, self, tools))
    return unhealthy(`network ${name} is not ours: it ${whose(found, tools)}`);
  const wanted = textOf(self.properties, 'subnet', self.id);
  if (wanted !== '' && wanted !== found.subnet) {
    return unhealthy(`network ${name} has subnet ${found.subnet} instead of ${wanted}`);
  }
  return healthy({ network_id: name, subnet: found.subnet });
};

async function observeExternal(self: InstanceView, tools: Tools): Promise<OperationResult> {
  const name = externalName(self);
  const found = await tools.machines.networks.describe(name, tools.signal);
  if (found === undefined) {
    throw invalid(self, 'resource_id', `there is no network ${name}, which ${self.id} wants to use`);
  }
  const wanted = textOf(self.properties, 'subnet', self.id);
  if (wanted !== '' && wanted !== found.subnet) {
    throw invalid(
      self,
      'subnet',
      `network ${name} has subnet ${found.subnet}, not ${wanted} as ${self.id} expects`,
    );
  }
  return { runtimeProperties: { network_id: found.name, subnet: found.subnet } };
}

async function ensureNetwork(
  context: OperationContext,
  self: InstanceView,
  tools: Tools,
): Promise<OperationResult> {
  const name = ownName(context, self);
  const subnet = wantedSubnet(self);
  const present = await tools.machines.networks.describe(name, tools.signal);
  if (present !== undefined) {
    claim('network', present, context, self, tools);
    if (present.subnet !== subnet) await clear(present, subnet, tools);
  }
  const found = present?.subnet === subnet ? present : await create(name, subnet, context, self, tools);
  const adopted = claim('network', found, context, self, tools);
  return { runtimeProperties: { network_id: name, subnet, ...(adopted ? { adopted } : {}) } };
}

/** A network cannot change its subnet: it is removed, to be made anew, when nothing is in it. */
async function clear(
  { name, subnet, members }: NetworkDescription,
  wanted: string,
  tools: Tools,
): Promise<void> {
  if (members.length === 0) {
    tools.log(`network ${name} has subnet ${subnet} instead of ${wanted}: it is made anew`);
    return tools.machines.networks.remove(name, tools.signal);
  }
  throw failure(
    'ProviderFailed',
    `network ${name} exists with subnet ${subnet}, and ${wanted} is wanted; a network cannot change while ${members.join(', ')} is in it: uninstall it first`,
    { details: { network: name, subnet, wanted, members }, retryable: false },
  );
}

function create(
  name: string,
  subnet: string,
  context: OperationContext,
  self: InstanceView,
  tools: Tools,
): Promise<NetworkDescription> {
  tools.log(`creating network ${name} (${subnet})`);
  const owner = ownerFor(context, self, tools);
  return tools.machines.networks.create({ name, subnet, owner }, tools.signal);
}

async function removeNetwork(context: OperationContext, self: InstanceView, tools: Tools): Promise<void> {
  const name = ownName(context, self);
  const found = await tools.machines.networks.describe(name, tools.signal);
  if (found === undefined) return;
  if (isOurs(found, context, self, tools)) await tools.machines.networks.remove(name, tools.signal);
  else tools.log(`network ${name} is not ours and stays`);
}

function isExternal(self: InstanceView): boolean {
  return self.properties['use_external_resource'] === true;
}

function externalName(self: InstanceView): string {
  const name = textOf(self.properties, 'resource_id', self.id);
  if (name !== '') return name;
  throw invalid(self, 'resource_id', `${self.id} uses an external network, so its resource_id must name it`);
}

function ownName(context: OperationContext, self: InstanceView): string {
  return networkName(context.deployment, self.node, self.index);
}

function wantedSubnet(self: InstanceView): string {
  const subnet = textOf(self.properties, 'subnet', self.id);
  if (ipaddr.IPv4.isValidCIDR(subnet)) return subnet;
  throw invalid(
    self,
    'subnet',
    `subnet of ${self.id} must be like 10.100.101.0/24, not ${JSON.stringify(subnet)}`,
  );
}

function invalid(self: InstanceView, property: string, message: string): Error {
  return failure('OperationInputInvalid', message, { details: { instance: self.id, property } });
}
