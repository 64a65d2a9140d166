import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import { attach, detach } from './attach.ts';
import { inspectContainer } from './describe.ts';
import { type Engine, statusOf, wordsOf } from './engine.ts';
import { wantedPlaces } from './labels.ts';
import { inspectNetwork } from './networks.ts';
import { choosePlace, takenAddresses } from './places.ts';

const maxMoves = 5;

/** Powers a machine on. When a chosen address was taken by a quicker one, it takes another. */
export async function startContainer(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  for (let moves = 0; ; moves += 1) {
    const info = await inspectContainer(engine, name, signal);
    if (info === undefined) throw absent(name);
    const refusal = await tryStart(engine, info, signal);
    if (refusal === undefined) return;
    if (moves === maxMoves || !(await moveAway(engine, info, name, signal))) throw refusal;
  }
}

/** Undefined when it runs; otherwise the failure that tells that an address is in use. */
async function tryStart(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const name = info.Name.replace(/^\//, '');
  return await engine.call(`start machine ${name}`, signal, async () => {
    try {
      await engine.docker.getContainer(info.Id).start();
    } catch (error) {
      const runsAlready = statusOf(error) === 304;
      if (runsAlready) return undefined;
      if (!/address already in use/i.test(wordsOf(error))) throw error;
      return failure(
        'ProviderFailed',
        `machine ${name} cannot start: an address of it is in use by another machine`,
        {
          details: { machine: name },
          cause: error,
        },
      );
    }
    return undefined;
  });
}

/** Gives the machine other addresses where it has one that was chosen and is taken. Tells whether it did. */
async function moveAway(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  let moved = false;
  for (const [index, wanted] of wantedPlaces(info.Config.Labels).entries()) {
    const network = await inspectNetwork(engine, wanted.network, signal);
    const current: unknown = info.NetworkSettings.Networks[wanted.network]?.IPAMConfig?.IPv4Address;
    if (network === undefined || wanted.address !== null || typeof current !== 'string') continue;
    if (!(await takenAddresses(engine, network, name, signal)).has(current)) continue;
    const place = await choosePlace(engine, wanted, name, signal);
    await detach(engine, info.Id, wanted.network, signal);
    await attach(engine, info.Id, place, index === 0, signal);
    moved = true;
  }
  return moved;
}

function absent(name: string): Error {
  return failure('ProviderFailed', `machine ${name} cannot start: there is none of that name`, {
    details: { machine: name },
    retryable: false,
  });
}
