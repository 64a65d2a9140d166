import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { CheckResult } from '../../contracts/workflows/check.ts';
import type { HealResult } from '../../contracts/workflows/heal.ts';
import type { InstallResult } from '../../contracts/workflows/install.ts';
import { patientSystem, system } from '../system-activities.ts';
import type { Run } from './run.ts';

/** Operations of a component: each is a child workflow, so they are done by the engine and not by a worker. */
type ComponentOperation = (run: Run, context: OperationContext) => Promise<OperationResult>;

export const componentOperations: Readonly<Record<string, ComponentOperation>> = {
  'deployments.component.install': installComponent,
  'deployments.component.uninstall': uninstallComponent,
  'deployments.component.check': checkComponent,
  'deployments.component.heal': healComponent,
};

const componentSchema = z.object({
  resource_config: z.object({
    blueprint: z.object({ path: z.string().min(1) }),
    deployment: z.object({ id: z.string().min(1), inputs: jsonObjectSchema.default({}) }),
  }),
});

async function installComponent(run: Run, context: OperationContext): Promise<OperationResult> {
  const { deployment, blueprint } = componentOf(context);
  const input = {
    deployment: deployment.id,
    blueprint,
    inputs: deployment.inputs,
    adopt: run.adopt,
    parent: run.deployment,
  };
  const result = await child<InstallResult>(run, context, 'install', deployment.id, input);
  return { runtimeProperties: offered(deployment.id, result) };
}

async function uninstallComponent(run: Run, context: OperationContext): Promise<OperationResult> {
  const { deployment } = componentOf(context);
  try {
    await child(run, context, 'uninstall', deployment.id, {
      deployment: deployment.id,
      parent: run.deployment,
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return {};
}

async function checkComponent(run: Run, context: OperationContext): Promise<OperationResult> {
  const { deployment } = componentOf(context);
  const { healthy, instances } = await child<CheckResult>(run, context, 'check', deployment.id, {
    deployment: deployment.id,
  });
  const reason = instances
    .filter((each) => !each.healthy)
    .map(({ instance, reason: why }) => `${instance}: ${why ?? ''}`);
  return { result: healthy ? { healthy } : { healthy, reason: reason.join('; ') } };
}

async function healComponent(run: Run, context: OperationContext): Promise<OperationResult> {
  const { deployment } = componentOf(context);
  const { repairs } = await child<HealResult>(run, context, 'heal', deployment.id, {
    deployment: deployment.id,
    parent: run.deployment,
  });
  const { outputs, capabilities } = await system.readDeployment({ deployment: deployment.id });
  return { runtimeProperties: offered(deployment.id, { outputs, capabilities }), result: { repairs } };
}

/** Outputs by their names, as a proxy has them, and both as Cloudify's Component has them. */
function offered(
  id: string,
  { outputs, capabilities }: Pick<InstallResult, 'outputs' | 'capabilities'>,
): JsonObject {
  return { ...outputs, capabilities, deployment: { id, outputs } };
}

/** One execution at a time: one that runs already is awaited, and then this one has its turn. */
async function child<Result>(
  run: Run,
  { subject }: OperationContext,
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

function componentOf({ subject }: OperationContext): {
  readonly blueprint: string;
  readonly deployment: { readonly id: string; readonly inputs: JsonObject };
} {
  const parsed = componentSchema.safeParse(subject.kind === 'node' ? subject.self.properties : {});
  if (!parsed.success) {
    const problems = parsed.error.issues
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ');
    throw failure(
      'OperationInputInvalid',
      `A component needs resource_config.blueprint.path and .deployment.id: ${problems}`,
    );
  }
  const { blueprint, deployment } = parsed.data.resource_config;
  return { blueprint: blueprint.path, deployment };
}

function isNotFound(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && at.type === 'DeploymentNotFound') return true;
  }
  return false;
}
