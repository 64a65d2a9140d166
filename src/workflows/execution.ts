import {
  CancellationScope,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { explained } from '../contracts/explained.ts';
import type { BeginRequest, EndRequest } from '../contracts/entity.ts';
import type { Offers } from '../contracts/offers.ts';
import type { Plan } from '../contracts/plan.ts';
import type { ExecutionKind } from '../contracts/record.ts';
import { createJournal } from './lifecycle/journal.ts';
import { nothingRequired, requirementsOf } from './lifecycle/requirements.ts';
import { createRun, type Run } from './lifecycle/run.ts';
import { progressOf } from './progress.ts';
import { progressQueryDefinition } from './messages.ts';
import { searchAttributes } from './search-attributes.ts';
import { patientSystem, system } from './system-activities.ts';

export type Begin = {
  readonly deployment: string;
  readonly kind: ExecutionKind;
  readonly install: BeginRequest['install'];
  readonly uninstall: BeginRequest['uninstall'];
  /** Null: the plan that the deployment was installed with. */
  readonly plan: Plan | null;
  readonly adopt: boolean;
  readonly window: number;
  readonly lenient: boolean;
};

/** What an execution leaves behind in the deployment's record. */
export type Ending<Result> = {
  readonly result: Result;
  /** Null: as they were. */
  readonly offers: Offers | null;
  readonly gone: boolean;
};

/**
 * An execution from its begin to its end: takes hold of the deployment, works, and lets go of it, however
 * the work ended. Progress is told in between.
 */
export async function execute<Result>(
  begin: Begin,
  work: (run: Run) => Promise<Ending<Result>>,
): Promise<Result> {
  const { workflowId, runId } = workflowInfo();
  const { deployment, kind, install, uninstall } = begin;
  const begun = await patientSystem.beginExecution({
    deployment,
    begin: { execution: workflowId, runId, kind, install, uninstall },
    requires: install === null || begin.plan === null ? nothingRequired : requirementsOf(begin.plan),
  });
  if (begun.searchAttributes) upsertSearchAttributes(searchAttributes(deployment, kind));

  const { fence, record } = begun;
  const journal = createJournal(deployment, fence, Object.values(record.instances));
  let ending: Ending<Result>;
  try {
    const run = createRun({
      deployment,
      execution: workflowId,
      kind,
      plan: begin.plan ?? (await system.loadPlan({ plan: record.plan })),
      blueprint: record.blueprint.reference,
      adopt: begin.adopt,
      journal,
      window: begin.window,
      lenient: begin.lenient,
    });
    tellProgress(run);
    ending = await work(run);
  } catch (error) {
    const status = isCancellation(error) ? ('cancelled' as const) : ('failed' as const);
    const { code, message } = explained(error);
    await end({ status, error: `${code}: ${message}`, offers: null, gone: false });
    throw error;
  }
  const { result, offers, gone } = ending;
  await end({ status: 'completed', error: null, offers, gone });
  return result;

  /** Also when the execution was cancelled: a deployment must not stay held. */
  async function end(request: Omit<EndRequest, 'fence' | 'sent' | 'changes'>): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      const drained = await journal.drain();
      await system.endExecution({ deployment, end: { ...request, ...drained, fence } });
    });
  }
}

/** For the query of the command line, and for the Web UI's page of the execution. */
export function tellProgress(run: Run): void {
  setHandler(progressQueryDefinition, () => progressOf(run), {
    description: 'How far each node instance is',
  });
}
