import { child, type Node } from '../source/node.ts';

const root = 'cloudify.nodes.Root';

/** Whether a file is one that defines the types on which all others build. */
export function isBaseTypes(file: Node): boolean {
  const types = file.kind === 'map' ? child(file, 'node_types') : null;
  return types?.kind === 'map' && types.entries.has(root);
}
