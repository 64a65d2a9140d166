import { afterAll, beforeAll } from 'vitest';
import { createDockerProvider } from '../../src/activities/machines/docker/index.ts';
import { randomName } from '../activities/machines/support.ts';
import { type EngineLab, startEngineLab } from './engine.ts';
import { freeSubnets } from './free-subnet.ts';
import { machineKind } from './kinds/machine.ts';
import { networkKind } from './kinds/network.ts';
import { portKind } from './kinds/port.ts';
import { conformance } from './suite.ts';

const deployment = randomName('test');
let lab: EngineLab;
/** For the network that is made and removed, and for one that stays. */
let subnets: readonly [string, string];
const network = () => ({ network_id: `${deployment}-stays`, subnet: subnets[1] });
beforeAll(async () => {
  lab = await startEngineLab(deployment);
  subnets = await freeSubnets(lab.docker);
  const owner = { deployment, instance: 'stays_1' };
  const request = { name: network().network_id, subnet: network().subnet, owner };
  for (const { networks } of [createDockerProvider({ lab: deployment }), lab.small.provider]) {
    await networks.create(request, AbortSignal.timeout(30_000));
  }
});
afterAll(() => lab.close());

conformance(
  networkKind(
    () => lab,
    deployment,
    () => subnets[0],
  ),
);
conformance(portKind(() => lab, deployment, network));
conformance(machineKind(() => lab, deployment, network));
