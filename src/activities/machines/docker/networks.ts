import type Docker from 'dockerode';
import ipaddr from 'ipaddr.js';
import { failure } from '../../../contracts/failure.ts';
import { pause } from '../pause.ts';
import type { NetworkDescription, NetworkProvider, NetworkRequest } from '../provider.ts';
import { overlap } from './addresses.ts';
import { type Engine, statusOf, wordsOf } from './engine.ts';
import { ownerLabels, ownerOf } from './labels.ts';

/** From this API on the engine drops packets that a machine routes into another machine's network, unless told. */
const directRoutingIsFiltered = 48;

/** Networks of machines: bridges of the Docker engine. */
export function dockerNetworks(engine: Engine): NetworkProvider {
  const describe = async (name: string, signal: AbortSignal): Promise<NetworkDescription | undefined> => {
    const info = await inspectNetwork(engine, name, signal);
    return info === undefined ? undefined : description(info, engine.lab);
  };
  return {
    describe,
    create: async (request, signal) => {
      await createNetwork(engine, request, signal);
      const made = await describe(request.name, signal);
      if (made !== undefined) return made;
      throw failure('ProviderFailed', `network ${request.name} vanished while it was made`);
    },
    remove: (name, signal) => removeNetwork(engine, name, signal),
  };
}

/** Undefined when there is none of that name or id. */
export function inspectNetwork(
  engine: Engine,
  name: string,
  signal: AbortSignal,
): Promise<Docker.NetworkInspectInfo | undefined> {
  return engine.find(`look at network ${name}`, signal, () => engine.docker.getNetwork(name).inspect());
}

/** The first IPv4 subnet of a network; empty when it has none. */
export function subnetOf(info: Docker.NetworkInspectInfo): string {
  const subnets = (info.IPAM?.Config ?? []).map(({ Subnet }) => Subnet ?? '');
  return subnets.find((subnet) => ipaddr.IPv4.isValidCIDR(subnet)) ?? '';
}

function description(info: Docker.NetworkInspectInfo, lab: string): NetworkDescription {
  return {
    id: info.Id,
    name: info.Name,
    subnet: subnetOf(info),
    owner: ownerOf(info.Labels, lab),
    members: membersOf(info),
  };
}

function membersOf(info: Docker.NetworkInspectInfo): readonly string[] {
  return Object.values(info.Containers ?? {})
    .map(({ Name }) => Name)
    .sort();
}

async function createNetwork(engine: Engine, request: NetworkRequest, signal: AbortSignal): Promise<void> {
  const { name, subnet, owner } = request;
  const unfiltered = (await engine.apiMinor(signal)) >= directRoutingIsFiltered;
  await engine.call(`create network ${name}`, signal, async () => {
    try {
      await engine.docker.createNetwork({
        Name: name,
        CheckDuplicate: true,
        Driver: 'bridge',
        IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
        Labels: ownerLabels(engine.lab, owner),
        Options: unfiltered ? { 'com.docker.network.bridge.gateway_mode_ipv4': 'nat-unprotected' } : {},
      });
    } catch (error) {
      if (!(await madeByAnother(engine, error, request))) throw error;
    }
  });
}

/** Whether somebody was quicker with this very network. Another one in its subnet is a failure for good. */
async function madeByAnother(engine: Engine, error: unknown, request: NetworkRequest): Promise<boolean> {
  const all = await engine.docker.listNetworks();
  if (all.some(({ Name }) => Name === request.name)) return true;
  if (statusOf(error) === undefined || !/overlap/i.test(wordsOf(error))) return false;
  const holder = all.find((other) => {
    const subnet = subnetOf(other);
    return subnet !== '' && overlap(subnet, request.subnet);
  });
  const whose = holder === undefined ? 'another one' : `network ${holder.Name} (${subnetOf(holder)})`;
  throw failure(
    'ProviderFailed',
    `network ${request.name} cannot have subnet ${request.subnet}: ${whose} on the engine has it; choose another subnet, or remove that network`,
    {
      retryable: false,
      details: { network: request.name, subnet: request.subnet, holder: holder?.Name ?? null },
      cause: error,
    },
  );
}

async function removeNetwork(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const info = await inspectNetwork(engine, name, signal);
    if (info === undefined) return;
    await refuseAttached(info);
    await engine.find(`remove network ${name}`, signal, () => engine.docker.getNetwork(info.Id).remove());
    await pause(20, signal);
  }
}

async function refuseAttached(info: Docker.NetworkInspectInfo): Promise<void> {
  const attached = membersOf(info);
  if (attached.length === 0) return;
  throw failure(
    'ProviderFailed',
    `network ${info.Name} is still used by ${attached.join(', ')}; remove them first`,
    {
      details: { network: info.Name, attached },
    },
  );
}
