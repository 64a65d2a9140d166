import { z } from 'zod';
import type { HopEvidence } from '../../contracts/operation.ts';
import type { HopProof } from '../../contracts/workflows/prove.ts';
import { operations } from '../lifecycle/interfaces.ts';
import { hasOperation, runNodeOperation } from '../lifecycle/operation.ts';
import type { Run } from '../lifecycle/run.ts';

const hopSchema: z.ZodType<HopEvidence> = z.object({
  role: z.string(),
  at: z.string(),
  addresses: z.array(z.string()),
  counters: z.record(z.string(), z.number()),
});

export type Observed = ReadonlyMap<string, HopEvidence>;

/** The instances of started nodes that offer an operation, in the order of the plan. */
export function instancesOffering(run: Run, operation: string): readonly string[] {
  return [...run.journal.instances.values()]
    .filter(({ id, state }) => state === 'started' && hasOperation(run, id, operation))
    .map(({ id }) => id);
}

export async function observeHops(run: Run): Promise<Observed> {
  const ids = instancesOffering(run, operations.observeHop);
  const observed = await Promise.all(
    ids.map(
      async (id) => [id, hopSchema.parse(await runNodeOperation(run, id, operations.observeHop))] as const,
    ),
  );
  return new Map(observed);
}

/** By how much each counter grew. One that was not there before began at nought. */
export function growth(before: Observed, after: Observed): readonly HopProof[] {
  return [...after].map(([instance, { role, at, addresses, counters }]) => ({
    instance,
    role,
    at,
    addresses,
    grown: Object.fromEntries(
      Object.entries(counters).map(([name, value]) => [
        name,
        value - (before.get(instance)?.counters[name] ?? 0),
      ]),
    ),
  }));
}
