import { callNode, callOf } from '../plan/calls.ts';
import type { Context } from '../sections/context.ts';
import type { Schema } from '../sections/schema.ts';
import { entry, type MapNode, mapNode, type Node, scalarNode } from '../source/node.ts';
import { isBasicType, mismatch } from './basic-types.ts';

/**
 * The inputs of an operation with the types that are declared for them. The peer notes the type in a key
 * `type` of every map, so that a function gives a value of it. In a map of data the key changes what the
 * operation is given, so there it is only for those who want the peer's plan.
 */
export function typedInputs(
  inputs: ReadonlyMap<string, Node>,
  schemas: ReadonlyMap<string, Schema>,
  context: Context,
): ReadonlyMap<string, Node> {
  return new Map([...inputs].map(([name, value]) => [name, typed(name, value, schemas.get(name), context)]));
}

function typed(name: string, value: Node, schema: Schema | undefined, context: Context): Node {
  const type = schema?.type?.text ?? null;
  const call = callOf(value);
  if (call !== null) {
    const known = type !== null && (context.compat || isBasicType(type));
    return known ? callNode({ ...call, type }) : value;
  }
  if (!context.compat || value.kind !== 'map') return value;
  checkOwnType(name, value, type, context);
  return type === null ? value : withKey(value, type);
}

function withKey(value: MapNode, type: string): MapNode {
  return mapNode([...value.entries.values(), entry('type', scalarNode(type, value.at))], value.at);
}

/** A map of data may have a key of that name for a reason of its own. */
function checkOwnType(name: string, value: MapNode, type: string | null, context: Context): void {
  const own = value.entries.get('type');
  if (own === undefined) return;
  const found = own.value.kind === 'scalar' ? String(own.value.value) : 'something else';
  if (type !== null) {
    if (type === found) return;
    const message = `Cloudify overwrites the key \`type\` of \`${name}\` with ${type}, the declared type of the input.`;
    context.reporter.report('type-in-input', own.keyAt, message);
  } else if (!isBasicType(found) || mismatch(value, found) !== null) {
    const message = `Cloudify takes the key \`type\` of \`${name}\` for its type, and as no map is of the type \`${found}\`, the operation fails there.`;
    context.reporter.report('type-in-input', own.keyAt, message);
  }
}
