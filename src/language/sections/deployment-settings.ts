import { child, describe, type Entry, isNull, type Node } from '../source/node.ts';
import {
  booleanOf,
  type Context,
  fieldsOf,
  isInteger,
  lacks,
  listOf,
  mapOf,
  missingKey,
  tableOf,
  textOf,
  wrong,
} from './context.ts';
import { isTimezone, timeDeltaProblem, timeProblem } from './schedule-times.ts';

/** What deployments of the blueprint get when they are made. */
export type DeploymentSettings = { readonly body: Node };

const keys = ['default_schedules', 'default_groups', 'id_template', 'display_name'];

export function readDeploymentSettings(node: Node | null, context: Context): DeploymentSettings | null {
  if (node === null || isNull(node)) return null;
  const fields = fieldsOf(node, 'deployment_settings', keys, context);
  tableOf(child(fields, 'default_schedules'), 'default_schedules', context, (one) => {
    checkSchedule(one, context);
    return one;
  });
  listOf(child(fields, 'default_groups'), 'default_groups', context);
  textOf(child(fields, 'id_template'), 'id_template', context);
  const name = child(fields, 'display_name');
  if (name !== null && name.kind !== 'map') textOf(name, 'display_name', context);
  return { body: node };
}

const scheduleKeys = [
  'workflow',
  'execution_arguments',
  'workflow_parameters',
  'since',
  'until',
  'recurrence',
  'timezone',
  'weekdays',
  'count',
  'default_enabled',
  'stop_after_fail',
  'slip',
];

function checkSchedule({ key, keyAt, value }: Entry, context: Context): void {
  const what = `The schedule \`${key}\``;
  const fields = fieldsOf(value, what, scheduleKeys, context);
  const text = (name: string) => textOf(child(fields, name), `\`${name}\` of \`${key}\``, context);
  for (const name of ['workflow', 'since']) {
    if (lacks(fields, name)) missingKey(name, keyAt, what, context);
  }
  text('workflow');
  const timezone = text('timezone');
  if (timezone !== null && !isTimezone(timezone.text)) {
    tell(`is no time zone: «${timezone.text}»; write for example «Europe/Berlin»`, timezone.at, 'timezone');
  }
  for (const name of ['since', 'until']) {
    const time = text(name);
    if (time !== null) tell(timeProblem(time.text, context.compat), time.at, name);
  }
  const recurrence = text('recurrence');
  if (recurrence !== null) tell(timeDeltaProblem(recurrence.text), recurrence.at, 'recurrence');
  for (const name of ['default_enabled', 'stop_after_fail']) {
    booleanOf(child(fields, name), `\`${name}\` of \`${key}\``, false, context);
  }
  for (const name of ['count', 'slip'])
    checkInteger(child(fields, name), `\`${name}\` of \`${key}\``, context);
  checkArguments(child(fields, 'execution_arguments'), key, context);
  checkParameters(child(fields, 'workflow_parameters'), key, context);
  checkWeekdays(child(fields, 'weekdays'), key, context);

  function tell(problem: string | null, at: Node['at'], name: string): void {
    if (problem !== null)
      context.reporter.report('invalid-schedule', at, `\`${name}\` of \`${key}\` ${problem}.`);
  }
}

function checkInteger(node: Node | null, what: string, context: Context): void {
  if (node === null || isNull(node)) return;
  if (!isInteger(node)) wrong(node, what, 'an integer', context);
}

function checkArguments(node: Node | null, owner: string, context: Context): void {
  if (node === null) return;
  const flags = ['force', 'is_dry_run', 'allow_custom_parameters'];
  const what = `execution_arguments of \`${owner}\``;
  const fields = fieldsOf(node, what, [...flags, 'wait_after_fail'], context);
  for (const name of flags) booleanOf(child(fields, name), `\`${name}\` of ${what}`, false, context);
  checkInteger(child(fields, 'wait_after_fail'), `wait_after_fail of ${what}`, context);
}

function checkParameters(node: Node | null, owner: string, context: Context): void {
  if (node === null || isNull(node)) return;
  const map = mapOf(node, `workflow_parameters of \`${owner}\``, context);
  const inner = [...map.entries.values()].map((one) => one.value);
  for (const value of [map, ...inner]) {
    if (value.kind !== 'map' || !value.entries.has('get_attribute')) continue;
    const message = `workflow_parameters of \`${owner}\` are needed before anything runs: no get_attribute.`;
    context.reporter.report('runtime-value', value.at, message);
  }
}

const weekdays = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];

/** `mo`, or one of a month as in `2mo` and `L-fr`. */
function checkWeekdays(node: Node | null, owner: string, context: Context): void {
  for (const item of listOf(node, `weekdays of \`${owner}\``, context)) {
    const day = textOf(item, `A weekday of \`${owner}\``, context);
    if (day === null || weekdays.includes(day.text.toLowerCase().slice(-2))) continue;
    const message = `A weekday of \`${owner}\` must end in one of ${weekdays.join(', ')}, not ${describe(item)}.`;
    context.reporter.report('invalid-weekday', item.at, message);
  }
}
