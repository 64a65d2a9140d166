import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeCache } from './cache.ts';
import { engineDaemon, ensureEngine, stopEngine } from './engine.ts';
import { answeringEngine } from './engine/connect.ts';
import { ensureImages, ensureVirtualMachineImage } from './images.ts';
import { countObjects, type LabObjects, listLabObjects, removeLabObjects } from './objects.ts';
import { identify, isAlive, processIdentitySchema } from './process.ts';
import type { Reporter } from './report.ts';
import {
  cacheRoot,
  checkLabName,
  isMissing,
  labNames,
  readJsonFile,
  stateFolder,
  stateRoot,
  writeJsonFile,
} from './state.ts';
import { ensureTemporal } from './toolchain/temporal.ts';
import { startTemporal, stopTemporal, type TemporalEndpoint, temporalStatus } from './temporal.ts';
import { startWorker, stopWorker, storeFolder, workerRuns } from './worker.ts';

/** A data centre on this machine: where its parts are. */
export type Lab = {
  /** Also the value of the label `io.braid.lab` of all that is its own. */
  readonly name: string;
  /** Logs, process numbers, Temporal's database and the worker's store. */
  readonly folder: string;
  /** The worker's store: blueprints, values, secrets. */
  readonly store: string;
  readonly temporal: TemporalEndpoint;
};

export type LabOptions = {
  readonly name: string;
  readonly report: Reporter;
  /** Use sudo for system packages where this is not root. */
  readonly yes: boolean;
  /** Build the image of virtual machines too. Default: no. */
  readonly virtualMachines?: boolean;
  /** Serve Temporal's HTTP API. Default: no. */
  readonly httpApi?: boolean;
};

export type LabStatus = {
  readonly name: string;
  readonly folder: string;
  readonly engine: boolean;
  readonly temporal: TemporalEndpoint | undefined;
  readonly temporalHealthy: boolean;
  readonly worker: boolean;
  readonly objects: LabObjects;
};

/** Labs of tests; one whose test run is gone may be removed by the next. */
const testPrefix = 'test-';

const nothing: LabObjects = { containers: [], networks: [], volumes: [] };

/** Brings the lab up, going on from what is there. Throws with what to do when a part cannot be had. */
export async function up({
  name,
  report,
  yes,
  virtualMachines = false,
  httpApi = false,
}: LabOptions): Promise<Lab> {
  const folder = await claimFolder(name);
  const program = await report.step('Temporal', 'the program of its server', ensureTemporal);
  const engine = await report.step('engine', 'Docker, which machines and networks are made on', (note) =>
    ensureEngine({ yes, note }),
  );
  await report.step('images', 'what machines boot, and what the chain runs', (note) =>
    ensureImages(engine, { yes, note }),
  );
  if (virtualMachines) {
    await report.step('virtual machines', 'the image that they boot', (note) =>
      ensureVirtualMachineImage(engine, { yes, note }),
    );
  }
  const temporal = await report.step('Temporal server', 'the durable record of all that Braid does', () =>
    startTemporal({ folder, program, standardPorts: !name.startsWith(testPrefix), http: httpApi }),
  );
  await report.step('worker', 'runs the workflows and reaches the machines', () =>
    startWorker({ lab: name, folder, temporal }),
  );
  return { name, folder, store: storeFolder(folder), temporal };
}

/** What of the lab is there now. Changes nothing. */
export async function status(name: string): Promise<LabStatus> {
  const folder = stateFolder(name);
  const engine = await answeringEngine();
  const [temporal, worker, objects] = await Promise.all([
    temporalStatus(folder),
    workerRuns(folder),
    engine === undefined ? nothing : listLabObjects(name, engine),
  ]);
  return {
    name,
    folder,
    engine: engine !== undefined,
    temporal: temporal?.endpoint,
    temporalHealthy: temporal?.healthy ?? false,
    worker,
    objects,
  };
}

export type DownOptions = {
  readonly name: string;
  readonly report: Reporter;
  /** Also remove what all labs share: builds and images. */
  readonly cache?: boolean;
};

/** Removes the lab and says what is kept. */
export async function down({ name, report, cache = false }: DownOptions): Promise<void> {
  await removeLab(name, report);
  if (cache) {
    await report.step('cache', 'builds and images removed', () => removeCache());
  } else {
    report.say(
      `Kept for the next time: the builds in ${cacheRoot()} and the images braid/*. --cache removes them too.`,
    );
  }
  await releaseEngine(report);
}

/** Stops the engine if a lab had started it and neither another lab nor anything else is on it. */
export async function releaseEngine(report: Reporter): Promise<void> {
  const stopped = (await labNames()).length > 0 ? 'in use' : await stopEngine();
  if (stopped === 'stopped') {
    await rm(engineDaemon.folder, { recursive: true, force: true });
    report.say('The engine that Braid had started is stopped.');
  }
  if (stopped === 'in use') report.say('The engine goes on: something else is on it.');
  await removeIfEmpty(stateRoot());
}

/** Removes the lab's processes, its objects on the engine and its state folder, and nothing else. */
export async function removeLab(name: string, report: Reporter): Promise<void> {
  const folder = stateFolder(name);
  await report.step(`lab ${name}`, 'taken down', async (note) => {
    if (await stopWorker(folder)) note('worker stopped');
    if (await stopTemporal(folder)) note('Temporal stopped');
    const engine = await answeringEngine();
    if (engine !== undefined) {
      const removed = countObjects(await removeLabObjects(name, engine));
      if (removed > 0) note(`${removed} machines, networks and volumes removed`);
    }
    await rm(folder, { recursive: true, force: true });
  });
}

/** Takes down the labs of test runs that were killed before they could. */
export async function removeAbandonedLabs(report: Reporter): Promise<void> {
  for (const name of await labNames()) {
    if (name.startsWith(testPrefix) && (await isAbandoned(stateFolder(name)))) await removeLab(name, report);
  }
}

/** Other labs have their folders there. */
async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}

/** Makes the state folder and notes who brings the lab up. */
async function claimFolder(name: string): Promise<string> {
  const folder = stateFolder(checkLabName(name));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeJsonFile(ownerFile(folder), await identify(process.pid));
  return folder;
}

async function isAbandoned(folder: string): Promise<boolean> {
  const owner = processIdentitySchema.safeParse(await readJsonFile(ownerFile(folder)));
  if (owner.success) return !(await isAlive(owner.data));
  // Another run may have made the folder this moment.
  return Date.now() - (await changedAt(folder)) > 60_000;
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Date.now();
    throw error;
  }
}

function ownerFile(folder: string): string {
  return join(folder, 'owner.json');
}
