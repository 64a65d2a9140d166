import { scheduleActivity, workflowInfo } from '@temporalio/workflow';
import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json } from '../../contracts/json.ts';
import { changedNames } from '../../contracts/same-json.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { PlanOperation } from '../../contracts/plan.ts';
import { EvaluationError } from '../../language/functions/index.ts';
import { componentOperations } from './components.ts';
import { evaluated } from './consumed.ts';
import { operations } from './interfaces.ts';
import { operationOptions } from './operation-options.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';
import { viewOf } from './view.ts';

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
      const context = await contextOf(run, operation, name, place);
      const result = await perform(run, operation, context);
      keep(run, place, result);
      return result.result ?? null;
    } catch (error) {
      throw error instanceof EvaluationError ? unresolved(error, name, owner) : error;
    } finally {
      run.activity.delete(owner);
    }
  });
}

async function perform(
  run: Run,
  operation: PlanOperation,
  context: OperationContext,
): Promise<OperationResult> {
  const byWorker = (implementation: string): Promise<OperationResult> => {
    const owner = context.subject.kind === 'node' ? context.subject.self.id : context.subject.source.id;
    const options = operationOptions(
      operation,
      `${shortName(context.operation)} ${owner} · ${implementation}`,
      context.operation === operations.checkStatus || run.once.has(owner),
    );
    return scheduleActivity<OperationResult>(implementation, [{ ...context, implementation }], options);
  };
  const onDeployments = componentOperations[operation.implementation];
  return onDeployments === undefined
    ? byWorker(operation.implementation)
    : onDeployments(run, context, byWorker);
}

async function contextOf(
  run: Run,
  operation: PlanOperation,
  name: string,
  place: Place,
): Promise<OperationContext> {
  const inputs = await evaluated(run, place, operation.inputs);
  return {
    deployment: run.deployment,
    execution: run.execution,
    blueprint: run.blueprint,
    operation: name,
    implementation: operation.implementation,
    idempotencyKey: idempotencyKeyOf(run, place, name),
    adopt: run.adopt,
    inputs: isJsonObject(inputs) ? inputs : {},
    subject: await subjectOf(run, place),
  };
}

async function subjectOf(run: Run, place: Place): Promise<OperationContext['subject']> {
  if ('self' in place) return { kind: 'node', self: await viewOf(run, place.self) };
  const relationship = nodeOf(run, place.source).relationships[place.position];
  return {
    kind: 'relationship',
    side: place.side,
    relationship: {
      type: relationship?.type ?? '',
      typeHierarchy: relationship?.typeHierarchy ?? [],
      properties: relationship?.properties ?? {},
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

function keep(run: Run, place: Place, result: OperationResult): void {
  if ('self' in place) {
    note(run, place.self, result.runtimeProperties);
  } else {
    note(run, place.source, result.sourceRuntimeProperties);
    note(run, place.target, result.targetRuntimeProperties);
  }
}

function note(run: Run, id: string, patch: OperationResult['runtimeProperties']): void {
  if (patch === undefined) return;
  const { runtimeProperties } = instanceOf(run, id);
  if (changedNames(runtimeProperties, patch).length > 0) run.journal.note({ id, runtimeProperties: patch });
}

function unresolved(error: EvaluationError, name: string, owner: string): Error {
  return failure('AttributeUnresolved', `${shortName(name)} of ${owner}: ${error.message}`, { cause: error });
}

/** `cloudify.interfaces.lifecycle.create` → `create` */
function shortName(operation: string): string {
  return operation.slice(operation.lastIndexOf('.') + 1);
}
