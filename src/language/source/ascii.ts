import type { Reporter } from '../diagnostics/reporter.ts';
import type { Node } from './node.ts';
import type { Place } from './place.ts';

/** Reports every text, a key too, that is not in ASCII, which is all that the peer takes. */
export function checkAscii(root: Node, reporter: Reporter): void {
  const seen = new Set<Node>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // An alias is the same node again.
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'scalar') check(node.value, node.at);
    else if (node.kind === 'list') waiting.push(...node.items);
    else {
      for (const { key, keyAt, value } of node.entries.values()) {
        check(key, keyAt);
        waiting.push(value);
      }
    }
  }

  function check(text: unknown, at: Place): void {
    if (typeof text !== 'string' || !/[^\0-\x7f]/.test(text)) return;
    reporter.report('non-ascii', at, 'This text is not in ASCII.');
  }
}
