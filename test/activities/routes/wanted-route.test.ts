import { expect, test } from 'vitest';
import { ownerOf, unitName, unitText } from '../../../src/activities/routes/unit.ts';
import { wantedRoute } from '../../../src/activities/routes/wanted-route.ts';
import { instanceView } from '../../support/operation.ts';

const route = (destination: unknown, via: unknown) =>
  wantedRoute(instanceView({ id: 'back_1', properties: JSON.parse(JSON.stringify({ destination, via })) }));

test('is spelled as the kernel does', () => {
  expect(route('10.100.100.0/24', '10.100.102.2')).toEqual({
    destination: '10.100.100.0/24',
    via: '10.100.102.2',
    family: 'ipv4',
  });
  expect(route('FD00:0::/64', 'fd01:0:0::1')).toEqual({
    destination: 'fd00::/64',
    via: 'fd01::1',
    family: 'ipv6',
  });
});

test.each([
  ['10.100.100.1/24', '10.0.0.1', /destination of the route back_1 is "10.100.100.1\/24"/],
  ['10.100.100.0', '10.0.0.1', /destination/],
  ['10.0.0.0/8; reboot', '10.0.0.1', /destination/],
  [undefined, '10.0.0.1', /destination of the route back_1 is null/],
  ['10.100.100.0/24', 'router', /via/],
  ['10.100.100.0/24', 'fd00::1', /via.*IPv4/],
  ['10.100.100.0/24', '10.0.0.1 dev eth0', /via/],
])('%s via %s is refused', (destination, via, message) => {
  expect(() => route(destination, via)).toThrow(message);
});

test('a unit tells its owner, and has a name for its destination', () => {
  const wanted = route('fd00::/64', 'fd01::1');
  const owner = { installation: 'here', deployment: 'chain', instance: 'back_1' };
  expect(ownerOf(unitText(wanted, owner))).toEqual(owner);
  const former = { ...owner, installation: undefined };
  expect(ownerOf(unitText(wanted, former))).toEqual(former);
  expect(ownerOf('[Unit]\n')).toBeUndefined();
  expect(unitName(wanted)).toBe('braid-route-fd00__-64.service');
});
