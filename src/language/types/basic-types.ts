import { describe, type Node } from '../source/node.ts';
import { isPythonPattern } from './python-pattern.ts';

/** Types of the objects of a manager; their values are names. */
const objectTypes = [
  'blueprint_id',
  'deployment_id',
  'capability_value',
  'scaling_group',
  'node_id',
  'node_type',
  'node_instance',
  'secret_key',
  'operation_name',
];
const valueTypes = ['string', 'integer', 'float', 'boolean', 'list', 'dict', 'regex', 'textarea'];
export const basicTypes: readonly string[] = [...valueTypes, ...objectTypes];
const basic = new Set(basicTypes);

export function isBasicType(name: string): boolean {
  return basic.has(name);
}

export function isObjectType(name: string): boolean {
  return objectTypes.includes(name);
}

/** The minor DSL version that brought a basic type. */
export function sinceVersion(name: string): number {
  if (name === 'operation_name') return 5;
  return objectTypes.includes(name) ? 4 : 0;
}

/** What is wrong with a value of a basic type, or null when nothing is. */
export function mismatch(value: Node, type: string): string | null {
  if (fits(value, type)) return null;
  const article = /^[aeiou]/.test(type) ? 'an' : 'a';
  return `must be ${article} ${type}, not ${describe(value)}`;
}

function fits(value: Node, type: string): boolean {
  if (type === 'list') return value.kind === 'list';
  if (type === 'dict') return value.kind === 'map';
  // The peer takes any value for a text; a structure in its place is caught nowhere else either.
  if (type === 'string' || type === 'textarea' || !valueTypes.includes(type)) return true;
  if (value.kind !== 'scalar') return false;
  if (type === 'integer') return !value.float && Number.isInteger(value.value);
  if (type === 'float') return typeof value.value === 'number';
  if (type === 'boolean') return typeof value.value === 'boolean';
  return typeof value.value === 'string' && isPythonPattern(value.value);
}
