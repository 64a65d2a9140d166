import { didYouMean } from '../diagnostics/suggest.ts';
import { describe, type Entry, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, listOf, mapOf, needsVersion, textOf, wrong } from './context.ts';

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

export function readConstraints(node: Node | null, owner: string, context: Context): readonly Constraint[] {
  return listOf(node, `The constraints of \`${owner}\``, context).flatMap((item) => {
    const map = mapOf(item, `A constraint of \`${owner}\``, context);
    const error = map.entries.get('error_message');
    if (error !== undefined) needsVersion(5, error.keyAt, 'error_message', context);
    const message = textOf(error?.value ?? null, 'error_message', context)?.text ?? null;
    const named = [...map.entries.values()].filter((one) => one.key !== 'error_message');
    if (named.length !== 1) wrong(item, `A constraint of \`${owner}\``, 'a map of one constraint', context);
    return named.flatMap((one) => readConstraint(one, owner, message, context));
  });
}

function readConstraint(one: Entry, owner: string, message: string | null, context: Context): Constraint[] {
  const name = constraintNames.find((known) => known === one.key);
  if (name === undefined) {
    const hint = didYouMean(one.key, constraintNames) ?? `Known: ${constraintNames.join(', ')}.`;
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

const numeric = ['greater_than', 'greater_or_equal', 'less_than', 'less_or_equal'];
const lengths = ['length', 'min_length', 'max_length'];

/** What the argument of a constraint must be, or null when it is that. A function cannot be judged yet. */
function wantedArgument(name: ConstraintName, argument: Node): string | null {
  const value = argument.kind === 'scalar' ? argument.value : undefined;
  if (numeric.includes(name)) return typeof value === 'number' ? null : 'a number';
  if (lengths.includes(name)) {
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? null : 'an integer from 0';
  }
  if (name === 'valid_values') return argument.kind === 'list' ? null : 'a list';
  if (name === 'in_range')
    return argument.kind === 'list' && argument.items.length === 2 ? null : 'a list of two';
  if (name === 'pattern') return typeof value === 'string' ? null : 'a text';
  return null;
}
