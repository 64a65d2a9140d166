import type { Json } from '../../contracts/json.ts';
import type { RuntimePatch } from '../../contracts/operation.ts';
import type { LiveNode, LiveTask } from './live.ts';
import { specName, specPorts } from './live-spec.ts';
import type { Observed } from './tasks.ts';

/** The runtime properties of a Microservice, as observed. */
export function serviceRuntime(observed: Observed, managerAddress: string): RuntimePatch {
  const { service, running } = observed;
  const tasks = running.map((task) => taskRuntime(task, observed, managerAddress));
  return {
    service_id: service.ID,
    service_name: specName(service.Spec),
    version: service.Version.Index,
    tasks,
    endpoint: endpointOf(observed, managerAddress),
  };
}

/** What removes every runtime property that `apply` sets. */
export const noServiceRuntime: RuntimePatch = {
  service_id: null,
  service_name: null,
  version: null,
  tasks: null,
  endpoint: null,
};

function taskRuntime(task: LiveTask, { nodes }: Observed, managerAddress: string): Json {
  const node = nodes.get(task.NodeID);
  return {
    id: task.ID,
    node: node?.Description.Hostname ?? '',
    address: nodeAddress(node, managerAddress),
    state: task.Status.State,
  };
}

/** The first published port, at the node that runs the first task. */
export function endpointOf({ running, nodes, service }: Observed, managerAddress: string): Json {
  const task = running[0];
  const port =
    task?.Status.PortStatus?.Ports?.[0]?.PublishedPort ?? specPorts(service.Spec)[0]?.PublishedPort;
  if (task === undefined || port === undefined) return null;
  return { address: nodeAddress(nodes.get(task.NodeID), managerAddress), port };
}

/** A manager may know itself only as “any address”. */
export function nodeAddress(node: LiveNode | undefined, managerAddress: string): string {
  const told = node?.Status.Addr ?? '';
  if (told !== '' && told !== '0.0.0.0' && told !== '127.0.0.1') return told;
  return node?.ManagerStatus?.Addr?.replace(/:\d+$/, '') ?? managerAddress;
}
