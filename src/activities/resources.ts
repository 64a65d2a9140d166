import type { ActivityFunction } from '@temporalio/common';
import { operations as kubernetes } from './kubernetes/index.ts';
import { operations as machines } from './machines/index.ts';
import type { OperationTable } from './operation.ts';
import { operations as routes } from './routes/index.ts';
import { operationActivities, type Services } from './run-operation.ts';
import { operations as scripts } from './scripts/index.ts';
import { operations as swarm, secretsInContext } from './swarm/index.ts';
import { operations as traffic } from './traffic/index.ts';

const resolved: OperationTable = { ...machines, ...routes, ...scripts, ...kubernetes, ...traffic };

/** The operations of every plugin whose resources are real systems, as activities by implementation name. */
export function resourceActivities(services: Services): Readonly<Record<string, ActivityFunction>> {
  return {
    ...operationActivities(resolved, services),
    ...operationActivities(swarm, services, secretsInContext),
  };
}

/** Whether one of them has this implementation name. */
export function offersResource(implementation: string): boolean {
  return [resolved, swarm].some((table) => Object.hasOwn(table, implementation));
}
