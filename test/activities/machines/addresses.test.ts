import { assert, integer, property, string } from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { freeAddress, macOf, overlap, prefixOf } from '../../../src/activities/machines/docker/addresses.ts';

describe('a free address', () => {
  it('is the same for the same seed', () => {
    const [one, again] = [1, 2].map(() => freeAddress('10.1.2.0/24', new Set(['10.1.2.1']), 'apache_x7k2pd'));
    expect(one).toBe(again);
  });

  it('is in the upper half as long as there is one', () => {
    const address = freeAddress('10.1.2.0/24', new Set(), 'seed') ?? '';
    expect(Number(address.split('.')[3])).toBeGreaterThanOrEqual(128);
  });

  it('is inside the subnet, taken by nobody, and neither the network nor the broadcast address', () => {
    assert(
      property(integer({ min: 22, max: 30 }), string(), (prefix, seed) => {
        const subnet = `10.20.0.0/${prefix}`;
        const hosts = 2 ** (32 - prefix) - 2;
        const taken = new Set<string>();
        for (let count = 0; count < Math.min(hosts, 40); count += 1) {
          const address = freeAddress(subnet, taken, seed) ?? 'none';
          expect(taken.has(address)).toBe(false);
          expect(ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(subnet))).toBe(true);
          expect(address).not.toBe(ipaddr.IPv4.broadcastAddressFromCIDR(subnet).toString());
          expect(address).not.toBe('10.20.0.0');
          taken.add(address);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is none when all are taken', () => {
    expect(freeAddress('10.1.2.0/30', new Set(['10.1.2.1', '10.1.2.2']), 'seed')).toBeUndefined();
  });
});

it('tells whether subnets overlap', () => {
  expect(overlap('10.1.0.0/16', '10.1.2.0/24')).toBe(true);
  expect(overlap('10.1.3.0/24', '10.1.2.0/24')).toBe(false);
});

it('derives prefix and MAC address', () => {
  expect(prefixOf('10.1.2.0/24')).toBe(24);
  expect(macOf('10.1.2.254')).toBe('02:42:0a:01:02:fe');
});
