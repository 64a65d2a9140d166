import type { OperationTable } from '../operation.ts';
import { applyObjects } from './apply.ts';
import { checkObjects } from './check.ts';
import { deleteObjects } from './delete.ts';
import { healObjects } from './heal.ts';
import { checkMaster, connectToMaster } from './master.ts';
import { observeRouter, restoreRouter, withdrawRouter } from './router.ts';

export { closeClusters } from './cluster/cluster.ts';

/** What the plugin `kubernetes` offers; its node types are in plugin.yaml. */
export const operations: OperationTable = {
  'kubernetes.master.connect': connectToMaster,
  'kubernetes.master.check': checkMaster,
  'kubernetes.microservice.apply': applyObjects,
  'kubernetes.microservice.heal': healObjects,
  'kubernetes.microservice.delete': deleteObjects,
  'kubernetes.microservice.check': checkObjects,
  'kubernetes.resource.apply': applyObjects,
  'kubernetes.resource.heal': healObjects,
  'kubernetes.resource.delete': deleteObjects,
  'kubernetes.resource.check': checkObjects,
  'kubernetes.router.observe': observeRouter,
  'kubernetes.router.withdraw': withdrawRouter,
  'kubernetes.router.restore': restoreRouter,
};
