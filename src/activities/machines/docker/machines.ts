import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import { pause } from '../pause.ts';
import type { MachineDescription, MachineProvider, MachineRequest } from '../provider.ts';
import { attachMissing } from './attach.ts';
import { machineContainerOptions } from './container-options.ts';
import { describeMachine, inspectContainer } from './describe.ts';
import { type Engine, statusOf, wordsOf } from './engine.ts';
import { ensureKey, putFirstBootFiles } from './first-boot.ts';
import { machineLabels, ownerLabels, ownerOf } from './labels.ts';
import { choosePlace, endpointSettings, type Place, takesAllAtOnce } from './places.ts';
import { startContainer } from './start.ts';

const bootMilliseconds = 120_000;
const maxTries = 100;
const retryMilliseconds = 100;

/** Machines that are containers of a Docker engine. */
export function dockerMachines(engine: Engine, kernelModules: string | undefined): MachineProvider {
  return {
    describe: (name, signal) => describeMachine(engine, name, signal),
    create: async (request, signal) => {
      const info = await ensureContainer(engine, request, kernelModules, signal);
      return await complete(engine, info, request, signal);
    },
    start: async (name, signal) => {
      await startContainer(engine, name, signal);
      return await present(engine, name, signal);
    },
    remove: (name, signal) => removeMachine(engine, name, signal),
    bootMilliseconds,
  };
}

/** What is there of that name, made when there is nothing. */
async function ensureContainer(
  engine: Engine,
  request: MachineRequest,
  kernelModules: string | undefined,
  signal: AbortSignal,
): Promise<Docker.ContainerInspectInfo> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const found = await inspectContainer(engine, request.name, signal);
    if (found !== undefined) return found;
    // Somebody who is quicker holds the name for a while before the engine shows the container.
    if (!(await createContainer(engine, request, kernelModules, signal)))
      await pause(retryMilliseconds, signal);
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
  signal: AbortSignal,
): Promise<MachineDescription> {
  if (ownerOf(info.Config.Labels, engine.lab)?.deployment === request.owner.deployment) {
    await attachMissing(engine, info, request, signal);
    const container = engine.docker.getContainer(info.Id);
    if (info.State.Status === 'created') await putFirstBootFiles(engine, container, request, signal);
    else await ensureKey(engine, container, request, signal);
  }
  return await present(engine, request.name, signal);
}

async function present(engine: Engine, name: string, signal: AbortSignal): Promise<MachineDescription> {
  const machine = await describeMachine(engine, name, signal);
  if (machine !== undefined) return machine;
  throw failure('ProviderFailed', `machine ${name} vanished while it was worked on`, {
    details: { machine: name },
  });
}

/** False when somebody else has the name. */
async function createContainer(
  engine: Engine,
  request: MachineRequest,
  kernelModules: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const places = await firstPlaces(engine, request, signal);
  const endpoints = await Promise.all(
    places.map(
      async (place, index) =>
        [place.network, await endpointSettings(engine, place, index === 0, signal)] as const,
    ),
  );
  const machine = machineContainerOptions(kernelModules === undefined ? {} : { kernelModules });
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
      if (statusOf(error) === 404 && /no such image/i.test(wordsOf(error))) throw noImage(request, error);
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

function noImage(request: MachineRequest, cause: unknown): Error {
  return failure(
    'OperationInputInvalid',
    `machine ${request.name} wants image ${request.image}, which is not on the engine; build it (\`braid lab up\` does), or correct the property image`,
    { cause, details: { property: 'image', image: request.image } },
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
