import type Docker from 'dockerode';
import { overlap } from '../../src/activities/machines/docker/addresses.ts';
import { randomSubnet } from '../activities/machines/support.ts';

/** Two that no network of the engine has. */
export async function freeSubnets(docker: Docker): Promise<readonly [string, string]> {
  const taken = (await docker.listNetworks()).flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet?.includes('.') === true ? [Subnet] : [])),
  );
  const one = freeSubnet(taken);
  return [one, freeSubnet([...taken, one])];
}

function freeSubnet(taken: readonly string[]): string {
  for (;;) {
    const subnet = randomSubnet();
    if (!taken.some((other) => overlap(other, subnet))) return subnet;
  }
}
