import type { Node } from './node.ts';

/** How many values a node holds; what is shared counts as often as it is there. */
export type SizeOf = (node: Node) => number;

/** Each node is walked once, however often it is shared. */
export function createSizeOf(): SizeOf {
  const known = new WeakMap<Node, number>();
  return function sizeOf(node): number {
    if (node.kind === 'scalar') return 1;
    const earlier = known.get(node);
    if (earlier !== undefined) return earlier;
    let size = 1;
    if (node.kind === 'list') for (const item of node.items) size += sizeOf(item);
    else for (const one of node.entries.values()) size += sizeOf(one.value);
    known.set(node, size);
    return size;
  };
}
