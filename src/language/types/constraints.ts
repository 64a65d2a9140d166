import type { Json } from '../../contracts/json.ts';
import { isJsonObject } from '../../contracts/json.ts';
import { sameJson } from '../../contracts/same-json.ts';
import type { Context } from '../sections/context.ts';
import type { Constraint } from '../sections/constraints.ts';
import type { Patterns, Unmatchable } from './patterns.ts';
import { describe, type Node, toJson } from '../source/node.ts';
import type { Place } from '../source/place.ts';

/** Reports every constraint that a value without functions breaks, at the place of the value. */
export function checkConstraints(
  name: string,
  value: Node,
  constraints: readonly Constraint[],
  type: string | null,
  context: Context,
  patterns: Patterns,
): void {
  for (const constraint of constraints) {
    if (isForOther(constraint, type)) {
      const problem = `The constraint ${constraint.name} of \`${name}\` is not for the type ${type ?? 'of any value'}.`;
      context.reporter.report('constraint-broken', constraint.at, problem);
      continue;
    }
    const fulfilled = fulfils(toJson(value), constraint, patterns);
    if (fulfilled === true) continue;
    if (fulfilled !== false) {
      reportUnmatchable(name, fulfilled, constraint.argument.at, context);
      continue;
    }
    const rule = `${constraint.name} ${JSON.stringify(toJson(constraint.argument))}`;
    const message =
      constraint.message ?? `\`${name}\` is ${describe(value)}, which breaks the constraint ${rule}.`;
    context.reporter.report('constraint-broken', value.at, message);
  }
}

/** Reports every pattern that no value can be matched with, whether there is a value or not. */
export function checkPatterns(
  name: string,
  constraints: readonly Constraint[],
  context: Context,
  patterns: Patterns,
): void {
  for (const { name: kind, argument } of constraints) {
    if (kind !== 'pattern' || argument.kind !== 'scalar' || typeof argument.value !== 'string') continue;
    const problem = patterns.problemOf(argument.value);
    if (problem !== null) reportUnmatchable(name, problem, argument.at, context);
  }
}

function reportUnmatchable(name: string, { reason }: Unmatchable, at: Place, context: Context): void {
  const message = `The pattern of \`${name}\` cannot be matched: ${reason}.`;
  context.reporter.report('unmatchable-pattern', at, message);
}

const ofBlueprints = ['deployment_id', 'blueprint_id'];
const ofDeployments = [
  'capability_value',
  'scaling_group',
  'node_id',
  'node_type',
  'node_instance',
  'operation_name',
];
/** What a manager compares, and for values of which types. */
const supported: Partial<Record<Constraint['name'], readonly string[]>> = {
  filter_id: ofBlueprints,
  labels: ofBlueprints,
  tenants: ofBlueprints,
  name_pattern: [...ofBlueprints, 'secret_key', ...ofDeployments],
  deployment_id: ofDeployments,
};

function isForOther({ name }: Constraint, type: string | null): boolean {
  return supported[name]?.includes(type ?? '') === false;
}

function fulfils(
  value: Json,
  { name, argument: node }: Constraint,
  patterns: Patterns,
): boolean | Unmatchable {
  const argument = toJson(node);
  switch (name) {
    case 'equal':
      return sameJson(comparable(value), comparable(argument));
    case 'valid_values':
      return list(argument).some((allowed) => sameJson(comparable(allowed), comparable(value)));
    case 'pattern':
      return typeof value === 'string' && typeof argument === 'string' && patterns.match(argument, value);
    case 'length':
      return size(value) === argument;
    case 'min_length':
      return compare(size(value), argument) >= 0;
    case 'max_length':
      return compare(size(value), argument) <= 0;
    case 'in_range':
      return compare(value, list(argument)[0]) >= 0 && compare(value, list(argument)[1]) <= 0;
    case 'greater_than':
      return compare(value, argument) > 0;
    case 'greater_or_equal':
      return compare(value, argument) >= 0;
    case 'less_than':
      return compare(value, argument) < 0;
    case 'less_or_equal':
      return compare(value, argument) <= 0;
    default:
      // Asks a manager what exists there, which nothing here can tell.
      return true;
  }
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** In Python, which the peer compares in, true is 1 and false is 0. */
function comparable(value: Json | undefined): Json {
  return typeof value === 'boolean' ? Number(value) : (value ?? null);
}

/** Not a number when the two cannot be compared, so that no comparison holds. */
function compare(value: Json, other: Json | undefined): number {
  const [one, two] = [comparable(value), comparable(other)];
  return typeof one === 'number' && typeof two === 'number' ? Math.sign(one - two) : Number.NaN;
}

function size(value: Json): number {
  if (Array.isArray(value)) return value.length;
  // In characters, however many units each takes here.
  if (typeof value === 'string') return Array.from(value).length;
  return isJsonObject(value) ? Object.keys(value).length : Number.NaN;
}
