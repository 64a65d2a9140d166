import type { PlanNode } from '../../contracts/plan.ts';
import type { Context } from '../sections/context.ts';
import type { NodeTemplate } from '../sections/node-templates.ts';
import type { InstancesTemplate } from '../sections/scalable.ts';
import { describe, type Node } from '../source/node.ts';
import { holdsCalls } from './calls.ts';
import type { StaticEvaluator, StaticScope } from './static.ts';

type Scaled = Pick<NodeTemplate, 'instances' | 'name' | 'at'>;

/** How many instances a node, or a group, has of itself; a container multiplies them later. */
export function planInstances(
  { instances, name, at }: Scaled,
  scope: StaticScope,
  evaluate: StaticEvaluator,
  context: Context,
): PlanNode['instances'] {
  const valueOf = (node: Node) => evaluate(node, scope);
  const number = (key: keyof InstancesTemplate, least: number) =>
    readNumber(instances[key], `${key}_instances of \`${name}\``, least, valueOf, context);
  const wanted = number('default', 0) ?? 1;
  const min = number('min', 0) ?? 0;
  const most = number('max', unbounded) ?? unbounded;
  const max = most === unbounded ? null : most;
  const [least, start, end] = [
    judged(instances.min, min),
    judged(instances.default, wanted),
    judged(instances.max, max),
  ];
  if (isMore(least, start) || isMore(least, end) || isMore(start, end)) {
    const message = `\`${name}\` wants ${wanted} instances, at least ${min} and at most ${max ?? 'any number'}.`;
    context.reporter.report('invalid-instances', instances.default?.at ?? at, message);
  }
  return { default: wanted, min, max };
}

const unbounded = -1;

/** Null: what functions give may change with the inputs; the peer judges only what is written. */
function judged(node: Node | null, number: number | null): number | null {
  return node !== null && holdsCalls(node) ? null : number;
}

function isMore(one: number | null, other: number | null): boolean {
  return one !== null && other !== null && one > other;
}

function readNumber(
  node: Node | null,
  what: string,
  least: number,
  valueOf: (node: Node) => Node,
  context: Context,
): number | null {
  if (node === null || context.reporter.failedWithin(node.at)) return null;
  const value = valueOf(node);
  // An input without a value, when the blueprint is only validated.
  if (holdsCalls(value)) return null;
  const found = value.kind === 'scalar' ? count(value.value) : null;
  if (found !== null && found >= least) return found;
  const message = `${what} must be an integer from ${least}, not ${describe(value)}.`;
  context.reporter.report('invalid-instances', node.at, message);
  return null;
}

function count(value: unknown): number | null {
  if (value === 'UNBOUNDED') return unbounded;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}
