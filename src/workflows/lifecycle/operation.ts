import { scheduleActivity, workflowInfo } from '@temporalio/workflow';
import { failure } from '../../contracts/failure.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { refuseKept } from '../../contracts/kept-properties.ts';
import type { EvaluatedStep, OperationOrder, OperationReport, Subject } from '../../contracts/operation.ts';
import { changedProperties } from '../../contracts/same-json.ts';
import { isScript } from '../../contracts/script-implementations.ts';
import { seal, type Sealed, type ValueMap } from '../../contracts/sealed.ts';
import type { PlanOperation } from '../../contracts/plan.ts';
import { EvaluationError } from '../../language/functions/index.ts';
import { componentOperations } from './components.ts';
import { operations } from './interfaces.ts';
import { operationOptions } from './operation-options.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';
import { evaluatedMap, viewOf } from './view.ts';

/** Where an operation stands: on a node instance, or on one side of a relationship between two. */
export type Place =
  | { readonly self: string }
  | {
      readonly source: string;
      readonly target: string;
      readonly position: number;
      readonly side: 'source' | 'target';
    };

/** Runs one operation if the plan has it, and keeps what it returns. Undefined: there is none of that name. */
export async function runNodeOperation(run: Run, id: string, name: string): Promise<Json | undefined> {
  const operation = nodeOf(run, id).operations[name];
  return operation === undefined ? undefined : runOperation(run, operation, name, { self: id });
}

export function hasOperation(run: Run, id: string, name: string): boolean {
  return nodeOf(run, id).operations[name] !== undefined;
}

export async function runOperation(
  run: Run,
  operation: PlanOperation,
  name: string,
  place: Place,
): Promise<Json> {
  const owner = 'self' in place ? place.self : place.source;
  return run.limit(async () => {
    run.activity.set(owner, shortName(name));
    try {
      const step = await stepOf(run, operation, name, place);
      const result = await perform(run, operation, step);
      keep(run, place, result, operation.implementation);
      return result.result ?? null;
    } catch (error) {
      throw error instanceof EvaluationError ? unresolved(error, name, owner) : error;
    } finally {
      run.activity.delete(owner);
    }
  });
}

async function perform(run: Run, operation: PlanOperation, step: EvaluatedStep): Promise<OperationReport> {
  const byWorker = (implementation: string): Promise<OperationReport> => {
    const owner = step.subject.kind === 'node' ? step.subject.self.id : step.subject.source.id;
    const options = operationOptions(
      operation,
      `${shortName(step.operation)} ${owner} · ${implementation}`,
      step.operation === operations.checkStatus || run.once.has(owner),
    );
    const order: OperationOrder = {
      ...step,
      implementation,
      inputs: seal(step.inputs),
      subject: seal(step.subject),
    };
    return scheduleActivity<OperationReport>(implementation, [order], options);
  };
  const onDeployments = componentOperations[operation.implementation];
  return onDeployments === undefined
    ? byWorker(operation.implementation)
    : onDeployments(run, step, byWorker);
}

async function stepOf(
  run: Run,
  operation: PlanOperation,
  name: string,
  place: Place,
): Promise<EvaluatedStep> {
  return {
    deployment: run.deployment,
    execution: run.execution,
    blueprint: run.blueprint,
    operation: name,
    implementation: operation.implementation,
    idempotencyKey: idempotencyKeyOf(run, place, name),
    adopt: run.adopt,
    inputs: await evaluatedMap(run, place, operation.inputs),
    subject: await subjectOf(run, place),
  };
}

async function subjectOf(run: Run, place: Place): Promise<Subject<ValueMap>> {
  if ('self' in place) return { kind: 'node', self: await viewOf(run, place.self) };
  const relationship = nodeOf(run, place.source).relationships[place.position];
  return {
    kind: 'relationship',
    side: place.side,
    relationship: {
      type: relationship?.type ?? '',
      typeHierarchy: relationship?.typeHierarchy ?? [],
      properties: await evaluatedMap(run, place, relationship?.properties ?? {}),
    },
    source: await viewOf(run, place.source),
    target: await viewOf(run, place.target),
  };
}

/**
 * The same for every attempt of a step. A step that an execution runs again is another one, as is the step of another
 * execution of the same id: those of components come again.
 */
function idempotencyKeyOf(run: Run, place: Place, name: string): string {
  const step = [run.execution, workflowInfo().firstExecutionRunId, ...placeKey(place), name].join('/');
  const times = (run.performed.get(step) ?? 0) + 1;
  run.performed.set(step, times);
  return times === 1 ? step : `${step}/${times}`;
}

function placeKey(place: Place): readonly string[] {
  return 'self' in place ? [place.self] : [place.source, String(place.position), place.target, place.side];
}

function keep(run: Run, place: Place, result: OperationReport, implementation: string): void {
  if ('self' in place) {
    note(run, place.self, result.runtimeProperties, implementation);
  } else {
    note(run, place.source, result.sourceRuntimeProperties, implementation);
    note(run, place.target, result.targetRuntimeProperties, implementation);
  }
}

function note(run: Run, id: string, patch: Sealed<JsonObject> | undefined, implementation: string): void {
  if (patch === undefined) return;
  const { runtimeProperties, secrets = [], kept = [] } = instanceOf(run, id);
  const changed = changedProperties({ data: runtimeProperties, secrets }, patch);
  const keeps = !isScript(implementation);
  if (!keeps) refuseKept(id, changed, kept);
  if (changed.length > 0) run.journal.note({ id, runtimeProperties: patch, ...(keeps ? { keeps } : {}) });
}

function unresolved(error: EvaluationError, name: string, owner: string): Error {
  return failure('AttributeUnresolved', `${shortName(name)} of ${owner}: ${error.message}`, { cause: error });
}

/** `cloudify.interfaces.lifecycle.create` → `create` */
function shortName(operation: string): string {
  return operation.slice(operation.lastIndexOf('.') + 1);
}
