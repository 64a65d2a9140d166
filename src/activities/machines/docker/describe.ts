import type Docker from 'dockerode';
import type { MachineDescription, MachineInterface } from '../provider.ts';
import { prefixOf } from './addresses.ts';
import type { Engine } from './engine.ts';
import { readHostKey } from './files.ts';
import { fingerprintOf, ownerOf, wantedPlaces } from './labels.ts';
import { inspectNetwork, subnetOf } from './networks.ts';

/** Undefined when there is none of that name. */
export function inspectContainer(
  engine: Engine,
  name: string,
  signal: AbortSignal,
): Promise<Docker.ContainerInspectInfo | undefined> {
  return engine.find(`look at machine ${name}`, signal, () => engine.docker.getContainer(name).inspect());
}

/** A machine as it is, its interfaces in the order in which they were asked for. */
export async function describeMachine(
  engine: Engine,
  name: string,
  hostKeyFile: string,
  signal: AbortSignal,
): Promise<MachineDescription | undefined> {
  const info = await inspectContainer(engine, name, signal);
  if (info === undefined) return undefined;
  const neverRan = info.State.Status === 'created';
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    running: info.State.Running && !info.State.Restarting,
    restarts: info.RestartCount,
    owner: ownerOf(info.Config.Labels, engine.lab),
    fingerprint: fingerprintOf(info.Config.Labels),
    interfaces: await interfacesOf(engine, info, signal),
    hostKey: neverRan
      ? undefined
      : await readHostKey(engine, engine.docker.getContainer(info.Id), hostKeyFile, signal),
  };
}

async function interfacesOf(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  signal: AbortSignal,
): Promise<readonly MachineInterface[]> {
  const order = wantedPlaces(info.Config.Labels).map(({ network }) => network);
  const rank = (network: string): number => (order.includes(network) ? order.indexOf(network) : order.length);
  const endpoints = Object.entries(info.NetworkSettings.Networks).sort(([a], [b]) => rank(a) - rank(b));
  return await Promise.all(
    endpoints.map(async ([network, endpoint]) => ({
      network,
      address: endpoint.IPAddress || String(endpoint.IPAMConfig?.IPv4Address ?? ''),
      // The engine forgets it while a machine is off.
      prefix: endpoint.IPPrefixLen || (await networkPrefix(engine, network, signal)),
      mac: endpoint.MacAddress,
    })),
  );
}

async function networkPrefix(engine: Engine, network: string, signal: AbortSignal): Promise<number> {
  const info = await inspectNetwork(engine, network, signal);
  const subnet = info === undefined ? '' : subnetOf(info);
  return subnet === '' ? 0 : prefixOf(subnet);
}
