import { afterAll, beforeAll } from 'vitest';
import { serviceKind } from './kinds/service.ts';
import { conformance } from './suite.ts';
import { type SwarmLab, startSwarmLab } from './swarm.ts';

let lab: SwarmLab;
beforeAll(async () => {
  lab = await startSwarmLab();
});
afterAll(() => lab.close());

conformance(serviceKind(() => lab));
