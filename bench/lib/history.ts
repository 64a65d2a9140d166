import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { Execution, Step } from './critical-path.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/** What a workflow execution and those that it started left in the server. */
export type HistorySize = { readonly events: number; readonly bytes: number };

/** The execution's steps, with those of the child workflows that it started. */
export async function readExecution(client: Client, workflowId: string, runId?: string): Promise<Execution> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return executionOf(client, events ?? []);
}

/** Of the execution and of all that it started. */
export async function historySize(client: Client, workflowId: string, runId?: string): Promise<HistorySize> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const { historyLength, historySize: bytes } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const inner = await Promise.all(
    (events ?? []).map(async ({ childWorkflowExecutionStartedEventAttributes: child }) => {
      const { workflowId: id, runId: run } = child?.workflowExecution ?? {};
      return id && run ? historySize(client, id, run) : { events: 0, bytes: 0 };
    }),
  );
  return addSizes([{ events: historyLength, bytes: bytes ?? 0 }, ...inner]);
}

export function addSizes(sizes: readonly HistorySize[]): HistorySize {
  return {
    events: sizes.reduce((sum, { events }) => sum + events, 0),
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

type Draft = {
  readonly step: Omit<Step, 'after'>;
  /** The events of the workflow task that scheduled it, and of its end. */
  readonly decidedBy: number;
  readonly endEvent: number;
};

async function executionOf(client: Client, events: readonly Event[]): Promise<Execution> {
  const drafts = (await Promise.all(events.map((event) => stepOf(client, events, event)))).filter(
    (step) => step !== undefined,
  );
  /** The step that ended last before the workflow task that decided: what its decision came of. */
  const causeOf = (decidedBy: number): number | null => {
    const started = idOf(byId(events, decidedBy)?.workflowTaskCompletedEventAttributes?.startedEventId);
    const ended = drafts.filter(({ endEvent }) => endEvent < started);
    const latest = ended.reduce((max, { endEvent }) => Math.max(max, endEvent), 0);
    return latest === 0 ? null : drafts.findIndex(({ endEvent }) => endEvent === latest);
  };
  const end = events.at(-1);
  return {
    began: timeOf(events[0]),
    ended: timeOf(end),
    steps: drafts.map(({ step, decidedBy }) => ({ ...step, after: causeOf(decidedBy) })),
    last: causeOf(idOf(end?.workflowExecutionCompletedEventAttributes?.workflowTaskCompletedEventId)),
  };
}

/** Undefined: the event schedules nothing, or what it scheduled has not ended. */
async function stepOf(client: Client, events: readonly Event[], event: Event): Promise<Draft | undefined> {
  const id = idOf(event.eventId);
  const {
    activityTaskScheduledEventAttributes: activity,
    startChildWorkflowExecutionInitiatedEventAttributes: child,
    timerStartedEventAttributes: timer,
  } = event;
  const decidedBy = idOf((activity ?? child ?? timer)?.workflowTaskCompletedEventId);
  const end = events.find((other) => endsWhat(other) === id);
  if (decidedBy === 0 || end === undefined) return undefined;
  const began = events.find((other) => beginsWhat(other) === id) ?? event;
  const summary = await textOf(client, event.userMetadata?.summary);
  const { workflowId, runId } = began.childWorkflowExecutionStartedEventAttributes?.workflowExecution ?? {};
  return {
    step: {
      name: summary ?? activity?.activityType?.name ?? workflowId ?? 'pause',
      scheduled: timeOf(event),
      began: timeOf(began),
      ended: timeOf(end),
      inner: workflowId && runId ? await readExecution(client, workflowId, runId) : null,
    },
    decidedBy,
    endEvent: idOf(end.eventId),
  };
}

/** The event that scheduled what this event ends; 0: it ends nothing. */
function endsWhat(event: Event): number {
  const ended =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  const child =
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes;
  return idOf(
    ended?.scheduledEventId ?? child?.initiatedEventId ?? event.timerFiredEventAttributes?.startedEventId,
  );
}

function beginsWhat(event: Event): number {
  return idOf(
    event.activityTaskStartedEventAttributes?.scheduledEventId ??
      event.childWorkflowExecutionStartedEventAttributes?.initiatedEventId,
  );
}

function byId(events: readonly Event[], id: number): Event | undefined {
  return events.find(({ eventId }) => idOf(eventId) === id);
}

function idOf(id: { toNumber(): number } | null | undefined): number {
  return id?.toNumber() ?? 0;
}

function timeOf(event: Event | undefined): number {
  const { seconds, nanos } = event?.eventTime ?? {};
  return idOf(seconds) * 1000 + (nanos ?? 0) / 1e6;
}

async function textOf(client: Client, payload: Payload | null | undefined): Promise<string | undefined> {
  if (payload == null) return undefined;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded: readonly Payload[] = [payload];
  for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode([...decoded]);
  const [first] = decoded;
  const value: unknown = first === undefined ? undefined : payloadConverter.fromPayload(first);
  return typeof value === 'string' ? value : undefined;
}
