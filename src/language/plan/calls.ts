import { type FunctionName, functionKey } from '../functions/names.ts';
import { entry, mapNode, type Node, scalarNode } from '../source/node.ts';
import type { Place } from '../source/place.ts';

export type Call = {
  readonly name: FunctionName;
  readonly argument: Node;
  /** What the value must be, as told by a key `type` beside the function. */
  readonly type: string | null;
  readonly at: Place;
};

/** The function call that a value is, or null when it is data. */
export function callOf(node: Node): Call | null {
  if (node.kind !== 'map' || node.entries.size === 0 || node.entries.size > 2) return null;
  const name = functionKey(node.entries.keys());
  if (name === null) return null;
  const argument = node.entries.get(name)?.value ?? scalarNode(null, node.at);
  const type = node.entries.get('type')?.value;
  const wanted = type?.kind === 'scalar' && typeof type.value === 'string' ? type.value : null;
  return { name, argument, type: wanted, at: node.at };
}

/** The name of the function that a value is, or null when it is data. */
export function asFunction(node: Node): FunctionName | null {
  return node.kind === 'map' ? functionKey(node.entries.keys()) : null;
}

export function callNode(call: Call): Node {
  const own = entry(call.name, call.argument);
  if (call.type === null) return mapNode([own], call.at);
  return mapNode([own, entry('type', scalarNode(call.type, call.at))], call.at);
}

export function holdsCalls(node: Node): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(holdsCalls);
  if (callOf(node) !== null) return true;
  for (const one of node.entries.values()) if (holdsCalls(one.value)) return true;
  return false;
}
