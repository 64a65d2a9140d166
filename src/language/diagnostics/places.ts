import type { Place } from '../source/place.ts';

/** Places of one file, which come in any order. */
export type Places = {
  readonly add: (place: Place) => void;
  /** Whether one of them is inside a place. */
  readonly anyWithin: (place: Place) => boolean;
};

/** Kept as runs in order, each at least twice as long as the next, so that none is moved often. */
export function createPlaces(): Places {
  const runs: (readonly Place[])[] = [];
  return {
    add(place) {
      let run: readonly Place[] = [place];
      for (let last = runs.at(-1); last !== undefined && last.length < 2 * run.length; last = runs.at(-1)) {
        run = merge(last, run);
        runs.pop();
      }
      runs.push(run);
    },
    anyWithin: (place) => runs.some((run) => isOneWithin(run, place)),
  };
}

function merge(some: readonly Place[], others: readonly Place[]): readonly Place[] {
  const merged: Place[] = [];
  let next = 0;
  for (const place of others) {
    for (let one = some[next]; one !== undefined && one.start <= place.start; one = some[next]) {
      merged.push(one);
      next += 1;
    }
    merged.push(place);
  }
  for (let one = some[next]; one !== undefined; one = some[next]) {
    merged.push(one);
    next += 1;
  }
  return merged;
}

function isOneWithin(run: readonly Place[], { start, end }: Place): boolean {
  for (let index = firstFrom(run, start); index < run.length; index += 1) {
    const place = run[index];
    if (place === undefined || place.start > end) return false;
    if (place.end <= end) return true;
  }
  return false;
}

/** The position of the first place that does not start before an offset. */
function firstFrom(run: readonly Place[], offset: number): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((run[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
