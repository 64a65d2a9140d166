import type { Plan, PlanNode, PlanRelationship } from '../../contracts/plan.ts';
import type { Context } from '../sections/context.ts';
import type { Place } from '../source/place.ts';
import { containment } from './containment.ts';
import type { Draft } from './draft.ts';
import { isOfKnownKind } from './graph.ts';

/** Checks what decides which instances are related to which, once the plan is known. */
export function checkConnections(plan: Plan, draft: Draft, context: Context): void {
  const inside = containment(plan);
  for (const node of Object.values(plan.nodes)) {
    for (const [position, relationship] of node.relationships.entries()) {
      const at = draft.get(node.name)?.relationships[position]?.template.type.at;
      const isLost = context.compat && node.relationships.slice(position + 1).some(isSame(relationship));
      if (at !== undefined && !isLost) checkOne(node, relationship, at);
    }
  }

  /** Whether there is no instance to connect. */
  function isAbsent(name: string): boolean {
    const seen = new Set<string>();
    for (let here: string | null = name; here !== null && !seen.has(here); here = inside.parentOf(here)) {
      const { instances } = plan.nodes[here] ?? plan.scalingGroups[here] ?? {};
      if (instances?.default === 0) return true;
      seen.add(here);
    }
    return false;
  }

  function checkOne(node: PlanNode, relationship: PlanRelationship, at: Place): void {
    const { typeHierarchy, target, properties } = relationship;
    const report = context.reporter.report;
    if (!isOfKnownKind(typeHierarchy)) {
      const message = `\`${relationship.type}\` is none of contained_in, connected_to and depends_on, so it cannot be installed.`;
      report('relationship-of-no-kind', at, message);
      return;
    }
    const type = properties['connection_type'];
    if (isContainment(relationship) || (type === undefined && !context.compat)) return;
    if (type !== 'all_to_all' && type !== 'all_to_one') {
      const message = `connection_type must be all_to_all or all_to_one, not ${JSON.stringify(type)}.`;
      report('invalid-connection-type', at, message);
      return;
    }
    const group = type === 'all_to_one' ? inside.sharedGroup(node.name, target) : null;
    if (group === null || [node.name, target].some(isAbsent)) return;
    const message = `\`${node.name}\` and \`${target}\` are both in the scaling group \`${group}\`, where all_to_one has no meaning.`;
    report('all-to-one-in-group', at, message);
  }
}

/** Whether two relationships become one in the peer's graph, where the last counts. */
function isSame(one: PlanRelationship): (other: PlanRelationship) => boolean {
  return (other) => one.target === other.target && isContainment(one) === isContainment(other);
}

function isContainment({ typeHierarchy }: PlanRelationship): boolean {
  return typeHierarchy.includes(containedIn);
}

const containedIn = 'cloudify.relationships.contained_in';
