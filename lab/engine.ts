import { join } from 'node:path';
import type Docker from 'dockerode';
import { answeringEngine, awaitEngine, engineTrouble } from './engine/connect.ts';
import { startEngine } from './engine/start.ts';
import { raiseInotifyLimit } from './engine/limits.ts';
import { labLabel } from './objects.ts';
import { type InstallOptions, installPackages, systemPackages } from './packages.ts';
import { type Daemon, runningDaemon, stopDaemon } from './process.ts';
import { stateRoot } from './state.ts';
import { withLock } from './toolchain/lock.ts';

/** Ours, when the lab had to start the engine: one for all labs, so in a folder that no lab can have. */
export const engineDaemon: Daemon = { folder: join(stateRoot(), '.engine'), name: 'engine' };

/**
 * A Docker engine that answers: the one of DOCKER_HOST or of this machine if it runs, else started, and installed
 * before when it is missing. It outlives this process. Errors say what to type.
 */
export async function ensureEngine(options: InstallOptions): Promise<Docker> {
  return withLock('engine', async () => {
    const engine = await answeringEngine();
    if (engine !== undefined) return prepared(engine, options);
    await engineTrouble();
    await installPackages([systemPackages.engine, systemPackages.iptables], options);
    // Its package starts the engine where systemd runs.
    const installed = await answeringEngine();
    if (installed !== undefined) return prepared(installed, options);
    const started = await startEngine(engineDaemon, options);
    return prepared(await awaitEngine(started === 'ours' ? engineDaemon : undefined), options);
  });
}

export type StopResult = 'stopped' | 'not ours' | 'in use';

/** Stops the engine if a lab started it and no container runs on it and no lab has anything on it. */
export async function stopEngine(): Promise<StopResult> {
  return withLock('engine', async () => {
    if ((await runningDaemon(engineDaemon)) === undefined) return 'not ours';
    const engine = await answeringEngine();
    if (engine !== undefined && (await isUsed(engine))) return 'in use';
    await stopDaemon(engineDaemon);
    return 'stopped';
  });
}

async function prepared(engine: Docker, { note }: InstallOptions): Promise<Docker> {
  await raiseInotifyLimit(note);
  return engine;
}

async function isUsed(engine: Docker): Promise<boolean> {
  const filters = { label: [labLabel] };
  const [running, containers, networks, volumes] = await Promise.all([
    engine.listContainers(),
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  return running.length + containers.length + networks.length + volumes.Volumes.length > 0;
}
