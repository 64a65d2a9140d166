import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '@temporalio/client';
import { expect } from 'vitest';
import type { Braid } from '../../src/client/braid.ts';
import type { Running } from '../support/processes.ts';
import type { CrashStation } from './crash-station.ts';
import { type Hold, type Moment, moments } from './holds.ts';

/**
 * Executions that stop before or after each of their steps, one deployment for each such moment, all at once. Then
 * something is killed, and started again; nothing else is done. All must end as those that were left alone.
 */
export type StepByStep = {
  /** What the executions do that are left alone. */
  readonly alone: ReadonlyMap<Kind, Seen>;
  /** And starts it again, after what is done in between. */
  readonly killWorker: (between?: () => Promise<void>) => Promise<void>;
  /** What ends otherwise than when left alone. `round` tells apart what is made. */
  readonly differences: (
    round: string,
    crash: () => Promise<void>,
    at?: readonly Moment[],
  ) => Promise<readonly Difference[]>;
};

const kinds = ['install', 'heal', 'uninstall'] as const;
type Kind = (typeof kinds)[number];

/** What is to be seen of an execution and its deployment, but for ids. */
type Seen = {
  readonly result: unknown;
  readonly effects: readonly string[];
  readonly objects: readonly string[];
  readonly record: unknown;
};

type Difference = {
  readonly killed: string;
  /** Whether what was well, when healed, is still the same. */
  readonly untouched: boolean;
  readonly is: Seen;
};

export async function startStepByStep(station: CrashStation): Promise<StepByStep> {
  let worker: Running = await station.startWorker();
  const alone = new Map<Kind, Seen>();
  for (const kind of kinds) {
    const deployment = `${kind}-alone`;
    await prepare(station, kind, deployment);
    await start(station, kind, deployment);
    alone.set(kind, await seen(station, kind, deployment));
  }
  return {
    alone,
    differences,
    async killWorker(between) {
      worker.child.kill('SIGKILL');
      await worker.ended;
      await between?.();
      await station.letGo(...station.held());
      worker = await station.startWorker();
    },
  };

  async function differences(
    round: string,
    crash: () => Promise<void>,
    at: readonly Moment[] = moments,
  ): Promise<readonly Difference[]> {
    const holds = kinds.flatMap((kind) => momentsOf(station, kind, at, `${kind}-${round}`));
    await Promise.all(holds.map((hold) => prepare(station, kindOf(hold), hold.deployment)));
    const before = new Map(holds.map(({ deployment }) => [deployment, station.cloud.objects(deployment)]));
    await station.hold(...holds);
    await Promise.all(holds.map((hold) => start(station, kindOf(hold), hold.deployment)));
    await expect
      .poll(() => station.held().toSorted(), { timeout: 120_000 })
      .toEqual(holds.map(({ deployment }) => deployment).toSorted());
    await crash();
    const ends = await Promise.all(
      holds.map(async (hold): Promise<Difference | undefined> => {
        const kind = kindOf(hold);
        const is = await seen(station, kind, hold.deployment);
        const { base: _made, ...others } = before.get(hold.deployment) ?? {};
        const untouched = kind !== 'heal' || holdsAll(station.cloud.objects(hold.deployment), others);
        const isAsAlone = isDeepStrictEqual(is, alone.get(kind));
        return isAsAlone && untouched ? undefined : { killed: `${hold.moment} ${hold.step}`, untouched, is };
      }),
    );
    return ends.filter((each) => each !== undefined);
  }
}

function holdsAll(whole: Readonly<Record<string, string>>, part: Readonly<Record<string, string>>): boolean {
  return Object.entries(part).every(([name, id]) => whole[name] === id);
}

function kindOf({ step }: Hold): Kind {
  return kinds.find((kind) => step.startsWith(`${kind}:`)) ?? 'install';
}

/** A deployment for each moment before and after a step, as the execution that was left alone passed them. */
function momentsOf(
  station: CrashStation,
  kind: Kind,
  at: readonly Moment[],
  prefix: string,
): readonly Hold[] {
  return station
    .steps()
    .filter(({ deployment, step }) => deployment === `${kind}-alone` && step.startsWith(`${kind}:`))
    .flatMap(({ step, moment }) => (moment !== 'failed' && at.includes(moment) ? [{ step, moment }] : []))
    .map((where, index) => ({ deployment: `${prefix}-${index}`, ...where }));
}

async function prepare(station: CrashStation, kind: Kind, deployment: string): Promise<void> {
  if (kind === 'install') return;
  await station.braid.run('install', installOf(deployment));
  if (kind === 'heal') station.cloud.remove(deployment, 'base');
}

const installOf = (deployment: string) => ({ deployment, blueprint: 'pair/blueprint.yaml' });
const idOf = (kind: Kind, deployment: string) => `${kind}:${deployment}:tested`;

async function start(station: CrashStation, kind: Kind, deployment: string): Promise<void> {
  const id = idOf(kind, deployment);
  if (kind === 'install') await station.braid.start('install', installOf(deployment), id);
  else await station.braid.start(kind, { deployment }, id);
}

async function seen(station: CrashStation, kind: Kind, deployment: string): Promise<Seen> {
  const result: unknown = await station.braid.result(kind, idOf(kind, deployment));
  const objects = station.cloud.objects(deployment);
  const record = await recordOf(station, deployment).then(
    ({ phase, holder, executions, instances }) => ({
      phase,
      holder,
      executions: executions.map(({ kind: which, status }) => `${which} ${status}`),
      instances: Object.values(instances).map(({ node, state, runtimeProperties }) => ({
        node,
        state,
        isThere: runtimeProperties['object'] === undefined || runtimeProperties['object'] === objects[node],
      })),
    }),
    (error: unknown) => String(error),
  );
  const neutral = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(deployment, 'DEPLOYMENT')
        .replaceAll(/"(net|base|top)_\w{6}"/g, '"$1_ID"')
        .replaceAll(/"id":"[0-9a-f]{8}"/g, '"id":"OBJECT"'),
    );
  return {
    result: neutral(result),
    effects: station.cloud.journal(deployment).toSorted(),
    objects: Object.keys(objects),
    record: neutral(record),
  };
}

/** A busy server may give up a query; what Braid itself says is an answer. */
async function recordOf(station: CrashStation, deployment: string): ReturnType<Braid['deployment']> {
  for (;;) {
    try {
      return await station.braid.deployment(deployment);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
  }
}
