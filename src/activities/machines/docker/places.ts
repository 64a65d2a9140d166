import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import { firstHost, freeAddress, macOf } from './addresses.ts';
import type { Engine } from './engine.ts';
import type { WantedPlace } from './labels.ts';
import { inspectNetwork, subnetOf } from './networks.ts';

/** From this API on an endpoint may say its own MAC address. */
const endpointHasMac = 44;
/** From this API on an endpoint may say how much it is to be the default route. */
const endpointHasPriority = 48;

/** A place in a network with the address that it is to have. */
export type Place = { readonly network: string; readonly address: string };

/** Chooses an address where none is wanted. Containers by name `except` do not count as holding one. */
export async function choosePlace(
  engine: Engine,
  wanted: WantedPlace,
  seed: string,
  signal: AbortSignal,
): Promise<Place> {
  const info = await inspectNetwork(engine, wanted.network, signal);
  if (info === undefined) {
    throw failure('ProviderFailed', `${seed} cannot be attached: there is no network ${wanted.network}`, {
      details: { machine: seed, network: wanted.network },
    });
  }
  if (wanted.address !== null) return { network: info.Name, address: wanted.address };
  const taken = await takenAddresses(engine, info, seed, signal);
  const address = freeAddress(subnetOf(info), new Set(taken.keys()), `${seed} ${info.Name}`);
  if (address !== undefined) return { network: info.Name, address };
  throw failure(
    'ProviderFailed',
    `no address of network ${info.Name} (${subnetOf(info)}) is free for ${seed}`,
    {
      details: { machine: seed, network: info.Name },
    },
  );
}

/** Who holds an address of the network, machines that are off included, but for `except`. */
export async function takenAddresses(
  engine: Engine,
  network: Docker.NetworkInspectInfo,
  except: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const containers = await engine.call(`list what is in network ${network.Name}`, signal, () =>
    engine.docker.listContainers({ all: true, filters: { network: [network.Name] } }),
  );
  const attached = Object.values(network.Containers ?? {}).map(
    ({ Name, IPv4Address }) => [IPv4Address.split('/')[0] ?? '', Name] as const,
  );
  const off = containers.map((container) => {
    const endpoint = container.NetworkSettings.Networks[network.Name];
    const address: unknown = endpoint?.IPAMConfig?.IPv4Address;
    const name = (container.Names[0] ?? container.Id).replace(/^\//, '');
    return [typeof address === 'string' ? address : (endpoint?.IPAddress ?? ''), name] as const;
  });
  const gateways = (network.IPAM?.Config ?? []).map(({ Gateway }) => [Gateway ?? '', 'the gateway'] as const);
  const first = firstHost(subnetOf(network));
  return new Map(
    [[first, 'the gateway'] as const, ...gateways, ...attached, ...off].filter(([, name]) => name !== except),
  );
}

/** What the engine is told of one interface. A fixed address, so that a reboot keeps it. */
export async function endpointSettings(
  engine: Engine,
  place: Place,
  first: boolean,
  signal: AbortSignal,
): Promise<Docker.EndpointSettings> {
  const api = await engine.apiMinor(signal);
  return {
    IPAMConfig: { IPv4Address: place.address },
    ...(api >= endpointHasMac ? { MacAddress: macOf(place.address) } : {}),
    ...(api >= endpointHasPriority && first ? { GwPriority: 1 } : {}),
  };
}

/** Whether this engine takes several endpoints when a container is created. */
export async function takesAllAtOnce(engine: Engine, signal: AbortSignal): Promise<boolean> {
  return (await engine.apiMinor(signal)) >= endpointHasMac;
}
