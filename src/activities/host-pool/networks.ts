import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** CIDR by name. */
export type Networks = Readonly<Record<string, string>>;

export const networkSchema = z
  .string()
  .refine((text) => ipaddr.isValidCIDR(text), 'must be a network in CIDR, such as 10.100.101.0/24');

/** As a host tells it, which may tell anything. */
export const hostAddressSchema = z.object({
  device: z.string().max(100),
  mac: z.string().max(100),
  address: z.union([z.ipv4(), z.ipv6()]),
  prefix: z.int(),
});
export type HostAddress = z.infer<typeof hostAddressSchema>;

/** The host's address in each network, by the network's name; the first it has there. */
export function addressesIn(
  networks: Networks,
  present: readonly HostAddress[],
): Readonly<Record<string, HostAddress>> {
  const entries = Object.entries(networks).flatMap(([name, network]) => {
    const found = present.find(({ address }) => isIn(address, network));
    return found === undefined ? [] : [[name, found] as const];
  });
  return Object.fromEntries(entries);
}

/** The networks that the host has no address in. */
export function lackingNetworks(networks: Networks, present: readonly HostAddress[]): readonly string[] {
  const found = addressesIn(networks, present);
  return Object.entries(networks).flatMap(([name, network]) => (found[name] === undefined ? [network] : []));
}

function isIn(text: string, network: string): boolean {
  const [base, prefix] = ipaddr.parseCIDR(network);
  const address = ipaddr.parse(text);
  return address.kind() === base.kind() && address.match(base, prefix);
}
