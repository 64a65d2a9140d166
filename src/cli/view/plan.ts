import type { Json } from '../../contracts/json.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { InstanceRecord } from '../../contracts/record.ts';
import { inspect } from 'node:util';
import { outputStyle } from '../style.ts';
import { count } from './count.ts';
import type { PlannedStep } from './plan-steps.ts';

/** Instances in an order in which they could be installed, with what each waits for and does. */
export function planLines(
  plan: Plan,
  instances: readonly InstanceRecord[],
  steps: readonly PlannedStep[],
): readonly string[] {
  const show = createShow();
  const byInstance = Map.groupBy(steps, ({ instance }) => instance);
  const unresolved = steps.reduce((sum, step) => sum + step.unresolved.length, 0);
  return [
    `${count(instances.length, 'node instance')}, of ${count(Object.keys(plan.nodes).length, 'node template')}`,
    ...instances.flatMap(({ id, node, relationships }) => {
      const needs = [...new Set(relationships.map(({ target }) => target))];
      const type = plan.nodes[node]?.type ?? '';
      return [
        `  ${id}  ${type}${needs.length === 0 ? '' : `  after ${needs.join(', ')}`}`,
        ...(byInstance.get(id) ?? []).flatMap((step) => stepLines(step, show)),
      ];
    }),
    ...(unresolved === 0 ? [] : [`${mark} ${count(unresolved, 'value')} known only when its operation runs`]),
  ];
}

const mark = '?';

type Show = (value: Json) => string;

/** Thousands of instances have the same few functions, and each takes long to be written. */
function createShow(): Show {
  const known = new Map<string, string>();
  return (value) => {
    const key = JSON.stringify(value);
    const shown = known.get(key) ?? inspect(value, { depth: null, breakLength: Infinity, compact: true });
    known.set(key, shown);
    return shown;
  };
}

function stepLines(
  { operation, implementation, target, end, unresolved }: PlannedStep,
  show: Show,
): readonly string[] {
  const name = operation.slice(operation.lastIndexOf('.') + 1);
  const where = target === null ? '' : end === 'source' ? ` with ${target}` : ` with ${target}, at it`;
  return [
    `      ${name}${where}: ${implementation}`,
    ...unresolved.map(({ path, value }) =>
      outputStyle('dim', `        ${mark} ${path.replace('inputs.', '')}: ${show(value)}`),
    ),
  ];
}
