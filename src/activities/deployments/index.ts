import type { OperationTable } from '../operation.ts';
import type { Deployments } from './deployments.ts';
import { checkProxy, connectProxy, disconnectProxy } from './proxy.ts';

/** Operations of deployment proxies. Those of components are child workflows: the engine does them itself. */
export function deploymentOperations(deployments: Deployments): OperationTable {
  return {
    'deployments.proxy.connect': (context, { signal }) => connectProxy(context, deployments, signal),
    'deployments.proxy.disconnect': (context) => disconnectProxy(context, deployments),
    'deployments.proxy.check': (context) => checkProxy(context, deployments),
  };
}
