import type { Context } from '../sections/context.ts';
import type { Draft, DraftNode, DraftRelationship } from './draft.ts';

const containedIn = 'cloudify.relationships.contained_in';
const roots = [containedIn, 'cloudify.relationships.connected_to', 'cloudify.relationships.depends_on'];
const compute = 'cloudify.nodes.Compute';

/** Whether a relationship is one that can be installed. */
export function isOfKnownKind(hierarchy: readonly string[]): boolean {
  return hierarchy.some((name) => roots.includes(name));
}

function isContainment(relationship: DraftRelationship): boolean {
  return relationship.type.hierarchy.includes(containedIn);
}

/**
 * Checks how the nodes hang together: containers, circles, what relationships are derived from.
 * `planning`: the latter is an error then, which is told of the plan.
 */
export function checkGraph(draft: Draft, planning: boolean, context: Context): void {
  for (const node of draft.values()) {
    checkContainers(node, context);
    if (!planning) checkKinds(node, context);
    checkCollapse(node, context);
  }
  checkCycles(draft, context);
}

/** Whether a node is, or is contained in, a Compute. */
export function isHosted(node: DraftNode, nodeOf: (name: string) => DraftNode | undefined): boolean {
  const seen = new Set<DraftNode>();
  for (let here: DraftNode | undefined = node; here !== undefined && !seen.has(here); ) {
    if (here.type.hierarchy.includes(compute)) return true;
    seen.add(here);
    const container: DraftRelationship | undefined = here.relationships.find(isContainment);
    here = container === undefined ? undefined : nodeOf(container.target);
  }
  return false;
}

/** What a node is contained in, the nearest first. */
export function containersOf(name: string, draft: Draft): readonly string[] {
  const containers = new Set<string>();
  for (let here: string | undefined = name; here !== undefined; ) {
    here = draft.get(here)?.relationships.find(isContainment)?.target;
    if (here === undefined || here === name || containers.has(here)) break;
    containers.add(here);
  }
  return [...containers];
}

function checkContainers({ template, relationships }: DraftNode, context: Context): void {
  for (const extra of relationships.filter(isContainment).slice(1)) {
    const message = `\`${template.name}\` is contained in more than one node.`;
    context.reporter.report('two-containers', extra.template.at, message);
  }
}

function checkKinds({ relationships }: DraftNode, context: Context): void {
  for (const { type, template } of relationships) {
    if (isOfKnownKind(type.hierarchy)) continue;
    const message = `\`${type.name}\` derives from none of ${roots.join(', ')}.`;
    context.reporter.report('unsupported-relationship', template.type.at, message);
  }
}

function checkCollapse({ template, relationships }: DraftNode, context: Context): void {
  const targets = new Set<string>();
  for (const one of relationships) {
    if (targets.has(one.target)) {
      const message = `\`${template.name}\` has more than one relationship to \`${one.target}\`.`;
      context.reporter.report('relationships-collapse', one.template.at, message);
    }
    targets.add(one.target);
  }
}

/** Walks without recursion: a chain of ten thousand nodes is as good as any. */
function checkCycles(draft: Draft, context: Context): void {
  const done = new Set<string>();
  for (const start of draft.values()) {
    const path: Step[] = done.has(start.template.name) ? [] : [stepInto(start)];
    const open = new Set(path.map((step) => step.name));
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.rest.next();
      if (next.done === true) {
        path.pop();
        open.delete(step.name);
        done.add(step.name);
        continue;
      }
      const target = draft.get(next.value.target);
      if (target === undefined || done.has(next.value.target)) continue;
      if (open.has(next.value.target)) {
        reportCycle(next.value, path, context);
        continue;
      }
      path.push(stepInto(target));
      open.add(next.value.target);
    }
  }
}

type Step = { readonly name: string; readonly rest: Iterator<DraftRelationship> };

function stepInto(node: DraftNode): Step {
  return { name: node.template.name, rest: node.relationships[Symbol.iterator]() };
}

function reportCycle(closing: DraftRelationship, path: readonly Step[], context: Context): void {
  const names = path.map((step) => step.name);
  const circle = names.slice(names.indexOf(closing.target));
  // A node's relationship to itself is told as such.
  if (circle.length === 1) return;
  const message = `Relationships lead in a circle: ${[...circle, closing.target].join(' → ')}.`;
  context.reporter.report('relationship-cycle', closing.template.at, message);
}
