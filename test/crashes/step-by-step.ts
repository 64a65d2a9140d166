import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '@temporalio/client';
import type { Braid } from '../../src/client/braid.ts';
import type { CrashStation, Site } from './crash-station.ts';
import { type Hold, type Moment, moments } from './holds.ts';

/**
 * Executions that stop before or after each of their steps, one deployment for each such moment, all at once. Then
 * something is killed, and started again; nothing else is done. All must end as those that were left alone.
 */
export type Round = {
  /** Tells apart what is made. */
  readonly name: string;
  /** Where the executions stop. Default: before and after each step. */
  readonly at?: readonly Moment[];
  /** Done when all have stopped. */
  readonly crash: (stopped: readonly Hold[]) => Promise<void>;
  /** Done when all have ended. */
  readonly afterwards?: (stopped: readonly Hold[]) => Promise<void>;
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

export type Alone = ReadonlyMap<Kind, Seen>;

/** What the executions do that nothing disturbs. */
export async function leftAlone(station: CrashStation, site: Site): Promise<Alone> {
  const alone = new Map<Kind, Seen>();
  for (const kind of kinds) {
    const deployment = `${kind}-alone`;
    await prepare(station, site, kind, deployment);
    await start(site, kind, deployment);
    alone.set(kind, await seen(station, site, kind, deployment));
  }
  return alone;
}

/** What ends otherwise than when left alone. */
export async function differences(
  station: CrashStation,
  site: Site,
  alone: Alone,
  { name, at = moments, crash, afterwards }: Round,
): Promise<readonly Difference[]> {
  const holds = kinds.flatMap((kind) => momentsOf(station, kind, at, `${kind}-${name}`));
  await Promise.all(holds.map((hold) => prepare(station, site, kindOf(hold), hold.deployment)));
  const before = new Map(holds.map(({ deployment }) => [deployment, station.cloud.objects(deployment)]));
  await station.hold(...holds);
  await Promise.all(holds.map((hold) => start(site, kindOf(hold), hold.deployment)));
  await station.haveStopped(holds);
  const ended = Promise.all(holds.map((hold) => endOf(site, kindOf(hold), hold.deployment)));
  await Promise.all([crash(holds), ended]);
  await afterwards?.(holds);
  const ends = await Promise.all(
    holds.map(async (hold): Promise<Difference | undefined> => {
      const kind = kindOf(hold);
      const is = await seen(station, site, kind, hold.deployment);
      const { base: _made, ...others } = before.get(hold.deployment) ?? {};
      const untouched = kind !== 'heal' || holdsAll(station.cloud.objects(hold.deployment), others);
      const isAsAlone = isDeepStrictEqual(is, alone.get(kind));
      return isAsAlone && untouched ? undefined : { killed: `${hold.moment} ${hold.step}`, untouched, is };
    }),
  );
  return ends.filter((each) => each !== undefined);
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

async function prepare(station: CrashStation, site: Site, kind: Kind, deployment: string): Promise<void> {
  if (kind === 'install') return;
  await site.braid.run('install', installOf(deployment));
  if (kind === 'heal') station.cloud.remove(deployment, 'base');
}

const installOf = (deployment: string) => ({ deployment, blueprint: 'pair/blueprint.yaml' });
const idOf = (kind: Kind, deployment: string) => `${kind}:${deployment}:tested`;

async function start(site: Site, kind: Kind, deployment: string): Promise<void> {
  const id = idOf(kind, deployment);
  if (kind === 'install') await site.braid.start('install', installOf(deployment), id);
  else await site.braid.start(kind, { deployment }, id);
}

function endOf(site: Site, kind: Kind, deployment: string): Promise<unknown> {
  return site.braid.result(kind, idOf(kind, deployment));
}

async function seen(station: CrashStation, site: Site, kind: Kind, deployment: string): Promise<Seen> {
  const result = await endOf(site, kind, deployment);
  const objects = station.cloud.objects(deployment);
  const record = await recordOf(site, deployment).then(
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
async function recordOf(site: Site, deployment: string): ReturnType<Braid['deployment']> {
  for (;;) {
    try {
      return await site.braid.deployment(deployment);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
  }
}
