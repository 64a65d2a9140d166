import type { JsonObject } from './json.ts';
import type { Value, ValueMap } from './sealed.ts';

export function withoutNulls(values: { readonly [key: string]: JsonObject[string] | undefined }): JsonObject;
export function withoutNulls(values: { readonly [key: string]: Value | undefined }): ValueMap;
export function withoutNulls(values: { readonly [key: string]: Value | undefined }): ValueMap {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, Exclude<Value, null>] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}
