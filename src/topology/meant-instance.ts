import type { InstanceRecord } from '../contracts/record.ts';

type Known = Pick<InstanceRecord, 'id' | 'containedIn' | 'scalingGroups' | 'relationships'>;

/**
 * The instance that an expression means by the name of a node with several: the one that the reader has a
 * relationship to, or else the one in the same instance of the innermost scaling group that both are in,
 * or else the one in the same container. Undefined: it stays unclear.
 * `readers`: whose expression it is; of a relationship, its source and then its target.
 */
export function meantInstance<T extends Known>(
  candidates: readonly T[],
  readers: readonly Known[],
  find: (id: string) => Known | undefined,
): T | undefined {
  if (candidates.length === 1) return candidates[0];
  const rules = [related, inSameGroup, inSameContainer];
  for (const rule of rules) {
    for (const reader of readers) {
      const found = rule(candidates, reader, find);
      if (found.length === 1) return found[0];
    }
  }
  return undefined;
}

type Find = (id: string) => Known | undefined;

function related<T extends Known>(candidates: readonly T[], reader: Known): readonly T[] {
  const targets = new Set(reader.relationships.map(({ target }) => target));
  return candidates.filter(({ id }) => targets.has(id));
}

function inSameGroup<T extends Known>(candidates: readonly T[], reader: Known, find: Find): readonly T[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const around = groupsAround(first, find);
  const shared = [...groupsAround(reader, find)].find(([name]) => around.has(name));
  if (shared === undefined) return [];
  const [name, id] = shared;
  return candidates.filter((one) => groupsAround(one, find).get(name) === id);
}

/** The instances of groups that an instance is in, by the group's name, the innermost first. */
function groupsAround(instance: Known, find: Find): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (let here: Known | undefined = instance; here !== undefined; ) {
    for (const { name, id } of here.scalingGroups ?? []) if (!groups.has(name)) groups.set(name, id);
    here = here.containedIn === null ? undefined : find(here.containedIn);
  }
  return groups;
}

function inSameContainer<T extends Known>(candidates: readonly T[], reader: Known): readonly T[] {
  return candidates.filter(({ containedIn }) => containedIn !== null && containedIn === reader.containedIn);
}
