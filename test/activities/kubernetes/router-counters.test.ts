import { expect, it } from 'vitest';
import { readCounters } from '../../../src/activities/kubernetes/router-counters.ts';

const snmp = 'Ip: Forwarding DefaultTTL ForwDatagrams\nIp: 1 64 421\nIcmp: InMsgs\nIcmp: 5\n';
const devices = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
  eth1:  142460     201    0    0    0     0          0         0   101236     177    0    0    0     0       0          0`;
const routes = JSON.stringify({
  '10.100.102.0/24': [{ installed: true, nexthops: [{ interfaceName: 'eth1', active: true }] }],
  '10.9.0.0/24': [{ installed: false, nexthops: [{ interfaceName: 'eth7' }] }],
});
const addresses = JSON.stringify([
  { ifname: 'lo', addr_info: [{ local: '127.0.0.1' }] },
  { ifname: 'eth1', addr_info: [{ local: '10.100.102.2' }] },
]);

it('reads what was forwarded, out of which interface, and its address', () => {
  expect(readCounters([snmp, devices, routes, addresses].join('@@\n'))).toEqual({
    counters: { 'forwarded packets': 421, 'packets out of eth1': 177 },
    routes: ['10.100.102.0/24 via eth1'],
    addresses: ['10.100.102.2'],
    speaksRouting: true,
  });
});

it('tells only the kernel’s counter where there is no routing daemon', () => {
  expect(readCounters([snmp, devices, '', ''].join('@@\n'))).toEqual({
    counters: { 'forwarded packets': 421 },
    routes: [],
    addresses: [],
    speaksRouting: false,
  });
});
