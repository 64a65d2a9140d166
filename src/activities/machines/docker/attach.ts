import type Docker from 'dockerode';
import type { Attachment, MachineRequest } from '../provider.ts';
import { type Engine, statusOf, wordsOf } from './engine.ts';
import { choosePlace, endpointSettings, type Place } from './places.ts';

/** Attaches a machine to the networks that it lacks, and anew where its address is not the wanted one. Tells whether any. */
export async function attachMissing(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<boolean> {
  let attached = false;
  for (const [index, attachment] of request.attachments.entries()) {
    const current = info.NetworkSettings.Networks[attachment.network];
    if (current !== undefined && isAsWanted(current, attachment)) continue;
    if (current !== undefined) await detach(engine, info.Id, attachment.network, signal);
    const wanted = { network: attachment.network, address: attachment.address ?? null };
    const place = await choosePlace(engine, wanted, request.name, signal);
    await attach(engine, info.Id, place, index === 0, signal);
    attached = true;
  }
  return attached;
}

export async function attach(
  engine: Engine,
  container: string,
  place: Place,
  first: boolean,
  signal: AbortSignal,
): Promise<void> {
  const EndpointConfig = await endpointSettings(engine, place, first, signal);
  await engine.call(`attach a machine to network ${place.network} as ${place.address}`, signal, async () => {
    try {
      await engine.docker.getNetwork(place.network).connect({ Container: container, EndpointConfig });
    } catch (error) {
      // Somebody else who ensures the same machine was quicker.
      const attachedAlready = statusOf(error) === 403 && /already exists in network/i.test(wordsOf(error));
      if (!attachedAlready) throw error;
    }
  });
}

export async function detach(
  engine: Engine,
  container: string,
  network: string,
  signal: AbortSignal,
): Promise<void> {
  await engine.find(`detach a machine from network ${network}`, signal, () =>
    engine.docker.getNetwork(network).disconnect({ Container: container, Force: true }),
  );
}

function isAsWanted(
  current: { readonly IPAMConfig?: unknown; readonly IPAddress: string },
  wanted: Attachment,
): boolean {
  const config: unknown = current.IPAMConfig;
  const fixed =
    typeof config === 'object' && config !== null && 'IPv4Address' in config ? config.IPv4Address : undefined;
  // Without a fixed address the engine would give another one after a reboot.
  if (typeof fixed !== 'string' || fixed === '') return false;
  return wanted.address === undefined || fixed === wanted.address;
}
