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
  const byInstance = Map.groupBy(steps, ({ instance }) => instance);
  const unresolved = steps.reduce((sum, step) => sum + step.unresolved.length, 0);
  return [
    `${count(instances.length, 'node instance')}, of ${count(Object.keys(plan.nodes).length, 'node template')}`,
    ...instances.flatMap(({ id, node, relationships }) => {
      const needs = [...new Set(relationships.map(({ target }) => target))];
      const type = plan.nodes[node]?.type ?? '';
      return [
        `  ${id}  ${type}${needs.length === 0 ? '' : `  after ${needs.join(', ')}`}`,
        ...(byInstance.get(id) ?? []).flatMap(stepLines),
      ];
    }),
    ...(unresolved === 0 ? [] : [`${mark} ${count(unresolved, 'value')} known only when its operation runs`]),
  ];
}

const mark = '?';

function stepLines({ operation, implementation, target, end, unresolved }: PlannedStep): readonly string[] {
  const name = operation.slice(operation.lastIndexOf('.') + 1);
  const where = target === null ? '' : end === 'source' ? ` with ${target}` : ` with ${target}, at it`;
  return [
    `      ${name}${where}: ${implementation}`,
    ...unresolved.map(({ path, value }) => {
      const shown = inspect(value, { depth: null, breakLength: Infinity, compact: true });
      return outputStyle('dim', `        ${mark} ${path.replace('inputs.', '')}: ${shown}`);
    }),
  ];
}
