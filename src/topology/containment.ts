import type { InstanceRecord } from '../contracts/record.ts';

/** The ids of an instance and of all that is contained in it, at any depth. */
export function containedSubgraph(
  instances: Iterable<Pick<InstanceRecord, 'id' | 'containedIn'>>,
  root: string,
): ReadonlySet<string> {
  const contents = new Map<string, string[]>();
  for (const { id, containedIn } of instances) {
    if (containedIn !== null) contents.set(containedIn, [...(contents.get(containedIn) ?? []), id]);
  }
  const found = new Set([root]);
  for (const id of found) for (const inner of contents.get(id) ?? []) found.add(inner);
  return found;
}
