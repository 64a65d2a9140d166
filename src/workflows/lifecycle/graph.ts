import { isCancellation } from '@temporalio/workflow';

/** Why an item was not worked on: something that it needs failed. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'blocked' };

/**
 * Works on each item as soon as all that it needs are done. What needs a failed one is blocked; independent
 * branches go on to their end. Throws only when cancelled.
 */
export async function inOrder(
  ids: readonly string[],
  needs: (id: string) => Iterable<string>,
  work: (id: string) => Promise<void>,
): Promise<ReadonlyMap<string, Outcome>> {
  const included = new Set(ids);
  const outcomes = new Map<string, Promise<Outcome>>();
  for (const id of ids) void outcomeOf(id);
  const settled = await Promise.all([...outcomes].map(async ([id, outcome]) => [id, await outcome] as const));
  for (const [, outcome] of settled) {
    if (outcome.kind === 'failed' && isCancellation(outcome.error)) throw outcome.error;
  }
  return new Map(settled);

  function outcomeOf(id: string): Promise<Outcome> {
    const known = outcomes.get(id);
    if (known !== undefined) return known;
    const needed = [...new Set(needs(id))].filter((need) => included.has(need)).map(outcomeOf);
    const outcome = workAfter(id, needed);
    outcomes.set(id, outcome);
    return outcome;
  }

  async function workAfter(id: string, needed: readonly Promise<Outcome>[]): Promise<Outcome> {
    const before = await Promise.all(needed);
    const cancelled = before.find((outcome) => outcome.kind === 'failed' && isCancellation(outcome.error));
    if (cancelled !== undefined) return cancelled;
    if (before.some(({ kind }) => kind !== 'done')) return { kind: 'blocked' };
    try {
      await work(id);
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }
}
