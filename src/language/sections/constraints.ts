import { didYouMean } from '../diagnostics/suggest.ts';
import { asFunction } from '../plan/calls.ts';
import { isPythonPattern } from '../types/python-pattern.ts';
import { describe, type Entry, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, listOf, mapOf, needsVersion } from './context.ts';

export type Constraint = {
  readonly name: ConstraintName;
  readonly argument: Node;
  readonly at: Place;
  /** The blueprint's own words for what is wrong. */
  readonly message: string | null;
};

const constraintNames = [
  'equal',
  'greater_than',
  'greater_or_equal',
  'less_than',
  'less_or_equal',
  'in_range',
  'valid_values',
  'length',
  'min_length',
  'max_length',
  'pattern',
  'filter_id',
  'labels',
  'tenants',
  'name_pattern',
  'deployment_id',
] as const;
export type ConstraintName = (typeof constraintNames)[number];

/** `parameter`: of a workflow, where a constraint is one name and its argument in every version. */
export function readConstraints(
  node: Node | null,
  owner: string,
  parameter: boolean,
  context: Context,
): readonly Constraint[] {
  return listOf(node, `The constraints of \`${owner}\``, context).flatMap((item) => {
    const entries = [...mapOf(item, `A constraint of \`${owner}\``, context).entries.values()];
    const second = entries[1];
    const single = parameter || !context.checksVersions;
    if (second !== undefined && !single) {
      needsVersion(5, second.keyAt, 'More than one key of a constraint', context);
    }
    const error = entries.find((one) => one.key === 'error_message');
    const told = error?.value;
    const message = told?.kind === 'scalar' && told.value !== null ? String(told.value) : null;
    const [named, ...more] = entries.filter((one) => one !== error);
    if (named === undefined || (single && second !== undefined)) {
      const wanted = `A constraint of \`${owner}\` must be a map of one constraint.`;
      context.reporter.report('unknown-constraint', item.at, wanted);
      return [];
    }
    // Of several the peer takes the last.
    const constraint = readConstraint(named, owner, message, context);
    const last = more.at(-1);
    return last === undefined ? constraint : readConstraint(last, owner, message, context);
  });
}

function readConstraint(one: Entry, owner: string, message: string | null, context: Context): Constraint[] {
  const name = constraintNames.find((known) => known === one.key);
  if (name === undefined) {
    const hint = didYouMean(one.key, constraintNames, `Known: ${constraintNames.join(', ')}.`);
    context.reporter.report(
      'unknown-constraint',
      one.keyAt,
      `\`${owner}\` has an unknown constraint \`${one.key}\`.`,
      hint,
    );
    return [];
  }
  const wanted = wantedArgument(name, one.value);
  if (wanted !== null) {
    const problem = `The constraint ${name} of \`${owner}\` needs ${wanted}, not ${describe(one.value)}.`;
    context.reporter.report('invalid-constraint', one.value.at, problem);
    return [];
  }
  return [{ name, argument: one.value, at: one.keyAt, message }];
}

type Kind = 'number' | 'two numbers' | 'list' | 'pattern' | 'text' | 'map';
const kinds = {
  equal: 'number',
  greater_than: 'number',
  greater_or_equal: 'number',
  less_than: 'number',
  less_or_equal: 'number',
  in_range: 'two numbers',
  valid_values: 'list',
  length: 'number',
  min_length: 'number',
  max_length: 'number',
  pattern: 'pattern',
  filter_id: 'text',
  labels: 'list',
  tenants: 'list',
  name_pattern: 'map',
  deployment_id: 'text',
} as const satisfies Record<ConstraintName, Kind>;
const wordsFor: Readonly<Record<Kind, string>> = {
  number: 'a number',
  'two numbers': 'a list of two numbers',
  list: 'a list',
  pattern: 'a regular expression',
  text: 'a text',
  map: 'a map',
};

/** What the argument of a constraint must be, or null when it is that. A function cannot be judged yet. */
function wantedArgument(name: ConstraintName, argument: Node): string | null {
  if (asFunction(argument) !== null) return null;
  const kind = kinds[name];
  return isKind(kind, argument) ? null : wordsFor[kind];
}

function isKind(kind: Kind, node: Node): boolean {
  if (kind === 'list') return node.kind === 'list';
  if (kind === 'map') return node.kind === 'map';
  if (kind === 'two numbers')
    return node.kind === 'list' && node.items.length === 2 && node.items.every(isNumber);
  if (kind === 'number') return isNumber(node);
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return false;
  return kind === 'text' || isPythonPattern(node.value);
}

function isNumber(node: Node): boolean {
  return node.kind === 'scalar' && typeof node.value === 'number';
}
