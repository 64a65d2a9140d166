import { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import {
  engineInfoSchema,
  liveNodeSchema,
  liveServiceSchema,
  liveTaskSchema,
  type EngineInfo,
  type LiveNode,
  type LiveService,
  type LiveTask,
} from './live.ts';
import { specName } from './live-spec.ts';

/** What is asked of a Swarm manager's engine. Every call fails with a code of the table. */
export type SwarmApi = {
  /** How people know the manager: its address. */
  readonly where: string;
  info(): Promise<EngineInfo>;
  /** Undefined when no service has exactly that name. */
  serviceByName(name: string): Promise<LiveService | undefined>;
  servicesByLabels(labels: readonly string[]): Promise<readonly LiveService[]>;
  createService(spec: JsonObject): Promise<void>;
  updateService(id: string, version: number, spec: JsonObject): Promise<void>;
  /** Absence is success. */
  removeService(id: string): Promise<void>;
  tasksOf(serviceId: string): Promise<readonly LiveTask[]>;
  tasksByLabels(labels: readonly string[]): Promise<readonly LiveTask[]>;
  nodes(): Promise<readonly LiveNode[]>;
  /** By name. */
  networkIds(): Promise<ReadonlyMap<string, string>>;
  /** The service's containers on the manager itself, those that have ended too. */
  containersOf(serviceId: string): Promise<readonly string[]>;
  /**
   * Reads standard output and error of a task's container, `tail` lines or all, as they come. Fails as
   * AnswerUnusable beyond 1 GiB.
   */
  taskLog<Result>(
    taskId: string,
    tail: number | 'all',
    read: (content: AsyncIterable<Buffer>) => Promise<Result>,
  ): Promise<Result>;
};

/** Turns whatever a call throws into a failure of the table. `what` completes «the manager could not …». */
export type Attempt = <Result>(what: string, call: () => Promise<Result>) => Promise<Result>;

/** Reads a log that was opened; it may take as long as it flows. */
export type ReadLog = <Result>(
  what: string,
  open: (docker: Dockerode) => Promise<Readable>,
  read: (content: AsyncIterable<Buffer>) => Promise<Result>,
) => Promise<Result>;

export function swarmApi(docker: Dockerode, where: string, attempt: Attempt, readLog: ReadLog): SwarmApi {
  return {
    where,
    info: () => attempt('read its state', async () => engineInfoSchema.parse(await docker.info())),
    serviceByName: async (name) => {
      const found = await attempt('list services', () => listServices(docker, { name: [name] }));
      return found.find((service) => specName(service.Spec) === name);
    },
    servicesByLabels: (label) => attempt('list services', () => listServices(docker, { label: [...label] })),
    createService: (spec) =>
      attempt(`create service “${specName(spec)}”`, async () => {
        await docker.createService(spec);
      }),
    updateService: (id, version, spec) =>
      attempt(`update service “${specName(spec)}”`, async () => {
        // Without `_body` the library would repeat the specification, secrets and all, in the URL.
        await docker.getService(id).update({ _query: { version }, _body: spec });
      }),
    removeService: (id) =>
      attempt('remove the service', () => unlessAbsent(docker.getService(id).remove(), undefined)),
    tasksOf: (id) => attempt('list tasks', () => unlessAbsent(listTasks(docker, { service: [id] }), [])),
    tasksByLabels: (label) => attempt('list tasks', () => listTasks(docker, { label: [...label] })),
    nodes: () => attempt('list nodes', async () => z.array(liveNodeSchema).parse(await docker.listNodes())),
    networkIds: () =>
      attempt('list networks', async () => {
        const networks = await docker.listNetworks();
        return new Map(networks.map((network) => [network.Name, network.Id]));
      }),
    containersOf: (id) =>
      attempt('list containers', async () => {
        const label = [`com.docker.swarm.service.id=${id}`];
        return (await docker.listContainers({ all: true, filters: { label } })).map((found) => found.Id);
      }),
    taskLog: (id, tail, read) =>
      readLog(`read the log of the task ${id}`, (engine) => openTaskLog(engine, id, tail), read),
  };
}

type Filters = Record<string, string[]>;

async function listServices(docker: Dockerode, filters: Filters): Promise<readonly LiveService[]> {
  return z.array(liveServiceSchema).parse(await docker.listServices({ filters }));
}

async function listTasks(docker: Dockerode, filters: Filters): Promise<readonly LiveTask[]> {
  return z.array(liveTaskSchema).parse(await docker.listTasks({ filters }));
}

async function unlessAbsent<Result>(call: Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return otherwise;
    throw error;
  }
}

/** The library has no types for it, and would keep the whole log as one buffer, or take it for JSON. */
function openTaskLog(docker: Dockerode, id: string, tail: number | 'all'): Promise<Readable> {
  const request = {
    path: `/tasks/${encodeURIComponent(id)}/logs?`,
    method: 'GET',
    isStream: true,
    statusCodes: { 200: true, 404: 'no such task', 500: 'server error' },
    options: { stdout: true, stderr: true, tail },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, stream) => {
      if (stream instanceof Readable) resolve(stream);
      else reject(error instanceof Error ? error : new Error('no log'));
    });
  });
}
