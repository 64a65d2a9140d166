import type { SerializationContext } from '@temporalio/common';
import { z } from 'zod';
import { parseJson } from '../contracts/json.ts';

const bindingSchema = z.union([
  z.strictObject({ namespace: z.string(), workflow: z.string() }),
  /** `activity` is its id within the workflow. */
  z.strictObject({ namespace: z.string(), workflow: z.string(), activity: z.string() }),
  /** By an operator, into the Web UI or `temporal`: the codec server is not told for which workflow. */
  z.strictObject({ namespace: z.string(), typed: z.iso.datetime() }),
  /** Where the SDK tells nothing, such as the error of a workflow task. */
  z.strictObject({}),
]);

/** Where a payload belongs, and is of no use anywhere else. */
export type Binding = z.infer<typeof bindingSchema>;

/** What the SDK tells of where a payload goes to or comes from. */
export function bindingOf(context: SerializationContext | undefined): Binding {
  if (context?.workflowId === undefined) return {};
  const { namespace, workflowId: workflow } = context;
  return context.type === 'workflow'
    ? { namespace, workflow }
    : { namespace, workflow, activity: context.activityId ?? '' };
}

export function bindingText(binding: Binding): string {
  return JSON.stringify(binding);
}

/** Undefined: it is none. */
export function readBinding(text: string): Binding | undefined {
  return bindingSchema.safeParse(parseJson(text)).data;
}

/** Whether what is bound to `binding` belongs where the SDK met it. */
export function belongs(binding: Binding, context: SerializationContext | undefined): boolean {
  const here = bindingOf(context);
  if (!('workflow' in binding) || !('workflow' in here)) return bindingText(binding) === bindingText(here);
  return (
    binding.namespace === here.namespace &&
    activityOf(binding) === activityOf(here) &&
    (binding.workflow === here.workflow || startedBySchedule(binding.workflow, here.workflow))
  );
}

function activityOf(binding: Binding): string | undefined {
  return 'activity' in binding ? binding.activity : undefined;
}

/** To the workflow's id that a schedule has, the server adds the time of each start. */
function startedBySchedule(scheduled: string, id: string): boolean {
  return (
    scheduled.endsWith(scheduledEnding) && id.startsWith(scheduled) && time.test(id.slice(scheduled.length))
  );
}

const time = /^-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** How the workflow ids of Braid's own schedules end; those of no other workflow do. */
export const scheduledEnding = ':scheduled';
