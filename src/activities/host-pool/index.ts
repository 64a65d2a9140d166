import type { OperationTable } from '../operation.ts';
import { checkHost } from './check.ts';
import { healHost } from './heal.ts';
import { releaseHost } from './release.ts';
import type { PoolSettings } from './subject.ts';
import { takeHost } from './take.ts';

/** Machines that are there, lent to deployments. */
export function hostPoolOperations(settings: PoolSettings): OperationTable {
  return {
    'hostpool.host.take': (context, tools) => takeHost(context, tools, settings),
    'hostpool.host.check': (context, tools) => checkHost(context, tools, settings),
    'hostpool.host.heal': (context, tools) => healHost(context, tools, settings),
    'hostpool.host.release': (context, tools) => releaseHost(context, tools, settings),
  };
}
