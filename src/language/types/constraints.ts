import type { Json } from '../../contracts/json.ts';
import { isJsonObject } from '../../contracts/json.ts';
import type { Context } from '../sections/context.ts';
import type { Constraint } from '../sections/constraints.ts';
import { describe, type Node, toJson } from '../source/node.ts';
import type { Place } from '../source/place.ts';

/** Reports every constraint that a value without functions breaks, at the place of the value. */
export function checkConstraints(
  name: string,
  value: Node,
  constraints: readonly Constraint[],
  context: Context,
  at: Place = value.at,
): void {
  for (const constraint of constraints) {
    if (fulfils(toJson(value), constraint)) continue;
    const rule = `${constraint.name} ${JSON.stringify(toJson(constraint.argument))}`;
    const message =
      constraint.message ?? `\`${name}\` is ${describe(value)}, which breaks the constraint ${rule}.`;
    context.reporter.report('constraint-broken', at, message);
  }
}

function fulfils(value: Json, { name, argument: node }: Constraint): boolean {
  const argument = toJson(node);
  switch (name) {
    case 'equal':
      return JSON.stringify(value) === JSON.stringify(argument);
    case 'valid_values':
      return list(argument).some((allowed) => JSON.stringify(allowed) === JSON.stringify(value));
    case 'pattern':
      return typeof value === 'string' && matchesFromStart(value, argument);
    case 'length':
      return size(value) === Number(argument);
    case 'min_length':
      return size(value) >= Number(argument);
    case 'max_length':
      return size(value) <= Number(argument);
    case 'in_range':
      return Number(value) >= lower(argument) && Number(value) <= upper(argument);
    case 'greater_than':
      return Number(value) > Number(argument);
    case 'greater_or_equal':
      return Number(value) >= Number(argument);
    case 'less_than':
      return Number(value) < Number(argument);
    case 'less_or_equal':
      return Number(value) <= Number(argument);
    default:
      // Asks a manager what exists there, which nothing here can tell.
      return true;
  }
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function lower(range: Json): number {
  const bound = list(range)[0];
  return typeof bound === 'number' ? bound : Number.NEGATIVE_INFINITY;
}

function upper(range: Json): number {
  const bound = list(range)[1];
  return typeof bound === 'number' ? bound : Number.POSITIVE_INFINITY;
}

function size(value: Json): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : Number.NaN;
}

/** Anchored at the start only, as the peer does it. */
function matchesFromStart(value: string, pattern: Json): boolean {
  if (typeof pattern !== 'string') return true;
  try {
    return new RegExp(`^(?:${pattern})`).test(value);
  } catch {
    return true;
  }
}
