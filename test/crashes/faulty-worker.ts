import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Context, type Info } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { Operation } from '../../src/activities/operation.ts';
import { operationActivity, type Services } from '../../src/activities/run-operation.ts';
import { beforeEffect } from '../../src/activities/lease.ts';
import { failure } from '../../src/contracts/failure.ts';
import type { OperationOrder, Subject } from '../../src/contracts/operation.ts';
import { openCloud } from './cloud.ts';
import { heldFile, holdFile, type Hold, type Moment, stepsFile } from './holds.ts';

/**
 * Loaded before `src/worker.ts`, it makes that worker stop at chosen steps, before or after their effects, so that the
 * test can kill it just there. What scripts make become files.
 */

const folder = process.env['BRAID_TEST_CRASHES'] ?? '';
const cloud = openCloud(join(folder, 'cloud'));

const script: Operation = async ({ deployment, operation, subject, idempotencyKey }) => {
  await beforeEffect();
  const step = shortName(operation);
  const node = subject.kind === 'node' ? subject.self.node : `${subject.source.node}->${subject.target.node}`;
  if (step === 'check_status') {
    if (node in cloud.objects(deployment)) return { result: { healthy: true } };
    throw failure('ScriptFailed', `There is no ${node}.`);
  }
  const act = () => {
    if (step === 'create' || step === 'heal') {
      return { runtimeProperties: { object: cloud.ensure(deployment, node) } };
    }
    if (step === 'delete') cloud.remove(deployment, node);
    else cloud.note(deployment, `${step} ${node}`);
    return {};
  };
  // A network can be looked at, so it needs no key.
  return node === 'net' ? act() : cloud.once(idempotencyKey, act);
};

const standIns: Readonly<Record<string, Operation>> = {
  'scripts.run': script,
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the stand-ins use none of them
const services = { secrets: {} } as Services;
const create = Worker.create.bind(Worker);
Worker.create = (options) =>
  create({
    ...options,
    activities: {
      ...options.activities,
      ...Object.fromEntries(
        Object.entries(standIns).map(([name, operation]) => [name, operationActivity(operation, services)]),
      ),
    },
    // A worker that is stopped by SIGSTOP still takes as many tasks as it has asked for.
    maxConcurrentActivityTaskPolls: 2,
    maxConcurrentWorkflowTaskPolls: 2,
    interceptors: {
      activity: [
        ...(options.interceptors?.activity ?? []),
        ({ info }) => ({
          inbound: {
            async execute(input, next) {
              const [argument] = input.args;
              const step = nameOf(info, argument);
              await reached(step, 'before', info);
              const result = await next(input).catch((error: unknown) => {
                note(step, 'failed', info);
                throw error;
              });
              await reached(step, 'after', info);
              return result;
            },
          },
        }),
      ],
    },
  });

type Step = { readonly deployment: string; readonly step: string };
const counts = new Map<string, number>();

function nameOf(info: Info, argument: unknown): Step {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every activity of Braid takes one object
  const context = argument as Partial<OperationOrder> & { readonly path?: string };
  const execution = info.workflowExecution?.workflowId ?? '';
  const deployment = context.deployment ?? execution.split(':')[1] ?? '';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by the engine from just this
  const subject = context.subject?.data as Subject | undefined;
  const who =
    subject === undefined
      ? info.activityType
      : `${shortName(context.operation ?? '')} ${subject.kind === 'node' ? subject.self.node : subject.source.node}`;
  const key = `${execution} ${who}`;
  const count = (counts.get(key) ?? 0) + (info.attempt === 1 ? 1 : 0);
  counts.set(key, count);
  return { deployment, step: `${info.workflowType ?? ''}: ${who} ${count}` };
}

/** Stays here when the test wants it to, until the test lets go, or this process is killed. */
async function reached({ deployment, step }: Step, moment: Moment, info: Info): Promise<void> {
  note({ deployment, step }, moment, info);
  if (info.attempt > 1 || !isHeld({ deployment, step, moment })) return;
  writeFileSync(heldFile(folder, deployment), '');
  while (existsSync(holdFile(folder, deployment))) {
    Context.current().heartbeat(null);
    await delay(50);
  }
}

function note(step: Step, moment: Moment | 'failed', { attempt }: Info): void {
  appendFileSync(stepsFile(folder), `${JSON.stringify({ ...step, moment, attempt })}\n`);
}

function isHeld({ deployment, step, moment }: Hold): boolean {
  const file = holdFile(folder, deployment);
  if (!existsSync(file)) return false;
  const hold: Hold = JSON.parse(readFileSync(file, 'utf8'));
  return hold.step === step && hold.moment === moment;
}

function shortName(operation: string): string {
  return operation.slice(operation.lastIndexOf('.') + 1);
}
