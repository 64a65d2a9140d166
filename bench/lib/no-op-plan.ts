import type { Plan, PlanNode } from '../../src/contracts/plan.ts';

export const noOperation = 'bench.nothing';

/** As many nodes with one operation each, which does nothing: side by side, or each after the one before it. */
export function noOpPlan(shape: 'wide' | 'row', count: number): Plan {
  const nodes = Array.from({ length: count }, (_, index) =>
    noOpNode(`node_${index}`, shape === 'row' && index > 0 ? [`node_${index - 1}`] : []),
  );
  return {
    description: null,
    inputs: {},
    nodes: Object.fromEntries(nodes.map((node) => [node.name, node])),
    scalingGroups: {},
    outputs: {},
    capabilities: {},
  };
}

function noOpNode(name: string, needs: readonly string[]): PlanNode {
  return {
    name,
    type: 'cloudify.nodes.Root',
    typeHierarchy: ['cloudify.nodes.Root'],
    properties: {},
    operations: {
      'cloudify.interfaces.lifecycle.start': {
        implementation: noOperation,
        inputs: {},
        maxRetries: null,
        retryInterval: null,
        timeout: null,
      },
    },
    relationships: needs.map((target) => ({
      type: 'cloudify.relationships.depends_on',
      typeHierarchy: ['cloudify.relationships.depends_on'],
      target,
      properties: {},
      sourceOperations: {},
      targetOperations: {},
    })),
    instances: { default: 1, min: 0, max: null },
  };
}
