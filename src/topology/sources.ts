import type { InstanceRecord } from '../contracts/record.ts';

/** For each instance, the ids of those that have a relationship to it. */
export function sourcesByTarget(
  instances: Iterable<Pick<InstanceRecord, 'id' | 'relationships'>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map<string, Set<string>>();
  for (const { id, relationships } of instances) {
    for (const { target } of relationships) {
      const of = sources.get(target) ?? new Set();
      sources.set(target, of.add(id));
    }
  }
  return sources;
}
