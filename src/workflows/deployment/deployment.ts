import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { BeginRequest, ConsumeRequest, EndRequest, EntityInput } from '../../contracts/entity.ts';
import { failure } from '../../contracts/failure.ts';
import type { DeploymentRecord } from '../../contracts/record.ts';
import { searchAttributes } from '../search-attributes.ts';
import { refusal } from './admission.ts';
import { describe } from './description.ts';
import {
  beginUpdate,
  consumeUpdate,
  endUpdate,
  progressSignal,
  recordQuery,
  releaseUpdate,
} from './messages.ts';
import { begun, ended, newRecord, progressed } from './record.ts';

/** A signal with nothing to do once no first execution ever began: the entity of a refused install. */
const idleMilliseconds = 60_000;

/**
 * The durable record of one deployment, living as long as the deployment does. It does no work on systems:
 * executions begin and end here, and tell their progress. Its result is its last record.
 */
export async function deployment(input: EntityInput): Promise<DeploymentRecord | null> {
  let record = input.record;
  const gone = (): boolean => record?.phase === 'uninstalled';

  setHandler(recordQuery, () => record ?? null, { description: 'All that is known of the deployment' });
  setHandler(
    beginUpdate,
    (request) => {
      const now = new Date().toISOString();
      if (record?.holder?.runId !== request.runId) keep(begun(recordFor(request), request, now));
      return { fence: current().fence, record: current() };
    },
    { validator: (request) => refuseIf(refusal(record, request)), description: 'An execution takes hold' },
  );
  setHandler(
    endUpdate,
    async (request) => {
      // A signal that was sent before this update may be handed over after it.
      await condition(() => !holds(request) || current().taken >= request.sent);
      if (holds(request)) keep(ended(current(), request, new Date().toISOString()));
      return null;
    },
    { description: 'The execution lets go' },
  );
  setHandler(
    progressSignal,
    ({ fence, changes }) => {
      if (record === undefined || fence !== record.fence) return;
      keep({ ...progressed(record, changes), taken: record.taken + 1 });
    },
    { description: 'The execution tells what changed' },
  );
  setHandler(
    consumeUpdate,
    ({ consumer }) => {
      const { consumers, phase, outputs, capabilities, secrets } = current();
      if (!consumers.includes(consumer)) keep({ ...current(), consumers: [...consumers, consumer].sort() });
      return { phase, outputs, capabilities, ...(secrets === undefined ? {} : { secrets }) };
    },
    {
      validator: (request) => refuseConsumer(request),
      description: 'Another deployment starts to use this one',
    },
  );
  setHandler(
    releaseUpdate,
    ({ consumer }) => {
      const { consumers } = current();
      keep({ ...current(), consumers: consumers.filter((name) => name !== consumer) });
      return null;
    },
    { description: 'Another deployment no longer uses this one' },
  );

  if (record === undefined && !(await condition(() => record !== undefined, idleMilliseconds))) return null;
  if (input.searchAttributes) upsertSearchAttributes(searchAttributes(input.deployment, record?.phase));
  await condition(() => gone() || workflowInfo().continueAsNewSuggested);
  await condition(allHandlersFinished);
  if (!gone()) {
    const { searchAttributes: known } = input;
    await continueAsNew<typeof deployment>({
      deployment: input.deployment,
      searchAttributes: known,
      record: current(),
    });
  }
  return record ?? null;

  function current(): DeploymentRecord {
    if (record === undefined)
      throw failure('DeploymentNotFound', `There is no deployment ${input.deployment}.`);
    return record;
  }

  function recordFor(request: BeginRequest): DeploymentRecord {
    return record === undefined && request.install !== null
      ? newRecord(input.deployment, request.install)
      : current();
  }

  function keep(next: DeploymentRecord): void {
    const phaseChanged = next.phase !== record?.phase;
    record = next;
    if (!phaseChanged) return;
    setCurrentDetails(describe(next));
    if (input.searchAttributes) upsertSearchAttributes(searchAttributes(input.deployment, next.phase));
  }

  function holds({ fence }: EndRequest): boolean {
    return record !== undefined && record.holder !== null && fence === record.fence;
  }

  function refuseConsumer({ consumer }: ConsumeRequest): void {
    const { phase, deployment: name, holder } = current();
    if (phase === 'uninstalling' || phase === 'uninstalled') {
      throw failure(
        'DeploymentBusy',
        `The deployment ${name}, which ${consumer} wants to use, is being uninstalled.`,
        {
          details: { holder },
        },
      );
    }
  }
}

function refuseIf(refused: Error | undefined): void {
  if (refused !== undefined) throw refused;
}
