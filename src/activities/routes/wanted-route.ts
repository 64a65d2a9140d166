import ipaddr from 'ipaddr.js';
import { failure } from '../../contracts/failure.ts';
import type { InstanceView } from '../../contracts/operation.ts';

/** In the one spelling that the kernel prints too. */
export type WantedRoute = {
  readonly destination: string;
  readonly via: string;
  readonly family: 'ipv4' | 'ipv6';
};

/** Fails as OperationInputInvalid. */
export function wantedRoute({ id, properties }: Pick<InstanceView, 'id' | 'properties'>): WantedRoute {
  const { destination, via } = properties;
  const network = networkOf(destination);
  if (network === undefined) {
    throw wrong(id, 'destination', destination, 'a network in CIDR, such as 10.100.100.0/24');
  }
  const gateway = typeof via === 'string' && ipaddr.isValid(via) ? ipaddr.parse(via) : undefined;
  if (gateway === undefined || gateway.kind() !== network.family) {
    throw wrong(
      id,
      'via',
      via,
      `an ${network.family === 'ipv4' ? 'IPv4' : 'IPv6'} address, such as that of a router`,
    );
  }
  return { ...network, via: gateway.toString() };
}

function networkOf(value: unknown): Pick<WantedRoute, 'destination' | 'family'> | undefined {
  if (typeof value !== 'string' || !ipaddr.isValidCIDR(value)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(value);
  const network =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(value)
      : ipaddr.IPv6.networkAddressFromCIDR(value);
  if (network.toString() !== address.toString()) return undefined;
  return { destination: `${address.toString()}/${prefix}`, family: address.kind() };
}

function wrong(id: string, property: string, value: unknown, what: string) {
  return failure(
    'OperationInputInvalid',
    `The property ${property} of the route ${id} is ${JSON.stringify(value ?? null)}. It must be ${what}.`,
  );
}
