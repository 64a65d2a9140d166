import { isJsonObject, type Json } from '../../../src/contracts/json.ts';
import { codes } from '../../../src/language/diagnostics/codes.ts';
import { callOf } from '../../../src/language/plan/calls.ts';
import { checkArguments as problemOf } from '../../../src/language/plan/function-arguments.ts';
import { fromJson } from '../../../src/language/source/node.ts';
import { sourceFile, startOf } from '../../../src/language/source/place.ts';
import { mistake, type Outcome } from './case.ts';

const at = startOf(sourceFile('payload', 0, '', false));

/** The first call in a value whose arguments are not well formed. */
export function checkArguments(value: Json): Outcome | null {
  if (Array.isArray(value)) return first(value);
  if (!isJsonObject(value)) return null;
  const call = callOf(fromJson(value, at));
  const problem = call === null ? null : problemOf(call);
  if (problem !== null) {
    const { peerClass, peer } = codes[problem.code];
    return mistake(peerClass ?? 'none', `${problem.code}: ${problem.wanted}`, peer);
  }
  return first(Object.values(value));
}

function first(values: readonly Json[]): Outcome | null {
  for (const one of values) {
    const found = checkArguments(one);
    if (found !== null) return found;
  }
  return null;
}
