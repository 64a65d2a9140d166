import { isJsonObject, type Json } from '../../../contracts/json.ts';

/** Whether a value that is filled in would add keys to a manifest, which is for its author alone to do. */
export function bringsKeys(value: Json): boolean {
  return Array.isArray(value) ? value.some(bringsKeys) : isJsonObject(value);
}

/** A value as a part of a text. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
