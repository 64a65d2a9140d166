import type { Json } from '../../contracts/json.ts';

/** What kind of value it is, for errors: these never quote a value, which may be a secret. */
export function kindOf(value: Json): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'a dict' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}
