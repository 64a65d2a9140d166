import type { BeginRequest, EndRequest, InstanceChange } from '../../contracts/entity.ts';
import type { Offers } from '../../contracts/offers.ts';
import type {
  DeploymentPhase,
  DeploymentRecord,
  ExecutionKind,
  ExecutionSummary,
  InstanceRecord,
} from '../../contracts/record.ts';

/** How a deployment's record changes: pure steps from one record to the next. */

const keptExecutions = 20;

const phases: Readonly<Record<ExecutionKind, DeploymentPhase>> = {
  install: 'installing',
  uninstall: 'uninstalling',
  heal: 'healing',
  prove: 'proving',
};

type Install = NonNullable<BeginRequest['install']>;

export function newRecord(deployment: string, install: Install): DeploymentRecord {
  return {
    deployment,
    phase: 'installing',
    blueprint: install.blueprint,
    inputs: install.inputs,
    plan: install.plan,
    instances: Object.fromEntries(install.instances.map((instance) => [instance.id, instance])),
    outputs: {},
    capabilities: {},
    parent: install.parent,
    consumers: [],
    holder: null,
    fence: 0,
    taken: 0,
    executions: [],
  };
}

export function begun(record: DeploymentRecord, request: BeginRequest, now: string): DeploymentRecord {
  const { execution, runId, kind } = request;
  const earlier = record.executions.map((summary) =>
    summary.status === 'running' ? { ...summary, status: 'abandoned' as const, endedAt: now } : summary,
  );
  const started: ExecutionSummary = {
    execution,
    kind,
    startedAt: now,
    endedAt: null,
    status: 'running',
    error: null,
  };
  return {
    ...record,
    phase: phases[kind],
    holder: { execution, runId, kind, since: now },
    fence: record.fence + 1,
    taken: 0,
    executions: [...earlier, started].slice(-keptExecutions),
  };
}

export function progressed(record: DeploymentRecord, changes: readonly InstanceChange[]): DeploymentRecord {
  const instances: Record<string, InstanceRecord> = { ...record.instances };
  for (const change of changes) {
    const instance = instances[change.id];
    if (instance !== undefined) instances[change.id] = changedInstance(instance, change);
  }
  return { ...record, instances };
}

export function changedInstance(instance: InstanceRecord, change: InstanceChange): InstanceRecord {
  const { repaired, ...others } = instance;
  const base: InstanceRecord = change.reset === true ? asNew(others) : others;
  return {
    ...withPatch(base, change),
    state: change.state ?? base.state,
    ...((change.repaired ?? repaired === true) ? { repaired: true } : {}),
  };
}

function asNew({ secrets: _secrets, kept: _kept, ...instance }: InstanceRecord): InstanceRecord {
  return { ...instance, state: 'uninitialized', runtimeProperties: {} };
}

/** Secrets and who keeps it go with a runtime property. */
function withPatch(
  instance: InstanceRecord,
  { runtimeProperties: patch, keeps }: InstanceChange,
): InstanceRecord {
  if (patch === undefined) return instance;
  const { secrets = [], kept = [], ...others } = instance;
  const isPatched = (name: string | number | undefined) =>
    name !== undefined && Object.hasOwn(patch.data, name);
  const values = { ...instance.runtimeProperties, ...patch.data };
  const runtimeProperties = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const places = [...secrets.filter(({ at }) => !isPatched(at[0])), ...patch.secrets];
  const patched = Object.keys(patch.data).filter((name) => Object.hasOwn(runtimeProperties, name));
  const keeping = [...kept.filter((name) => !isPatched(name)), ...(keeps === true ? patched : [])];
  return {
    ...others,
    runtimeProperties,
    ...(places.length === 0 ? {} : { secrets: places }),
    ...(keeping.length === 0 ? {} : { kept: keeping }),
  };
}

export function ended(record: DeploymentRecord, request: EndRequest, now: string): DeploymentRecord {
  const kept = withOffers(progressed(record, request.changes), request.offers);
  const instances = Object.values(kept.instances);
  const whole = instances.every(({ state }) => state === 'started');
  return {
    ...kept,
    phase: request.gone ? 'uninstalled' : whole ? 'installed' : 'incomplete',
    holder: null,
    executions: kept.executions.map((summary) =>
      summary.execution === kept.holder?.execution && summary.status === 'running'
        ? { ...summary, endedAt: now, status: request.status, error: request.error }
        : summary,
    ),
  };
}

function withOffers(record: DeploymentRecord, offers: Offers | null): DeploymentRecord {
  if (offers === null) return record;
  const { secrets: _, ...others } = record;
  return { ...others, ...offers };
}
