import { afterAll, beforeAll } from 'vitest';
import { randomName } from '../activities/machines/support.ts';
import { machineKind } from './kinds/machine.ts';
import { manifestKind } from './kinds/manifest.ts';
import { networkKind } from './kinds/network.ts';
import { portKind } from './kinds/port.ts';
import { probeKind } from './kinds/probe.ts';
import { routeKind } from './kinds/route.ts';
import { scriptKind } from './kinds/script.ts';
import { serviceKind } from './kinds/service.ts';
import { type ConformanceLab, startConformanceLab } from './lab.ts';
import { type Cases, conformance } from './suite.ts';

/** These cases for every kind of resource, on one lab that all of them share. */
export function everyKind(cases: Cases): void {
  const name = randomName('test');
  let started: ConformanceLab;
  const lab = (): ConformanceLab => started;
  beforeAll(async () => {
    started = await startConformanceLab(name);
  });
  afterAll(() => started.close());
  const kinds = [
    networkKind(lab, name),
    portKind(lab, name),
    machineKind(lab, name),
    routeKind(lab),
    scriptKind(lab),
    probeKind(lab),
    manifestKind(lab),
    serviceKind(lab),
  ];
  for (const kind of kinds) conformance(kind, cases);
}
