import type { Plan } from '../../contracts/plan.ts';
import type { InstanceRecord } from '../../contracts/record.ts';
import { count } from './count.ts';

/** Instances in an order in which they could be installed, with what each waits for and does. */
export function planLines(plan: Plan, instances: readonly InstanceRecord[]): readonly string[] {
  return [
    `${count(instances.length, 'node instance')}, of ${count(Object.keys(plan.nodes).length, 'node template')}`,
    ...instances.flatMap(({ id, node, relationships }) => {
      const { type, operations } = plan.nodes[node] ?? { type: '', operations: {} };
      const needs = [...new Set(relationships.map(({ target }) => target))];
      return [
        `  ${id}  ${type}${needs.length === 0 ? '' : `  after ${needs.join(', ')}`}`,
        ...Object.entries(operations)
          .filter(([name]) => name.startsWith('cloudify.interfaces.lifecycle.'))
          .map(
            ([name, { implementation }]) =>
              `      ${name.slice(name.lastIndexOf('.') + 1)}: ${implementation}`,
          ),
      ];
    }),
  ];
}
