/** Advice that is worked out only when it is shown: it takes longer than to find the mistake. */
export type Hint = () => string | null;

/** No longer word is compared: no one means one of those by another. */
const longest = 100;

/** `Did you mean …?` when a known word is near, else other advice. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string | null = null): Hint {
  return () => {
    const best = suggest(word, known);
    return best === null ? otherwise : `Did you mean \`${best}\`?`;
  };
}

/** The known word that was probably meant, or null when none is near. */
export function suggest(word: string, known: Iterable<string>): string | null {
  if (word.length > longest) return null;
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, removals, replacements and swaps of neighbours; gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current: number[] = Array.from({ length: b.length + 1 }, () => limit);
    current[0] = row;
    let least = row;
    // What is further from the diagonal takes as many steps at least.
    const end = Math.min(b.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= end; column += 1) {
      const distance = cell(a, b, row, column, current, last, beforeLast);
      current[column] = distance;
      least = Math.min(least, distance);
    }
    if (least >= limit) return limit;
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? limit;
}

function cell(
  a: string,
  b: string,
  row: number,
  column: number,
  current: readonly number[],
  last: readonly number[],
  beforeLast: readonly number[],
): number {
  const same = a[row - 1] === b[column - 1];
  const replaced = (last[column - 1] ?? 0) + (same ? 0 : 1);
  const best = Math.min(replaced, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return swapped ? Math.min(best, (beforeLast[column - 2] ?? 0) + 1) : best;
}
