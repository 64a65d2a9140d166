import { access, constants } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import Docker from 'dockerode';
import { type Daemon, runningDaemon, tellLog } from '../process.ts';
import { isMissing } from '../state.ts';

const socket = '/var/run/docker.sock';
const patience = 5_000;

/** The engine of DOCKER_HOST, or of this machine, if it answers. */
export async function answeringEngine(): Promise<Docker | undefined> {
  try {
    await new Docker({ timeout: patience }).ping();
    return new Docker();
  } catch {
    return undefined;
  }
}

/** Ends with what to do where an engine does not answer and starting one here would not help. */
export async function engineTrouble(): Promise<void> {
  const host = process.env['DOCKER_HOST'];
  if (host !== undefined && host !== '') {
    throw new Error(`No Docker engine answers at DOCKER_HOST=${host}. Start that one, or unset DOCKER_HOST.`);
  }
  try {
    await access(socket, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (isMissing(error)) return;
    throw new Error(
      `You may not use the Docker engine at ${socket}. Type: sudo usermod -aG docker "$USER"\nthen log in anew and run this again.`,
      { cause: error },
    );
  }
}

/** Waits until the engine that was just started answers; ends with its log if it dies or takes over a minute. */
export async function awaitEngine(daemon: Daemon | undefined): Promise<Docker> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const engine = await answeringEngine();
    if (engine !== undefined) return engine;
    const dead = daemon !== undefined && (await runningDaemon(daemon)) === undefined;
    if (dead || Date.now() > deadline) {
      const told = daemon === undefined ? 'See `journalctl -u docker`.' : await tellLog(daemon);
      throw new Error(
        `The Docker engine ${dead ? 'ended at its start' : 'does not answer after a minute'}. ${told}`,
      );
    }
    await wait(200);
  }
}
