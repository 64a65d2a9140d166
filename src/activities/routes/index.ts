import type { OperationTable } from '../operation.ts';
import { checkRoute, configureRoute, removeRoute } from './route.ts';

/** Routes of machines. */
export const operations: OperationTable = {
  'routes.route.configure': configureRoute,
  'routes.route.remove': removeRoute,
  'routes.route.check': checkRoute,
};
