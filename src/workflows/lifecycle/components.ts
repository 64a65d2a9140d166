import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json-schemas.ts';
import { inheritedFrom, type Offers, valuesOffered } from '../../contracts/offers.ts';
import type { EvaluatedStep, OperationReport } from '../../contracts/operation.ts';
import { problemsOf } from '../../contracts/problems.ts';
import { changedProperties } from '../../contracts/same-json.ts';
import { asWritten, holdsSecrets, seal, type Sealed } from '../../contracts/sealed.ts';
import type { CheckResult } from '../../contracts/workflows/check.ts';
import type { HealResult, Unwell } from '../../contracts/workflows/heal.ts';
import type { InstallResult } from '../../contracts/workflows/install.ts';
import { patientSystem, system } from '../system-activities.ts';
import type { Run } from './run.ts';

/** Operations that work on whole deployments: by child workflows, so the engine does them and not a worker alone. */
type ComponentOperation = (
  run: Run,
  step: EvaluatedStep,
  /** Runs an activity of the same step. */
  byWorker: (implementation: string) => Promise<OperationReport>,
) => Promise<OperationReport>;

export const componentOperations: Readonly<Record<string, ComponentOperation>> = {
  'deployments.component.install': installComponent,
  'deployments.component.uninstall': uninstallComponent,
  'deployments.component.check': checkComponent,
  'deployments.component.heal': healComponent,
  'deployments.proxy.check': checkProxy,
  'deployments.proxy.heal': healProxy,
};

const proxySchema = z.object({
  deployment_id: z.string().default(''),
  resource_config: z.object({ deployment: z.object({ id: z.string() }).optional() }).default({}),
});

const componentSchema = z.object({
  resource_config: z.object({
    blueprint: z.object({ path: z.string().min(1) }),
    deployment: z.object({ id: z.string().min(1), inputs: jsonObjectSchema.default({}) }),
  }),
});

async function installComponent(run: Run, step: EvaluatedStep): Promise<OperationReport> {
  const { deployment, blueprint } = componentOf(step);
  const input = {
    deployment: deployment.id,
    blueprint,
    inputs: deployment.inputs,
    adopt: run.adopt,
    parent: run.deployment,
  };
  const result = await child<InstallResult>(run, step, 'install', deployment.id, input);
  return { runtimeProperties: offered(deployment.id, result) };
}

async function uninstallComponent(run: Run, step: EvaluatedStep): Promise<OperationReport> {
  const { deployment } = componentOf(step);
  try {
    await child(run, step, 'uninstall', deployment.id, {
      deployment: deployment.id,
      parent: run.deployment,
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return {};
}

/** Well while what it offers is what was taken over, and the deployment itself is well. */
async function checkComponent(run: Run, step: EvaluatedStep): Promise<OperationReport> {
  const { id } = componentOf(step).deployment;
  const unwell = await unwellIn(run, step, id);
  if (unwell.length > 0) return illHealth(id, unwell);
  const held = seal(step.subject.kind === 'node' ? step.subject.self.runtimeProperties : {});
  const changed = changedProperties(held, offered(id, await system.readDeployment({ deployment: id })));
  if (changed.length === 0) return { result: { healthy: true } };
  return { result: { healthy: false, reason: `outputs of ${id} have changed: ${changed.join(', ')}` } };
}

async function healComponent(run: Run, step: EvaluatedStep): Promise<OperationReport> {
  const { deployment } = componentOf(step);
  const { repairs, unwell } = await healed(run, step, deployment.id);
  const record = await system.readDeployment({ deployment: deployment.id });
  return {
    runtimeProperties: offered(deployment.id, record),
    result: { repairs: [...repairs], unwell: [...unwell] },
  };
}

/** Well while its outputs are those that were taken over, and the deployment itself is well. */
async function checkProxy(
  run: Run,
  step: EvaluatedStep,
  byWorker: (implementation: string) => Promise<OperationReport>,
): Promise<OperationReport> {
  const own = await byWorker('deployments.proxy.check');
  const deployment = proxiedBy(step);
  const unwell = await unwellIn(run, step, deployment);
  return unwell.length === 0 ? own : illHealth(deployment, unwell);
}

/** The deployment is healed only when that was asked for, else looked at; its outputs are taken over anew. */
async function healProxy(
  run: Run,
  step: EvaluatedStep,
  byWorker: (implementation: string) => Promise<OperationReport>,
): Promise<OperationReport> {
  const deployment = proxiedBy(step);
  const found = run.recursive
    ? await healed(run, step, deployment)
    : { repairs: [], unwell: await unwellIn(run, step, deployment) };
  const { runtimeProperties } = await byWorker('deployments.proxy.connect');
  return {
    ...(runtimeProperties === undefined ? {} : { runtimeProperties }),
    result: { repairs: [...found.repairs], unwell: [...found.unwell] },
  };
}

function healed(run: Run, step: EvaluatedStep, deployment: string): Promise<HealResult> {
  const input = { deployment, parent: run.deployment, recursive: run.recursive };
  return child<HealResult>(run, step, 'heal', deployment, input);
}

async function unwellIn(run: Run, step: EvaluatedStep, deployment: string): Promise<readonly Unwell[]> {
  const { instances } = await child<CheckResult>(run, step, 'check', deployment, { deployment });
  return instances
    .filter(({ healthy }) => !healthy)
    .map(({ instance, reason }) => ({ deployment, instance, reason: reason ?? '' }));
}

function illHealth(deployment: string, unwell: readonly Unwell[]): OperationReport {
  const list = unwell.map(({ instance, reason }) => `${instance}: ${reason}`).join('; ');
  return { result: { healthy: false, reason: `in the deployment ${deployment}, ${list}` } };
}

function offered(id: string, offers: Offers): Sealed<JsonObject> {
  return seal(inheritedFrom(id, valuesOffered(offers)));
}

/** One execution at a time: one that runs already is awaited, and then this one has its turn. */
async function child<Result>(
  run: Run,
  { subject }: EvaluatedStep,
  kind: 'install' | 'uninstall' | 'check' | 'heal',
  deployment: string,
  input: JsonObject,
): Promise<Result> {
  const owner = subject.kind === 'node' ? subject.self.id : subject.source.id;
  const workflowId = `${kind}:${deployment}:of:${run.deployment}`;
  for (;;) {
    try {
      run.children.set(owner, workflowId);
      return await executeChild<(argument: JsonObject) => Promise<Result>>(kind, {
        workflowId,
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `${kind} of ${deployment}, a component of ${run.deployment}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await patientSystem.awaitExecution({ execution: workflowId });
    } finally {
      run.children.delete(owner);
    }
  }
}

function componentOf({ subject }: EvaluatedStep): {
  readonly blueprint: string;
  readonly deployment: { readonly id: string; readonly inputs: JsonObject };
} {
  const properties = subject.kind === 'node' ? subject.self.properties : {};
  if (holdsSecrets(properties['resource_config'] ?? null)) {
    throw failure(
      'OperationInputInvalid',
      'An input of a component must not be a secret: inputs are data. Let the component’s blueprint name the secret itself, by get_secret or by a deployment that hands it out.',
    );
  }
  const parsed = componentSchema.safeParse(asWritten(properties));
  if (!parsed.success) {
    throw failure(
      'OperationInputInvalid',
      `A component needs resource_config.blueprint.path and .deployment.id: ${problemsOf(parsed.error).join('; ')}`,
    );
  }
  const { blueprint, deployment } = parsed.data.resource_config;
  return { blueprint: blueprint.path, deployment };
}

/** The deployment that a proxy stands for; the worker's operations have refused one without. */
function proxiedBy({ subject }: EvaluatedStep): string {
  const { deployment_id, resource_config } = proxySchema.parse(
    asWritten(subject.kind === 'node' ? subject.self.properties : {}),
  );
  return deployment_id === '' ? (resource_config.deployment?.id ?? '') : deployment_id;
}

export function isNotFound(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && at.type === 'DeploymentNotFound') return true;
  }
  return false;
}
