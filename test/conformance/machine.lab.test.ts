import { afterAll, beforeAll } from 'vitest';
import type { TestMachine } from '../support/machine.ts';
import { probeKind } from './kinds/probe.ts';
import { routeKind } from './kinds/route.ts';
import { scriptKind } from './kinds/script.ts';
import { startSharedMachine } from './shared-machine.ts';
import { type Site, startSite } from './site.ts';
import { conformance } from './suite.ts';
import { type StartedWorker, startWorker } from './worker.ts';

let worker: StartedWorker;
let machine: TestMachine;
let site: Site;
beforeAll(async () => {
  worker = await startWorker();
  site = await startSite();
  machine = await startSharedMachine(worker);
});
afterAll(async () => {
  await worker.close();
  await site.close();
  await machine.remove();
});

const there = [() => machine, () => worker] as const;
conformance(routeKind(...there));
conformance(scriptKind(...there));
conformance(probeKind(...there, () => site));
