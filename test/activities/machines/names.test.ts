import { expect, it } from 'vitest';
import { dnsLabel, machineName, networkName } from '../../../src/activities/machines/names.ts';

it('names a network after its deployment and node', () => {
  expect(networkName('chain', 'quagga_net', 0)).toBe('chain-quagga_net');
  expect(networkName('chain', 'quagga net', 1)).toBe('chain-quagga-net-1');
});

it('names a machine by a DNS label', () => {
  expect(machineName('My chain', 'apache_x7k2pd')).toBe('my-chain-apache-x7k2pd');
});

it('shortens a long name to a DNS label that is still its own', () => {
  const one = machineName('d'.repeat(70), 'apache_1');
  const other = machineName('d'.repeat(70), 'apache_2');
  expect(one.length).toBe(63);
  expect(one).not.toBe(other);
});

it('makes a DNS label of any text', () => {
  expect(dnsLabel('_A Host_')).toBe('a-host');
});
