import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { Healed, Health, RuntimePatch } from '../../contracts/operation.ts';
import { sameJson } from '../../contracts/same-json.ts';
import { asJson } from '../../contracts/sealed.ts';
import type { Operation, Tools } from '../operation.ts';
import type { SwarmApi } from './api.ts';
import { differences } from './drift.ts';
import { isNameTaken, isOutOfSequence } from './errors.ts';
import { whyNotRunning } from './hopeless.ts';
import type { LiveService } from './live.ts';
import { specTemplate } from './live-spec.ts';
import { isOurs, unowned, whose, withoutMark } from './ownership.ts';
import { endpointOf, noServiceRuntime, serviceRuntime } from './service-runtime.ts';
import { subjectOf, wantedSpec, withManagerOf, type ServiceSubject } from './service-subject.ts';
import { isSettled, untilSettled } from './settle.ts';
import { isAlive, observeTasks } from './tasks.ts';
import { unwellWhenUnreachable } from './unwell.ts';
import { removeService } from './service-removal.ts';

/** Makes the service be as the blueprint says, and waits until its tasks run. */
export const applyService: Operation = async (context, tools) => {
  const { runtimeProperties } = await apply(subjectOf(context, tools), tools);
  return { runtimeProperties };
};

/** The same. Where Swarm was only to be waited for, it says that nothing was repaired. */
export const healService: Operation = async (context, tools) => {
  const subject = subjectOf(context, tools);
  const { changed, runtimeProperties } = await apply(subject, tools);
  const hasMoved = !sameJson(
    asJson(runtimeProperties['endpoint'] ?? null),
    subject.self.runtimeProperties['endpoint'],
  );
  // An earlier attempt may have changed it.
  const result: Healed = { repaired: changed || hasMoved || tools.attempt > 1 };
  return { runtimeProperties, result };
};

async function apply(
  subject: ServiceSubject,
  tools: Tools,
): Promise<{ readonly changed: boolean; readonly runtimeProperties: RuntimePatch }> {
  return withManagerOf(subject, tools, async (swarm) => {
    const spec = await wantedSpec(subject, swarm);
    const known = await endedTasks(swarm, subject.name);
    const changed = await ensure(swarm, subject, spec, tools.log);
    const wait = {
      swarm,
      redact: tools.redact,
      known,
      unchanged: !changed,
      find: () => findService(swarm, subject),
    };
    const observed = await untilSettled(wait, tools);
    return { changed, runtimeProperties: serviceRuntime(observed, swarm.where) };
  });
}

/** Removes the service, and waits until its tasks and their containers are gone. */
export const deleteService: Operation = (context, tools) => {
  const subject = subjectOf(context, tools);
  return withManagerOf(subject, tools, async (swarm) => {
    await removeService(swarm, subject.owner, tools);
    return { runtimeProperties: noServiceRuntime };
  });
};

/** Health: the service is there, ours, as the blueprint says, and its tasks run. */
export const checkService: Operation = (context, tools) => {
  const subject = subjectOf(context, tools);
  return unwellWhenUnreachable(() =>
    withManagerOf(subject, tools, async (swarm) => {
      const spec = await wantedSpec(subject, swarm);
      return healthOf(swarm, subject, spec);
    }),
  );
};

/** Whether anything was changed that its tasks could show. A race with someone else is looked at anew. */
async function ensure(
  swarm: SwarmApi,
  subject: ServiceSubject,
  spec: JsonObject,
  log: (message: string) => void,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ensureOnce(swarm, subject, spec, log);
    } catch (error) {
      if (attempt === 5 || !(isOutOfSequence(error) || isNameTaken(error))) throw error;
    }
  }
}

async function ensureOnce(
  swarm: SwarmApi,
  subject: ServiceSubject,
  spec: JsonObject,
  log: (message: string) => void,
): Promise<boolean> {
  const live = await swarm.serviceByName(subject.name);
  if (live === undefined) {
    log(`creates service ${subject.name}`);
    await swarm.createService(spec);
    return true;
  }
  if (!isOurs(live, subject.owner) && !subject.adopt) throw unowned(live, subject.owner, swarm.where);
  const drift = differences(spec, live.Spec);
  if (drift.length === 0 && !isStuck(live)) return false;
  log(
    `updates service ${subject.name}: ${drift.length === 0 ? 'its last update stopped' : drift.join(', ')}`,
  );
  await swarm.updateService(live.ID, live.Version.Index, keepingForceUpdate(spec, live));
  return isStuck(live) || withoutMark(drift, live).length > 0;
}

/** Swarm stops an update whose first task fails, and goes on only when it is asked again. */
function isStuck({ UpdateStatus }: LiveService): boolean {
  return UpdateStatus?.State === 'paused' || UpdateStatus?.State === 'rollback_paused';
}

/** It counts restarts; set back to nothing it would be one more. */
function keepingForceUpdate(spec: JsonObject, live: LiveService): JsonObject {
  const { ForceUpdate = 0 } = specTemplate(live.Spec);
  return { ...spec, TaskTemplate: { ...specTemplate(spec), ForceUpdate } };
}

async function findService(swarm: SwarmApi, { name }: ServiceSubject): Promise<LiveService> {
  const live = await swarm.serviceByName(name);
  if (live !== undefined) return live;
  throw failure(
    'NotReady',
    `Service “${name}” on ${swarm.where} was removed by someone else while it was started.`,
  );
}

async function endedTasks(swarm: SwarmApi, name: string): Promise<ReadonlySet<string>> {
  const live = await swarm.serviceByName(name);
  const tasks = live === undefined ? [] : await swarm.tasksOf(live.ID);
  return new Set(tasks.filter((task) => !isAlive(task)).map((task) => task.ID));
}

async function healthOf(swarm: SwarmApi, subject: ServiceSubject, spec: JsonObject): Promise<Health> {
  const live = await swarm.serviceByName(subject.name);
  if (live === undefined) return { healthy: false, reason: `service ${subject.name} is missing` };
  const facts = { service_id: live.ID, version: live.Version.Index };
  if (!isOurs(live, subject.owner))
    return {
      healthy: false,
      reason: `service ${subject.name} is not ours: it ${whose(live, subject.owner)}`,
      facts,
    };
  const drift = withoutMark(differences(spec, live.Spec), live);
  if (drift.length > 0)
    return { healthy: false, reason: `service ${subject.name} differs in ${drift.join(', ')}`, facts };
  const observed = await observeTasks(swarm, live);
  if (!isSettled(observed, () => true))
    return { healthy: false, reason: `service ${subject.name}: ${whyNotRunning(observed)}`, facts };
  const endpoint = endpointOf(observed, swarm.where);
  const known = subject.self.runtimeProperties['endpoint'];
  if (known === undefined || sameJson(endpoint, known)) return { healthy: true, facts };
  const moved = `service ${subject.name} is reached at ${told(endpoint)} now, no longer at ${told(known)}`;
  return { healthy: false, reason: moved, facts };
}

/** An address and a port, for people. */
function told(endpoint: Json): string {
  return isJsonObject(endpoint) ? JSON.stringify(endpoint) : 'no address';
}
