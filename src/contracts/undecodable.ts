/** What a payload that could not be decoded is turned into, so that it becomes an error and not a retry for ever. */
export type Undecodable = { readonly undecodable: string };

const mark = 'braid.undecodable';

export function undecodable(reason: string): Undecodable & { readonly [mark]: true } {
  return { undecodable: reason, [mark]: true };
}

export function isUndecodable(value: unknown): value is Undecodable {
  return typeof value === 'object' && value !== null && mark in value;
}
