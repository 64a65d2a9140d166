import type { ActivityFunction } from '@temporalio/common';
import { operations as kubernetes } from './kubernetes/index.ts';
import { operations as machines } from './machines/index.ts';
import type { OperationTable } from './operation.ts';
import { operations as routes } from './routes/index.ts';
import { operationActivities, type Services } from './run-operation.ts';
import { operations as scripts } from './scripts/index.ts';
import { operations as swarm } from './swarm/index.ts';
import { operations as traffic } from './traffic/index.ts';

const all: OperationTable = { ...machines, ...routes, ...scripts, ...kubernetes, ...swarm, ...traffic };

/** The operations of every plugin whose resources are real systems, as activities by implementation name. */
export function resourceActivities(services: Services): Readonly<Record<string, ActivityFunction>> {
  return operationActivities(all, services);
}

/** Whether one of them has this implementation name. */
export function offersResource(implementation: string): boolean {
  return Object.hasOwn(all, implementation);
}
