import { workflowInfo } from '@temporalio/workflow';
import { checkInputSchema, type CheckResult, type InstanceHealth } from '../contracts/workflows/check.ts';
import { tellProgress } from './execution.ts';
import { parseInput } from './input.ts';
import { checkInstance } from './lifecycle/check.ts';
import { readOnlyJournal } from './lifecycle/journal.ts';
import { createRun, nodeOf } from './lifecycle/run.ts';
import { system } from './system-activities.ts';

/** Compares what is there with the plan, and touches nothing; see `checkInputSchema`. */
export async function check(...args: unknown[]): Promise<CheckResult> {
  const { deployment, window } = parseInput('check', checkInputSchema, args);
  const { workflowId, firstExecutionRunId: chain } = workflowInfo();
  const record = await system.readDeployment({ deployment });
  const run = createRun({
    deployment,
    execution: workflowId,
    chain,
    kind: 'check',
    plan: await system.loadPlan({ plan: record.plan }),
    blueprint: record.blueprint.reference,
    adopt: false,
    journal: readOnlyJournal(Object.values(record.instances)),
    window,
    lenient: false,
  });
  tellProgress(run);
  const instances = await Promise.all(
    [...run.journal.instances.keys()].map(async (instance): Promise<InstanceHealth> => {
      const health = await checkInstance(run, instance);
      return {
        instance,
        node: nodeOf(run, instance).name,
        healthy: health.healthy,
        reason: health.healthy ? null : health.reason,
        ...(health.facts === undefined ? {} : { facts: health.facts }),
      };
    }),
  );
  return { deployment, healthy: instances.every(({ healthy }) => healthy), instances };
}
