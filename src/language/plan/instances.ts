import type { PlanNode } from '../../contracts/plan.ts';
import type { Context } from '../sections/context.ts';
import type { NodeTemplate } from '../sections/node-templates.ts';
import { describe, type Node } from '../source/node.ts';
import { holdsCalls } from './calls.ts';
import type { StaticEvaluator } from './static.ts';

/** How many instances a node has of itself; a container multiplies them later. */
export function planInstances(
  { instances, name, at }: Pick<NodeTemplate, 'instances' | 'name' | 'at'>,
  evaluate: StaticEvaluator,
  context: Context,
): PlanNode['instances'] {
  const number = (node: Node | null, what: string) =>
    readNumber(node, `${what} of \`${name}\``, evaluate, context);
  const wanted = number(instances.default, 'default_instances') ?? 1;
  if (wanted < 0) {
    context.reporter.report(
      'invalid-instances',
      instances.default?.at ?? at,
      `\`${name}\` cannot have ${wanted} instances.`,
    );
  }
  const min = number(instances.min, 'min_instances') ?? 0;
  const most = number(instances.max, 'max_instances') ?? -1;
  const max = most === -1 ? null : most;
  // What functions give may be changed by inputs; the peer judges only what is written.
  const written = ![instances.default, instances.min, instances.max].some(
    (one) => one !== null && holdsCalls(one),
  );
  if (written && (wanted < min || (max !== null && (wanted > max || min > max)))) {
    const message = `\`${name}\` wants ${wanted} instances, at least ${min} and at most ${max ?? 'any number'}.`;
    context.reporter.report('invalid-instances', instances.default?.at ?? at, message);
  }
  return { default: wanted, min, max };
}

function readNumber(
  node: Node | null,
  what: string,
  evaluate: StaticEvaluator,
  context: Context,
): number | null {
  if (node === null) return null;
  const value = evaluate(node, {});
  // An input without a value, when the blueprint is only validated.
  if (holdsCalls(value)) return null;
  const found = value.kind === 'scalar' ? count(value.value) : null;
  if (found !== null) return found;
  context.reporter.report(
    'invalid-instances',
    node.at,
    `${what} must be an integer from 0, not ${describe(value)}.`,
  );
  return null;
}

function count(value: unknown): number | null {
  if (value === 'UNBOUNDED') return -1;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= -1 ? number : null;
}
