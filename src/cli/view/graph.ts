import type { Plan } from '../../contracts/plan.ts';

/** The nodes of a blueprint and what leads from one to another. */
export type Graph = {
  readonly nodes: readonly { readonly name: string; readonly type: string; readonly instances: number }[];
  readonly relationships: readonly Relationship[];
};
type Relationship = {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly kind: 'contained_in' | 'connected_to' | 'depends_on';
};

export function graphOf(plan: Plan): Graph {
  return {
    nodes: Object.values(plan.nodes).map(({ name, type, instances }) => ({
      name,
      type,
      instances: instances.default,
    })),
    relationships: Object.values(plan.nodes).flatMap(({ name, relationships }) =>
      relationships.map(({ target, type, typeHierarchy }) => ({
        source: name,
        target,
        type,
        kind: kindOf(typeHierarchy),
      })),
    ),
  };
}

function kindOf(hierarchy: readonly string[]): Relationship['kind'] {
  if (hierarchy.includes('cloudify.relationships.contained_in')) return 'contained_in';
  return hierarchy.includes('cloudify.relationships.connected_to') ? 'connected_to' : 'depends_on';
}

/** The words below a node's name: its type, and how many there are when not one. */
export function subtitle({ type, instances }: Graph['nodes'][number]): string {
  return instances === 1 ? type : `${type} × ${instances}`;
}

/** What stands on a relationship: the last part of its type. */
export function labelOf({ type }: Relationship): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
