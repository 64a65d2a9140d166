import type { Node } from '../source/node.ts';

/** The file with everything that can be referred to renamed to `namespace--name`. */
export function prefixNames(root: Node, namespace: string): Node {
  return namespace === '' ? root : root;
}
