import type { BeginRequest, EndRequest, InstanceChange } from '../../contracts/entity.ts';
import type { RuntimePatch } from '../../contracts/operation.ts';
import type { JsonObject } from '../../contracts/json.ts';
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
  const base: InstanceRecord =
    change.reset === true ? { ...others, state: 'uninitialized', runtimeProperties: {} } : others;
  return {
    ...base,
    state: change.state ?? base.state,
    runtimeProperties: patched(base.runtimeProperties, change.runtimeProperties ?? {}),
    ...((change.repaired ?? repaired === true) ? { repaired: true } : {}),
  };
}

function patched(properties: JsonObject, patch: RuntimePatch): JsonObject {
  return Object.fromEntries(
    Object.entries({ ...properties, ...patch }).filter(([, value]) => value !== null),
  );
}

export function ended(record: DeploymentRecord, request: EndRequest, now: string): DeploymentRecord {
  const kept = progressed(record, request.changes);
  const instances = Object.values(kept.instances);
  const whole = instances.every(({ state }) => state === 'started');
  return {
    ...kept,
    phase: request.gone ? 'uninstalled' : whole ? 'installed' : 'incomplete',
    outputs: request.outputs ?? kept.outputs,
    capabilities: request.capabilities ?? kept.capabilities,
    holder: null,
    executions: kept.executions.map((summary) =>
      summary.execution === kept.holder?.execution && summary.status === 'running'
        ? { ...summary, endedAt: now, status: request.status, error: request.error }
        : summary,
    ),
  };
}
