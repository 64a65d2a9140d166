import { isJsonObject, type Json } from '../../contracts/json.ts';
import { at, type KubeObject } from './objects.ts';

// Written by the API server for every change, whatever was changed.
const bookkeeping = new Set(['managedFields', 'resourceVersion', 'generation']);

/**
 * The first places where a live object differs from what applying again would make of it, as paths
 * without their values, which may be secret. Empty: no drift.
 */
export function driftOf(live: KubeObject, applied: KubeObject): readonly string[] {
  const keys = [...new Set([...Object.keys(live), ...Object.keys(applied)])].filter(
    (key) => key !== 'status',
  );
  return keys.flatMap((key) => differences(at(live, key), at(applied, key), key)).slice(0, 5);
}

function differences(a: Json | undefined, b: Json | undefined, path: string): readonly string[] {
  if (a === undefined || b === undefined) return a === b ? [] : [path];
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = [a as readonly Json[], b as readonly Json[]];
    if (left.length !== right.length) return [path];
    return left.flatMap((item, index) => differences(item, right[index], `${path}[${index}]`));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b ? [] : [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys
    .filter((key) => path !== 'metadata' || !bookkeeping.has(key))
    .flatMap((key) => differences(at(a, key), at(b, key), `${path}.${key}`));
}
