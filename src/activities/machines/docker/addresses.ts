import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/**
 * A free address of the subnet, the same for the same seed as long as the same are taken. It looks in the
 * upper half first, because people write the low ones into blueprints. Undefined when none is free.
 */
export function freeAddress(subnet: string, taken: ReadonlySet<string>, seed: string): string | undefined {
  const first = numberOf(ipaddr.IPv4.networkAddressFromCIDR(subnet).toString()) + 1;
  const last = numberOf(ipaddr.IPv4.broadcastAddressFromCIDR(subnet).toString()) - 1;
  const middle = first + Math.floor((last - first + 1) / 2);
  const halves = [range(middle, last, seed), range(first, middle - 1, seed)];
  for (const half of halves) {
    for (const candidate of half) {
      const address = textOf(candidate);
      if (!taken.has(address)) return address;
    }
  }
  return undefined;
}

/** Every number from `from` to `to`, beginning somewhere that the seed tells. */
function* range(from: number, to: number, seed: string): Generator<number> {
  const size = to - from + 1;
  if (size <= 0) return;
  const start = createHash('sha256').update(seed).digest().readUInt32BE() % size;
  for (let step = 0; step < size; step += 1) yield from + ((start + step) % size);
}

/** Where an engine puts a network's gateway when it is not told. */
export function firstHost(subnet: string): string {
  return textOf(numberOf(ipaddr.IPv4.networkAddressFromCIDR(subnet).toString()) + 1);
}

/** Whether two subnets share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [ipaddr.IPv4.parseCIDR(one), ipaddr.IPv4.parseCIDR(other)];
  return a[0].match(b) || b[0].match(a);
}

/** The bits of a subnet's prefix. */
export function prefixOf(subnet: string): number {
  return ipaddr.IPv4.parseCIDR(subnet)[1];
}

/** A MAC address that belongs to the address, so that a reboot keeps it. */
export function macOf(address: string): string {
  const bytes = [0x02, 0x42, ...ipaddr.IPv4.parse(address).toByteArray()];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function numberOf(address: string): number {
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
}

function textOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
