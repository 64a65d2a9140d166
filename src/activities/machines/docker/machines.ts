import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import { isMadeFor } from '../ownership.ts';
import { pause } from '../pause.ts';
import type { MachineDescription, MachineProvider, MachineRequest } from '../provider.ts';
import { attachMissing } from './attach.ts';
import { describeMachine, inspectContainer } from './describe.ts';
import { readConsole } from './console.ts';
import { type Engine, statusOf, wordsOf } from './engine.ts';
import { putFiles } from './files.ts';
import { requireImageOf } from './image-kind.ts';
import type { MachineKind } from './kind.ts';
import { machineLabels, ownerLabels, ownerOf } from './labels.ts';
import { choosePlace, endpointSettings, type Place, takesAllAtOnce } from './places.ts';
import { startContainer } from './start.ts';

const maxTries = 100;
const retryMilliseconds = 100;
/** How long a machine may take to shut down before it is switched off; the engine is not waited for much longer. */
const restartSeconds = 45;

/** Machines of a kind, each in a container of a Docker engine. */
export function dockerMachines(engine: Engine, kind: MachineKind): MachineProvider {
  return {
    describe: (name, signal) => describeMachine(engine, name, kind.hostKeyFile, signal),
    create: async (request, signal) => {
      const info = await ensureContainer(engine, request, kind, signal);
      return await complete(engine, info, request, kind, signal);
    },
    start: async (name, signal) => {
      await startContainer(engine, name, signal);
      return await present(engine, name, kind, signal);
    },
    remove: (name, signal) => removeMachine(engine, name, signal),
    console: (name, signal) => readConsole(engine, name, signal),
    slowness: kind.slowness,
    usualImage: kind.usualImage,
  };
}

/** What is there of that name, made when there is nothing. */
async function ensureContainer(
  engine: Engine,
  request: MachineRequest,
  kind: MachineKind,
  signal: AbortSignal,
): Promise<Docker.ContainerInspectInfo> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const found = await inspectContainer(engine, request.name, signal);
    if (found !== undefined) return found;
    // Somebody who is quicker holds the name for a while before the engine shows the container.
    if (!(await createContainer(engine, request, kind, signal))) await pause(retryMilliseconds, signal);
  }
  throw failure(
    'ProviderFailed',
    `machine ${request.name} is neither there nor can it be made: its name is in use`,
    {
      details: { machine: request.name },
    },
  );
}

/** Does what creation may have left undone, and mends what changed since. A foreign machine is only described. */
async function complete(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  request: MachineRequest,
  kind: MachineKind,
  signal: AbortSignal,
): Promise<MachineDescription> {
  if (isMadeFor(ownerOf(info.Config.Labels, engine.lab), request.owner)) {
    const attached = await attachMissing(engine, info, request, signal);
    const container = engine.docker.getContainer(info.Id);
    if (info.State.Status === 'created') {
      const files = await kind.firstBootFiles(engine, container, request, signal);
      await putFiles(engine, container, request.name, files, signal);
    } else {
      await kind.letUserIn?.(engine, container, request, signal);
      if (attached && info.State.Running && !kind.takesNetworks) {
        await engine.call(`restart machine ${request.name}`, signal, () =>
          container.restart({ t: restartSeconds }),
        );
      }
    }
  }
  return await present(engine, request.name, kind, signal);
}

async function present(
  engine: Engine,
  name: string,
  kind: MachineKind,
  signal: AbortSignal,
): Promise<MachineDescription> {
  const machine = await describeMachine(engine, name, kind.hostKeyFile, signal);
  if (machine !== undefined) return machine;
  throw failure('ProviderFailed', `machine ${name} vanished while it was worked on`, {
    details: { machine: name },
  });
}

/** False when somebody else has the name. */
async function createContainer(
  engine: Engine,
  request: MachineRequest,
  kind: MachineKind,
  signal: AbortSignal,
): Promise<boolean> {
  const places = await firstPlaces(engine, request, signal);
  const endpoints = await Promise.all(
    places.map(
      async (place, index) =>
        [place.network, await endpointSettings(engine, place, index === 0, signal)] as const,
    ),
  );
  const machine = kind.options(request);
  await requireImageOf(engine, kind, request, signal);
  return await engine.call(`create machine ${request.name}`, signal, async () => {
    try {
      await engine.docker.createContainer({
        ...machine,
        name: request.name,
        Image: request.image,
        Hostname: request.hostname,
        Labels: { ...ownerLabels(engine.lab, request.owner), ...requestLabels(request) },
        // The network of this mode becomes the first interface.
        HostConfig: { ...machine.HostConfig, NetworkMode: places[0]?.network ?? 'none' },
        NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) },
      });
      return true;
    } catch (error) {
      const madeByAnother = statusOf(error) === 409 && /already in use/i.test(wordsOf(error));
      if (!madeByAnother) throw error;
      return false;
    }
  });
}

/** Where the machine is attached when it is created: one place, or all on an engine that takes them. */
async function firstPlaces(
  engine: Engine,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const now = (await takesAllAtOnce(engine, signal)) ? request.attachments : request.attachments.slice(0, 1);
  return await Promise.all(
    now.map(({ network, address }) =>
      choosePlace(engine, { network, address: address ?? null }, request.name, signal),
    ),
  );
}

function requestLabels(request: MachineRequest): Readonly<Record<string, string>> {
  return machineLabels(
    request.fingerprint,
    request.attachments.map(({ network, address }) => ({ network, address: address ?? null })),
  );
}

async function removeMachine(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const info = await inspectContainer(engine, name, signal);
    if (info === undefined) return;
    await engine.find(`remove machine ${name}`, signal, async () => {
      try {
        await engine.docker.getContainer(info.Id).remove({ force: true, v: true });
      } catch (error) {
        // Another removal is under way: it is waited for.
        if (statusOf(error) !== 409) throw error;
      }
    });
    await pause(50, signal);
  }
}
