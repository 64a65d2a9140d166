import ipaddr from 'ipaddr.js';
import { failure } from '../../contracts/failure.ts';
import type { InstanceView, TargetView } from '../../contracts/operation.ts';
import { healthy, unhealthy } from '../health.ts';
import type { Operation } from '../operation.ts';
import { connectedTo, selfOf, textOf } from './subject.ts';

/** Notes in which network the port is, and its address; the machine that is connected to it takes the place. */
export const createPort: Operation = async (context) => {
  const self = selfOf(context);
  const network = networkOf(self);
  const subnet = textOf(network.runtimeProperties, 'subnet', network.id);
  const address = textOf(self.properties, 'fixed_ip', self.id);
  if (address !== '') requireInside(address, subnet, self);
  return {
    runtimeProperties: {
      network_id: textOf(network.runtimeProperties, 'network_id', network.id),
      subnet,
      fixed_ip: address === '' ? null : address,
    },
  };
};

/** A port is nothing at the provider. */
export const deletePort: Operation = async () => ({
  runtimeProperties: { network_id: null, subnet: null, fixed_ip: null },
});

/** Looks whether the port's network is there. */
export const checkPort: Operation = async (context, tools) => {
  const self = selfOf(context);
  const name = textOf(self.runtimeProperties, 'network_id', self.id);
  const network = name === '' ? undefined : await tools.machines.networks.describe(name, tools.signal);
  return network === undefined
    ? unhealthy(`network ${name} of ${self.id} is absent`)
    : healthy({ network_id: name, subnet: network.subnet });
};

function networkOf(self: InstanceView): TargetView {
  const [network] = connectedTo(self, 'cloudify.nodes.Network');
  if (network !== undefined && network.runtimeProperties['network_id'] !== undefined) return network;
  throw failure(
    'OperationInputInvalid',
    network === undefined
      ? `${self.id} must be connected to a network`
      : `network ${network.id} of ${self.id} has no network_id yet`,
    { details: { instance: self.id } },
  );
}

function requireInside(address: string, subnet: string, self: InstanceView): void {
  if (ipaddr.IPv4.isValidFourPartDecimal(address) && isHostOf(address, subnet)) return;
  throw failure('OperationInputInvalid', `fixed_ip ${address} of ${self.id} is not an address of ${subnet}`, {
    details: { instance: self.id, property: 'fixed_ip', subnet },
  });
}

function isHostOf(address: string, subnet: string): boolean {
  const outer = [ipaddr.IPv4.networkAddressFromCIDR(subnet), ipaddr.IPv4.broadcastAddressFromCIDR(subnet)];
  return (
    ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(subnet)) &&
    !outer.some((reserved) => reserved.toString() === address)
  );
}
